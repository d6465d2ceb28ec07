import type { ReactNode } from 'react';
import { NavLink } from 'react-router';
import { cx, Icon, type IconProps, Tooltip } from '@/kit';
import { formatNumber } from '@/locales/format';
import styles from './NavRow.module.css';

export interface NavRowProps {
  to: string;
  label: string;
  icon?: IconProps['name'];
  before?: ReactNode;
  count?: number;
  collapsed?: boolean;
  /** Active only at exactly this address. */
  end?: boolean;
  /** Another site: opens in a new tab. */
  external?: boolean;
  /** Depth within groups. */
  depth?: number;
  onClick?: () => void;
}

/** One entry of a navigation column. */
export function NavRow({ to, label, icon, before, count, collapsed, end, external, depth = 0, onClick }: NavRowProps) {
  const inner = (
    <>
      {before ?? <Icon name={icon ?? 'file'} />}
      {!collapsed && <span className={styles.label}>{label}</span>}
      {!collapsed && external && <Icon name="external" size={14} className={styles.aside} />}
      {!collapsed && !!count && <span className={styles.count}>{formatNumber(count)}</span>}
      {collapsed && !!count && <span className={styles.dot} />}
    </>
  );
  const style = depth > 0 && !collapsed ? { paddingLeft: 8 + depth * 12 } : undefined;
  const link = external ? (
    <a
      href={to}
      target="_blank"
      rel="noreferrer"
      className={cx(styles.row, collapsed && styles.collapsed)}
      style={style}
      aria-label={collapsed ? label : undefined}
    >
      {inner}
    </a>
  ) : (
    <NavLink
      to={to}
      end={end}
      style={style}
      aria-label={collapsed ? label : undefined}
      onClick={onClick}
      // No function: the tooltip around it adds to a class by its text.
      className={cx(styles.row, collapsed && styles.collapsed)}
    >
      {inner}
    </NavLink>
  );
  return collapsed ? (
    <Tooltip label={label} position="right">
      {link}
    </Tooltip>
  ) : (
    link
  );
}
