import { type ReactNode, useId } from 'react';
import styles from './Checkbox.module.css';
import { cx } from './cx';
import { FieldFrame, type FrameProps } from './FieldFrame';

export interface RadioOption<V extends string> {
  value: V;
  label: ReactNode;
  help?: ReactNode;
  disabled?: boolean;
}

export interface RadioGroupProps<V extends string> extends FrameProps {
  value: V | null;
  onChange: (value: V) => void;
  options: RadioOption<V>[];
  vertical?: boolean;
  disabled?: boolean;
  id?: string;
  'aria-label'?: string;
}

/** One of a few options, all visible. */
export function RadioGroup<V extends string>({
  value,
  onChange,
  options,
  vertical,
  disabled,
  ...frame
}: RadioGroupProps<V>) {
  const name = useId();
  return (
    <FieldFrame {...frame} group="radiogroup">
      {() => (
        <div className={cx(styles.options, vertical && styles.vertical)}>
          {options.map((option) => (
            <label key={option.value} className={cx(styles.row, (disabled || option.disabled) && styles.disabled)}>
              <input
                type="radio"
                name={name}
                className={styles.box}
                checked={option.value === value}
                disabled={disabled || option.disabled}
                onChange={() => onChange(option.value)}
              />
              <span>
                {option.label}
                {option.help && <span className={styles.help}>{option.help}</span>}
              </span>
            </label>
          ))}
        </div>
      )}
    </FieldFrame>
  );
}
