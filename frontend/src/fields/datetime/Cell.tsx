import { formatDateTime } from '@/locales/format';
import styles from '../cells.module.css';
import { type CellProps, option } from '../define';

export function Cell({ value, field }: CellProps<string>) {
  return <span className={styles.line}>{formatDateTime(value, option(field, 'precision', 'minute'))}</span>;
}
