import { type InputHTMLAttributes, type KeyboardEvent, type ReactNode, type Ref, useState } from 'react';
import { t } from '@/locales';
import { cx } from './cx';
import { FieldFrame, type FrameProps } from './FieldFrame';
import { Icon, type IconProps } from './Icon';
import styles from './input.module.css';

export interface TextInputProps
  extends FrameProps,
    Omit<InputHTMLAttributes<HTMLInputElement>, 'value' | 'onChange' | 'size' | 'className' | 'required' | 'prefix'> {
  value: string;
  onChange: (value: string) => void;
  size?: 'sm' | 'md';
  icon?: IconProps['name'];
  suffix?: ReactNode;
  clearable?: boolean;
  /** Enter outside an IME composition. */
  onEnter?: () => void;
  ref?: Ref<HTMLInputElement>;
}

/** True while an input method is composing: such an Enter or Escape belongs to it. */
export function composing(e: KeyboardEvent): boolean {
  return e.nativeEvent.isComposing || e.keyCode === 229;
}

/** One line of text. */
export function TextInput({
  value,
  onChange,
  size = 'md',
  icon,
  suffix,
  clearable,
  onEnter,
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
}: TextInputProps) {
  return (
    <FieldFrame {...{ label, help, error, required, optional, inline, aside, className, id }}>
      {(ids) => (
        <div
          className={cx(styles.box, size === 'sm' && styles.sm)}
          data-invalid={error ? true : undefined}
          data-disabled={disabled || undefined}
        >
          {icon && <Icon name={icon} className={styles.affix} />}
          <input
            ref={ref}
            type="text"
            className={styles.input}
            value={value}
            disabled={disabled}
            onChange={(e) => onChange(e.target.value)}
            onKeyDown={(e) => {
              onKeyDown?.(e);
              if (e.key === 'Enter' && onEnter && !composing(e) && !e.defaultPrevented) {
                e.preventDefault();
                onEnter();
              }
            }}
            // What keeps the focus inside a dialog begins here, and not at the dialog's cross.
            data-autofocus={rest.autoFocus || undefined}
            {...ids}
            {...rest}
          />
          {clearable && value !== '' && !disabled && (
            <button type="button" className={styles.clear} aria-label={t('common.clear')} onClick={() => onChange('')}>
              <Icon name="x" size={14} />
            </button>
          )}
          {suffix && <span className={styles.affix}>{suffix}</span>}
        </div>
      )}
    </FieldFrame>
  );
}

/** A password with a button that shows it. */
export function PasswordInput(props: Omit<TextInputProps, 'type' | 'suffix'>) {
  const [shown, setShown] = useState(false);
  const name = t(shown ? 'common.hidePassword' : 'common.showPassword');
  return (
    <TextInput
      {...props}
      type={shown ? 'text' : 'password'}
      suffix={
        <button
          type="button"
          className={styles.clear}
          aria-label={name}
          title={name}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          <Icon name={shown ? 'eye-off' : 'eye'} />
        </button>
      }
    />
  );
}

/** A search box. */
export function SearchInput(props: Omit<TextInputProps, 'type' | 'icon' | 'clearable'>) {
  return (
    <TextInput
      icon="search"
      clearable
      placeholder={t('common.search')}
      aria-label={t('common.search')}
      {...props}
      type="text"
      role="searchbox"
    />
  );
}
