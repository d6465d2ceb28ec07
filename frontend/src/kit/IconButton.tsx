import type { ButtonHTMLAttributes, Ref } from 'react';
import { cx } from './cx';
import { Icon, type IconProps } from './Icon';
import styles from './IconButton.module.css';
import { Spinner } from './Spinner';
import { Tooltip } from './Tooltip';

export interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'> {
  icon: IconProps['name'];
  /** Name for tooltip and screen readers; an icon never stands alone. */
  label: string;
  size?: 'sm' | 'md' | 'lg';
  active?: boolean;
  danger?: boolean;
  bordered?: boolean;
  loading?: boolean;
  /** Shown beside the label in the tooltip. */
  shortcut?: string;
  /** A count at the corner; 0 shows nothing. */
  badge?: number;
  ref?: Ref<HTMLButtonElement>;
}

/** A square button with an icon and a tooltip. */
export function IconButton({
  icon,
  label,
  size = 'md',
  active,
  danger,
  bordered,
  loading,
  shortcut,
  badge,
  className,
  type = 'button',
  disabled,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip label={label} shortcut={shortcut}>
      <button
        type={type}
        aria-label={badge ? `${label} (${badge})` : label}
        aria-busy={loading || undefined}
        disabled={disabled || loading}
        className={cx(
          styles.button,
          size === 'sm' && styles.sm,
          size === 'lg' && styles.lg,
          active && styles.active,
          danger && styles.danger,
          bordered && styles.bordered,
          className,
        )}
        {...rest}
      >
        {loading ? <Spinner size={14} /> : <Icon name={icon} size={size === 'sm' ? 14 : size === 'lg' ? 20 : 16} />}
        {badge ? <span className={styles.badge}>{badge > 99 ? '99+' : badge}</span> : null}
      </button>
    </Tooltip>
  );
}
