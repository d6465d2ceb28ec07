import cells from '../cells.module.css';
import type { CellProps } from '../define';
import { htmlWords, safeHtml } from '../safe-html';
import styles from './rich.module.css';

export function Cell({ value, variant }: CellProps<string>) {
  if (!value) return null;
  if (variant !== 'detail') return <span className={cells.line}>{htmlWords(value)}</span>;
  // biome-ignore lint/security/noDangerouslySetInnerHtml: cleaned on the server and again here
  return <div className={styles.prose} dangerouslySetInnerHTML={{ __html: safeHtml(value) }} />;
}
