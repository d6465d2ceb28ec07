import type { Numeric } from '@/locales/format';
import styles from '../cells.module.css';
import type { CellProps } from '../define';
import { percentText } from '../numbers';

export function Cell({ value, field }: CellProps<Numeric>) {
  return <span className={styles.line}>{percentText(value, field)}</span>;
}
