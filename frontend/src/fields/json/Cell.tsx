import { cx } from '@/kit/cx';
import styles from '../cells.module.css';
import type { CellProps } from '../define';
import { jsonText } from './values';

export function Cell({ value, variant }: CellProps) {
  if (value === null || value === undefined) return null;
  const detail = variant === 'detail';
  return <span className={cx(styles.mono, detail ? styles.lines : styles.line)}>{jsonText(value, detail)}</span>;
}
