import { Tooltip as Base } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { Kbd } from './Kbd';
import { MantineScope } from './MantineScope';
import styles from './Tooltip.module.css';

export interface TooltipProps {
  label: ReactNode;
  shortcut?: string;
  position?: 'top' | 'bottom' | 'left' | 'right';
  disabled?: boolean;
  /** Must take a ref. */
  children: ReactElement;
}

/** Words beside a control on hover and focus. */
export function Tooltip({ label, shortcut, position = 'bottom', disabled, children }: TooltipProps) {
  return (
    <MantineScope>
      <Base
        label={
          shortcut ? (
            <span className={styles.row}>
              {label} <Kbd keys={shortcut} inverse />
            </span>
          ) : (
            label
          )
        }
        position={position}
        disabled={disabled || !label}
        openDelay={350}
        offset={6}
        multiline
        maw={320}
        events={{ hover: true, focus: true, touch: false }}
        classNames={{ tooltip: styles.tooltip }}
        zIndex="var(--z-pop)"
      >
        {children}
      </Base>
    </MantineScope>
  );
}
