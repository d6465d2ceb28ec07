import { formatDate } from '@/locales/format';
import styles from '../cells.module.css';
import type { CellProps } from '../define';

export function Cell({ value }: CellProps<string>) {
  return <span className={styles.line}>{formatDate(value)}</span>;
}
