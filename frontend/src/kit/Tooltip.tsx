import { Tooltip as Base } from '@mantine/core';
import {
  cloneElement,
  type FocusEvent,
  type HTMLAttributes,
  type PointerEvent,
  type ReactElement,
  type ReactNode,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { Kbd } from './Kbd';
import { MantineScope } from './MantineScope';
import styles from './Tooltip.module.css';

export interface TooltipProps {
  label: ReactNode;
  shortcut?: string;
  position?: 'top' | 'bottom' | 'left' | 'right';
  disabled?: boolean;
  /** An element, or a component that hands its attributes on to one. */
  children: ReactElement<HTMLAttributes<HTMLElement>>;
}

const openDelay = 350;

// A finger does not hover, and the focus that a dialog sets by itself would show
// words over its first button.
const touched = () => window.matchMedia('(hover: none)').matches;

/**
 * Words beside a control on hover and focus. Nearly every button has one and
 * hardly any is ever seen, so the floating part is made for the first control
 * that is pointed at or focused, not with the page.
 */
export function Tooltip({ label, shortcut, position = 'bottom', disabled, children }: TooltipProps) {
  const [target, setTarget] = useState<HTMLElement | null>(null);
  const [open, setOpen] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const leftWindow = useRef(false);
  const pressed = useRef(false);
  const id = useId();
  const off = disabled || !label;
  const given = children.props;

  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (!open) return;
    const dismiss = (e: KeyboardEvent) => e.key === 'Escape' && setOpen(false);
    document.addEventListener('keydown', dismiss);
    return () => document.removeEventListener('keydown', dismiss);
  }, [open]);

  const show = (element: HTMLElement, delay: number) => {
    setTarget(element);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setOpen(true), delay);
  };
  const hide = () => {
    clearTimeout(timer.current);
    setOpen(false);
  };

  return (
    <>
      {target && (
        <MantineScope>
          <Base
            target={target}
            opened={open && !off}
            label={
              <span id={id} className={shortcut && styles.row}>
                {label} {shortcut && <Kbd keys={shortcut} inverse />}
              </span>
            }
            position={position}
            offset={6}
            multiline
            maw={320}
            classNames={{ tooltip: styles.tooltip }}
            zIndex="var(--z-pop)"
          />
        </MantineScope>
      )}
      {cloneElement(children, {
        'aria-describedby': open && !off ? id : given['aria-describedby'],
        onPointerEnter: (e: PointerEvent<HTMLElement>) => {
          given.onPointerEnter?.(e);
          if (e.pointerType !== 'touch') show(e.currentTarget, openDelay);
        },
        onPointerLeave: (e: PointerEvent<HTMLElement>) => {
          given.onPointerLeave?.(e);
          pressed.current = false;
          hide();
        },
        // What is pressed has been understood; the words would lie on what it opens.
        onPointerDown: (e: PointerEvent<HTMLElement>) => {
          given.onPointerDown?.(e);
          pressed.current = true;
          hide();
        },
        onFocus: (e: FocusEvent<HTMLElement>) => {
          given.onFocus?.(e);
          // Coming back to the window focuses the control again, and nobody asked for it.
          const asked = !leftWindow.current && !pressed.current && e.currentTarget.matches(':focus-visible');
          if (asked && !touched()) show(e.currentTarget, 0);
          leftWindow.current = false;
        },
        onBlur: (e: FocusEvent<HTMLElement>) => {
          given.onBlur?.(e);
          leftWindow.current = document.activeElement === e.currentTarget;
          hide();
        },
      })}
    </>
  );
}
