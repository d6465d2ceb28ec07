import styles from '../cells.module.css';
import { webAddress, webText } from '../contacts';
import type { CellProps } from '../define';

export function Cell({ value, variant }: CellProps<string>) {
  if (!value) return null;
  const href = variant === 'detail' ? webAddress(value) : null;
  return href ? (
    <a className={styles.link} href={href} target="_blank" rel="noreferrer noopener">
      {webText(value)}
    </a>
  ) : (
    <span className={styles.line}>{webText(value)}</span>
  );
}
