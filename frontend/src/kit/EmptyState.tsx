import type { ReactNode } from 'react';
import { cx } from './cx';
import styles from './EmptyState.module.css';
import { Icon, type IconProps } from './Icon';

export interface EmptyStateProps {
  icon?: IconProps['name'];
  /** One line: what would be here. */
  title: ReactNode;
  help?: ReactNode;
  /** The one primary action. */
  action?: ReactNode;
  /** One quieter link. */
  secondary?: ReactNode;
  /** Good news, rather than nothing to show. */
  tone?: 'success';
  /** In a panel or card rather than on a page. */
  compact?: boolean;
}

/** What stands where nothing is yet. */
export function EmptyState({ icon, title, help, action, secondary, tone, compact }: EmptyStateProps) {
  return (
    <div className={cx(styles.empty, compact && styles.compact)}>
      {icon && !compact && (
        <span className={cx(styles.icon, tone && styles[tone])}>
          <Icon name={icon} size={24} />
        </span>
      )}
      <p className={styles.title}>{title}</p>
      {help && <p className={styles.help}>{help}</p>}
      {(action || secondary) && (
        <div className={styles.actions}>
          {action}
          {secondary}
        </div>
      )}
    </div>
  );
}
