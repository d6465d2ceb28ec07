import { t } from '@/locales';
import type { CountsOf } from './counts';
import styles from './import.module.css';

/** What an import makes of its rows, and what else it adds on the way. */
export function Counts({ counts }: { counts: CountsOf }) {
  const related = Object.values(counts.related ?? {}).reduce((sum, n) => sum + n, 0);
  const shown = [
    counts.created && t('transfer.created', { n: counts.created }),
    counts.updated && t('transfer.updated', { n: counts.updated }),
    counts.unchanged && t('transfer.unchanged', { n: counts.unchanged }),
    counts.skipped && t('transfer.leftOut', { n: counts.skipped }),
    counts.members && t('transfer.people', { n: counts.members }),
    related && t('transfer.related', { n: related }),
  ].filter(Boolean);
  if (shown.length === 0) return null;
  return <p className={styles.quiet}>{shown.join(' · ')}</p>;
}
