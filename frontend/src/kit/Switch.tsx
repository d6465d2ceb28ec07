import type { ReactNode } from 'react';
import { cx } from './cx';
import styles from './Switch.module.css';

export interface SwitchProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  label?: ReactNode;
  help?: ReactNode;
  disabled?: boolean;
  /** Label at the left, switch at the right end: rows of a settings panel. */
  spread?: boolean;
  'aria-label'?: string;
  id?: string;
}

/** On or off, in force at once. */
export function Switch({ checked, onChange, label, help, disabled, spread, id, ...aria }: SwitchProps) {
  return (
    <label className={cx(styles.row, spread && styles.spread, disabled && styles.disabled)}>
      <input
        id={id}
        type="checkbox"
        role="switch"
        className={styles.track}
        checked={checked}
        disabled={disabled}
        onChange={(e) => onChange(e.target.checked)}
        {...aria}
      />
      {label !== undefined && (
        <span className={styles.label}>
          {label}
          {help && <span className={styles.help}>{help}</span>}
        </span>
      )}
    </label>
  );
}
