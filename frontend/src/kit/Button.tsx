import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import styles from './Button.module.css';
import { cx } from './cx';
import { Icon, type IconProps } from './Icon';
import { Spinner } from './Spinner';

export interface ButtonLook {
  /** primary: the one solid action of an area; plain: no border; danger: red text until confirmed. */
  variant?: 'primary' | 'default' | 'plain' | 'danger' | 'danger-solid';
  size?: 'sm' | 'md' | 'lg';
  icon?: IconProps['name'];
  iconAfter?: IconProps['name'];
  /** A toggled or open state. */
  active?: boolean;
  block?: boolean;
}

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'>, ButtonLook {
  loading?: boolean;
  children?: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

export function buttonClass(
  { variant = 'default', size = 'md', active, block }: ButtonLook,
  className?: string,
): string {
  return cx(
    styles.button,
    variant === 'primary' && styles.primary,
    variant === 'default' && styles.default,
    variant === 'plain' && styles.plain,
    variant === 'danger' && styles.danger,
    variant === 'danger-solid' && styles.dangerSolid,
    size === 'sm' && styles.sm,
    size === 'lg' && styles.lg,
    active && styles.active,
    block && styles.block,
    className,
  );
}

/** A button with words. While loading it keeps its width and ignores clicks. */
export function Button({
  variant,
  size,
  icon,
  iconAfter,
  active,
  block,
  loading,
  disabled,
  className,
  children,
  type = 'button',
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      className={buttonClass({ variant, size, active, block }, className)}
      disabled={disabled}
      aria-busy={loading || undefined}
      aria-disabled={loading || undefined}
      data-loading={loading || undefined}
      onClick={loading ? (e) => e.preventDefault() : onClick}
      {...rest}
    >
      {loading ? <Spinner size={icon ? 16 : 14} /> : icon ? <Icon name={icon} /> : null}
      {children !== undefined && <span className={styles.label}>{children}</span>}
      {iconAfter && <Icon name={iconAfter} size={14} />}
    </button>
  );
}
