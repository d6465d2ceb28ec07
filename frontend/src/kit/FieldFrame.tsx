import { type ReactNode, useId } from 'react';
import { t } from '@/locales';
import { cx } from './cx';
import styles from './FieldFrame.module.css';
import { Icon } from './Icon';

export interface FrameProps {
  label?: ReactNode;
  /** What to enter, below the label. */
  help?: ReactNode;
  /** What is wrong and what to do; shown beside the control. */
  error?: ReactNode;
  required?: boolean;
  /** Says "optional" beside the label, where most fields are required. */
  optional?: boolean;
  /** Label at the left instead of above. */
  inline?: boolean;
  /** Shown at the right end of the label line. */
  aside?: ReactNode;
  className?: string;
}

export interface ControlIds {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
  'aria-required': true | undefined;
}

/** Label, help and error around a control, tied together for screen readers. */
export function FieldFrame({
  label,
  help,
  error,
  required,
  optional,
  inline,
  aside,
  className,
  id: given,
  group,
  children,
}: FrameProps & {
  id?: string;
  /** The control is a set of inputs: the label names the group. */
  group?: 'group' | 'radiogroup';
  children: (ids: ControlIds) => ReactNode;
}) {
  const made = useId();
  const id = given ?? made;
  const helpId = help ? `${id}-help` : undefined;
  const errorId = error ? `${id}-error` : undefined;
  const describedBy = [errorId, helpId].filter(Boolean).join(' ') || undefined;
  const mark = required ? (
    <span className={styles.required} aria-hidden>
      *
    </span>
  ) : optional ? (
    <span className={styles.optional}>{t('common.optional')}</span>
  ) : null;
  return (
    <div
      className={cx(styles.frame, inline && styles.inline, className)}
      role={group}
      aria-labelledby={group && label ? `${id}-label` : undefined}
      aria-describedby={group ? describedBy : undefined}
    >
      {(label || aside) && (
        <div className={styles.head}>
          {group ? (
            <span id={`${id}-label`} className={styles.label}>
              {label}
              {mark}
            </span>
          ) : (
            // A custom control is no labelable element: it is named by the id and focused by hand.
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys belong to the control itself
            <label
              id={`${id}-label`}
              htmlFor={id}
              className={styles.label}
              onClick={() => document.getElementById(id)?.focus()}
            >
              {label}
              {mark}
            </label>
          )}
          {aside && <span className={styles.aside}>{aside}</span>}
        </div>
      )}
      <div className={styles.control}>
        {children({
          id,
          'aria-describedby': describedBy,
          'aria-invalid': error ? true : undefined,
          'aria-required': required || undefined,
        })}
        {help ? (
          <p id={helpId} className={styles.help}>
            {help}
          </p>
        ) : null}
        {error ? (
          <p id={errorId} className={styles.error}>
            <Icon name="error" size={14} />
            <span>{error}</span>
          </p>
        ) : null}
      </div>
    </div>
  );
}
