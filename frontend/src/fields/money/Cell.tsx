import type { Numeric } from '@/locales/format';
import styles from '../cells.module.css';
import type { CellProps } from '../define';
import { moneyText } from '../numbers';

export function Cell({ value, field }: CellProps<Numeric>) {
  return <span className={styles.line}>{moneyText(value, field)}</span>;
}
