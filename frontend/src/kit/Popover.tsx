import { Popover as Base } from '@mantine/core';
import { cloneElement, type ReactElement, type ReactNode, useState } from 'react';
import { cx } from './cx';
import { MantineScope } from './MantineScope';
import styles from './Popover.module.css';

export interface PopoverProps {
  /** The button; must take a ref, toggles the popover. */
  target: ReactElement<{ onClick?: () => void }>;
  children: ReactNode | ((close: () => void) => ReactNode);
  width?: number | 'target';
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
  return (
    <MantineScope>
      <Base
        opened={open}
        onChange={set}
        width={width}
        position={position}
        offset={4}
        trapFocus
        returnFocus
        zIndex="var(--z-pop)"
        transitionProps={{ duration: 0 }}
        classNames={{ dropdown: cx(styles.dropdown, flush && styles.flush) }}
      >
        <Base.Target>
          <Clickable target={target} onClick={() => set(!open)} />
        </Base.Target>
        <Base.Dropdown aria-label={label}>
          {typeof children === 'function' ? children(() => set(false)) : children}
        </Base.Dropdown>
      </Base>
    </MantineScope>
  );
}

// The library clones its target; ours is cloned once more to add the toggle.
function Clickable({
  target,
  onClick,
  ...given
}: {
  target: ReactElement<{ onClick?: () => void; className?: string }>;
  onClick: () => void;
  className?: string;
}) {
  return cloneElement(target, {
    ...given,
    className: cx(target.props.className, given.className),
    onClick: () => {
      target.props.onClick?.();
      onClick();
    },
  });
}
