import type { UndoResult } from '@/api/types';
import { t } from '@/locales';
import { formatList } from '@/locales/format';
import styles from './list.module.css';

/** What became of the people whom an import had added. */
export function UndonePeople({ result }: { result: UndoResult }) {
  const { members, members_kept: kept } = result;
  if (members === 0 && kept.length === 0) return null;
  return (
    <p className={styles.quiet}>
      {members > 0 && t('list.undonePeople', { n: members })}
      {kept.length > 0 && t('list.keptPeople', { names: formatList(kept) })}
    </p>
  );
}
