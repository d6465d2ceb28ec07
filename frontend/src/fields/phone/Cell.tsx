import styles from '../cells.module.css';
import { dial, maskedPhone, phoneText } from '../contacts';
import { type CellProps, option } from '../define';

export function Cell({ value, field, variant }: CellProps<string>) {
  if (!value) return null;
  if (variant !== 'detail') {
    return <span className={styles.line}>{option(field, 'mask', false) ? maskedPhone(value) : phoneText(value)}</span>;
  }
  const href = dial(value);
  return href ? (
    <a className={styles.link} href={href}>
      {phoneText(value)}
    </a>
  ) : (
    <span>{value}</span>
  );
}
