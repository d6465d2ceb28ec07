import { Popover as Base } from '@mantine/core';
import {
  cloneElement,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
  type Ref,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { Anchor, useAnchor } from './anchor';
import { cx } from './cx';
import { MantineScope } from './MantineScope';
import styles from './Popover.module.css';

export interface PopoverProps {
  /** The button; must take a ref, toggles the popover. */
  target: ReactElement<{ ref?: Ref<HTMLElement>; onClick?: (e: MouseEvent<HTMLElement>) => void }>;
  children: ReactNode | ((close: () => void) => ReactNode);
  width?: number | 'target' | 'max-content';
  position?: 'bottom' | 'bottom-start' | 'bottom-end' | 'top' | 'top-start' | 'right-start' | 'left-start';
  opened?: boolean;
  onChange?: (opened: boolean) => void;
  /** No inner padding: lists bring their own. */
  flush?: boolean;
  label?: string;
}

/** A small floating panel tied to a control. */
export function Popover({
  target,
  children,
  width = 320,
  position = 'bottom-start',
  opened,
  onChange,
  flush,
  label,
}: PopoverProps) {
  const [own, setOwn] = useState(false);
  const open = opened ?? own;
  const set = (next: boolean) => {
    setOwn(next);
    onChange?.(next);
  };
  // Lists and menus that open from inside float beside this panel in the page:
  // choosing in them is no click outside.
  const dropdown = useRef<HTMLDivElement>(null);
  const close = useRef(set);
  close.current = set;
  useEffect(() => {
    if (!open) return;
    const outside = (e: PointerEvent) => {
      const at = e.target instanceof Element ? e.target : null;
      if (!at || dropdown.current?.contains(at) || at.closest('[data-position]')) return;
      // The control toggles by itself.
      if (at.closest('[aria-expanded="true"]')?.getAttribute('aria-controls') === dropdown.current?.id) return;
      close.current(false);
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);
  const id = useId();
  const [ref, anchor, there] = useAnchor(target, open, `${id}-dropdown`);
  const control = {
    ref,
    id,
    'aria-haspopup': 'dialog',
    'aria-expanded': open,
    'aria-controls': open ? `${id}-dropdown` : undefined,
    onClick: (e: MouseEvent<HTMLElement>) => {
      target.props.onClick?.(e);
      set(!open);
    },
  };
  return (
    <>
      {cloneElement(target, control)}
      {anchor && (
        <MantineScope>
          <Base
            id={id}
            opened={there}
            onChange={set}
            width={width}
            position={position}
            offset={4}
            trapFocus
            closeOnClickOutside={false}
            zIndex="var(--z-pop)"
            transitionProps={{ duration: 0 }}
            classNames={{ dropdown: cx(styles.dropdown, flush && styles.flush) }}
          >
            <Base.Target>
              <Anchor element={anchor} />
            </Base.Target>
            <Base.Dropdown aria-label={label} ref={dropdown}>
              {typeof children === 'function' ? children(() => set(false)) : children}
            </Base.Dropdown>
          </Base>
        </MantineScope>
      )}
    </>
  );
}
