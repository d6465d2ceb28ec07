import styles from '../cells.module.css';
import { mailTo } from '../contacts';
import type { CellProps } from '../define';

export function Cell({ value, variant }: CellProps<string>) {
  if (!value) return null;
  const href = variant === 'detail' ? mailTo(value) : null;
  return href ? (
    <a className={styles.link} href={href}>
      {value}
    </a>
  ) : (
    <span className={styles.line}>{value}</span>
  );
}
