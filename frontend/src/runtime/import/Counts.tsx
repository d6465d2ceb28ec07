import { t } from '@/locales';
import { formatNumber } from '@/locales/format';
import type { CountsOf } from './counts';
import styles from './import.module.css';

/** What an import makes of its rows, and what else it adds on the way. */
export function Counts({ counts }: { counts: CountsOf }) {
  const related = Object.values(counts.related ?? {}).reduce((sum, n) => sum + n, 0);
  const all: [string, number | undefined][] = [
    [t('transfer.created'), counts.created],
    [t('transfer.updated'), counts.updated],
    [t('transfer.unchanged'), counts.unchanged],
    [t('transfer.leftOut'), counts.skipped],
    [t('transfer.people'), counts.members],
    [t('transfer.related'), related],
  ];
  const shown = all.filter(([, n]) => !!n);
  if (shown.length === 0) return null;
  return <p className={styles.quiet}>{shown.map(([words, n]) => `${words} ${formatNumber(n)}`).join(' · ')}</p>;
}
