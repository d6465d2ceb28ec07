import type { ReactNode } from 'react';
import { cx } from './cx';
import { Icon } from './Icon';
import styles from './Notice.module.css';

export interface NoticeProps {
  tone?: 'info' | 'success' | 'warning' | 'danger';
  title?: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
}

const icons = { info: 'info', success: 'check', warning: 'alert', danger: 'error' } as const;

/** A remark within a page or form: what failed, what to know. */
export function Notice({ tone = 'info', title, children, action, className }: NoticeProps) {
  return (
    <div
      className={cx(styles.notice, styles[tone], !!action && styles.acting, className)}
      role={tone === 'danger' ? 'alert' : undefined}
    >
      <Icon name={icons[tone]} className={styles.icon} />
      <div className={styles.body}>
        {title && <p className={styles.title}>{title}</p>}
        {children && <div>{children}</div>}
      </div>
      {action}
    </div>
  );
}
