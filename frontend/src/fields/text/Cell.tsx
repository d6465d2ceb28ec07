import { cx } from '@/kit/cx';
import styles from '../cells.module.css';
import type { CellProps } from '../define';

export function Cell({ value, variant }: CellProps<string>) {
  if (!value) return null;
  return <span className={cx(variant === 'detail' ? styles.lines : styles.line)}>{value}</span>;
}
