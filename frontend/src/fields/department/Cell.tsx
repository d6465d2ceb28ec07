import styles from '../cells.module.css';
import type { CellProps } from '../define';
import { nameOf } from '../people';

export function Cell({ value, ctx }: CellProps<string>) {
  return value ? <span className={styles.line}>{nameOf(value, ctx)}</span> : null;
}
