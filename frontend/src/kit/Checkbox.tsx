import type { ReactNode } from 'react';
import styles from './Checkbox.module.css';
import { cx } from './cx';

export interface CheckboxProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  label?: ReactNode;
  help?: ReactNode;
  indeterminate?: boolean;
  disabled?: boolean;
  'aria-label'?: string;
  className?: string;
  id?: string;
}

/** A box to tick. */
export function Checkbox({
  checked,
  onChange,
  label,
  help,
  indeterminate,
  disabled,
  className,
  id,
  ...aria
}: CheckboxProps) {
  return (
    <label className={cx(styles.row, label === undefined && styles.alone, disabled && styles.disabled, className)}>
      <input
        id={id}
        type="checkbox"
        className={styles.box}
        checked={checked}
        disabled={disabled}
        ref={(node) => {
          if (node) node.indeterminate = !!indeterminate && !checked;
        }}
        onChange={(e) => onChange(e.target.checked)}
        {...aria}
      />
      {label !== undefined && (
        <span>
          {label}
          {help && <span className={styles.help}>{help}</span>}
        </span>
      )}
    </label>
  );
}
