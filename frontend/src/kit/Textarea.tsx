import { type Ref, type TextareaHTMLAttributes, useLayoutEffect, useRef } from 'react';
import { cx } from './cx';
import { FieldFrame, type FrameProps } from './FieldFrame';
import styles from './input.module.css';

export interface TextareaProps
  extends FrameProps,
    Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'value' | 'onChange' | 'className' | 'required'> {
  value: string;
  onChange: (value: string) => void;
  minRows?: number;
  maxRows?: number;
  ref?: Ref<HTMLTextAreaElement>;
}

// Measuring lays the page out again for every area; most browsers grow by themselves.
const grows = typeof CSS !== 'undefined' && CSS.supports?.('field-sizing', 'content');
const heightOf = (rows: number) => rows * 20 + 10;

/** Several lines of text; grows with them. */
export function Textarea({
  value,
  onChange,
  minRows = 3,
  maxRows = 12,
  disabled,
  label,
  help,
  error,
  required,
  optional,
  inline,
  aside,
  className,
  id,
  ref,
  ...rest
}: TextareaProps) {
  const own = useRef<HTMLTextAreaElement | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    const area = own.current;
    if (!area || grows) return;
    area.style.height = 'auto';
    area.style.height = `${Math.min(area.scrollHeight, heightOf(maxRows))}px`;
  }, [value, maxRows]);
  return (
    <FieldFrame {...{ label, help, error, required, optional, inline, aside, className, id }}>
      {(ids) => (
        <div className={styles.box} data-invalid={error ? true : undefined} data-disabled={disabled || undefined}>
          <textarea
            ref={(node) => {
              own.current = node;
              if (typeof ref === 'function') ref(node);
              else if (ref) ref.current = node;
            }}
            className={cx(styles.input, styles.area)}
            rows={minRows}
            style={grows ? { minHeight: heightOf(minRows), maxHeight: heightOf(maxRows) } : undefined}
            value={value}
            disabled={disabled}
            onChange={(e) => onChange(e.target.value)}
            // What keeps the focus inside a dialog begins here, and not at the dialog's cross.
            data-autofocus={rest.autoFocus || undefined}
            {...ids}
            {...rest}
          />
        </div>
      )}
    </FieldFrame>
  );
}
