import styles from '../cells.module.css';
import type { CellProps } from '../define';

export function Cell({ value }: CellProps<string>) {
  return value ? <span className={styles.line}>{value}</span> : null;
}
