import { type InputHTMLAttributes, type ReactNode, type Ref, useState } from 'react';
import { formatNumber, type Numeric } from '@/locales/format';
import { cx } from './cx';
import { FieldFrame, type FrameProps } from './FieldFrame';
import styles from './input.module.css';
import { parseNumber, shiftDecimal } from './number';
import { composing } from './TextInput';

export interface NumberInputProps
  extends FrameProps,
    Omit<
      InputHTMLAttributes<HTMLInputElement>,
      'value' | 'onChange' | 'size' | 'className' | 'required' | 'prefix' | 'min' | 'max'
    > {
  value: Numeric | null;
  /** null when emptied. Gets a number, or exact decimal text with `exact`. */
  onChange: (value: Numeric | null) => void;
  /** Emit decimal text: for numbers of more than 15 digits. */
  exact?: boolean;
  /** Decimal places shown when not editing. */
  scale?: number;
  thousands?: boolean;
  /** The value is a share and is edited in percent. */
  percent?: boolean;
  prefix?: ReactNode;
  suffix?: ReactNode;
  size?: 'sm' | 'md';
  onEnter?: () => void;
  ref?: Ref<HTMLInputElement>;
}

/** A number: digits of any width, thousands separators, 万 and %; formatted when left. */
export function NumberInput({
  value,
  onChange,
  exact,
  scale,
  thousands = true,
  percent,
  prefix,
  suffix,
  size = 'md',
  onEnter,
  onBlur,
  onFocus,
  onKeyDown,
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
}: NumberInputProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const [bad, setBad] = useState(false);
  const plain =
    value === null || value === undefined || value === '' ? '' : shiftDecimal(decimalText(value), percent ? 2 : 0);
  const shown = draft ?? (plain === '' ? '' : formatNumber(plain, { scale, thousands }));

  function read(text: string) {
    setDraft(text);
    let parsed = parseNumber(text);
    setBad(parsed === undefined);
    if (parsed === undefined) return;
    if (parsed === null) {
      onChange(null);
      return;
    }
    // In a percent field "25" and "25%" mean the same.
    if (percent && !/[%％]/.test(text)) parsed = shiftDecimal(parsed, -2);
    onChange(exact ? parsed : Number(parsed));
  }

  return (
    <FieldFrame {...{ label, help, error, required, optional, inline, aside, className, id }}>
      {(ids) => (
        <div
          className={cx(styles.box, size === 'sm' && styles.sm)}
          data-invalid={error || bad ? true : undefined}
          data-disabled={disabled || undefined}
        >
          {prefix && <span className={styles.affix}>{prefix}</span>}
          <input
            ref={ref}
            type="text"
            inputMode="decimal"
            autoComplete="off"
            className={styles.input}
            value={shown}
            disabled={disabled}
            onChange={(e) => read(e.target.value)}
            onFocus={(e) => {
              const input = e.currentTarget;
              setDraft(plain);
              // The plain digits take the place of the formatted ones, and with them the
              // selection that the Tab key made: typing must replace the number.
              queueMicrotask(() => {
                if (document.activeElement === input) input.select();
              });
              onFocus?.(e);
            }}
            onBlur={(e) => {
              if (!bad) setDraft(null);
              onBlur?.(e);
            }}
            onKeyDown={(e) => {
              onKeyDown?.(e);
              if (e.key === 'Enter' && onEnter && !composing(e) && !e.defaultPrevented) {
                e.preventDefault();
                onEnter();
              }
            }}
            {...ids}
            {...rest}
            aria-invalid={error || bad ? true : undefined}
          />
          {(suffix || percent) && <span className={styles.affix}>{suffix ?? '%'}</span>}
        </div>
      )}
    </FieldFrame>
  );
}

// A double prints small and large values with an exponent, which the decimal
// arithmetic here does not read.
function decimalText(value: Numeric): string {
  if (typeof value === 'string') return value;
  const text = String(value);
  return text.includes('e') ? value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 }) : text;
}
