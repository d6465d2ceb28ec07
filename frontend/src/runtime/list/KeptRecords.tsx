import { useQueries } from '@tanstack/react-query';
import { Link } from 'react-router';
import { keys } from '@/api/keys';
import { queryRecords } from '@/api/queries/records';
import type { Kept } from '@/api/types';
import { t } from '@/locales';
import { useApp } from '@/runtime/app/context';
import { idsIn } from '@/views/shared/where';
import styles from './list.module.css';

/** More would not be read one by one. */
const shownMost = 200;

/** The records that an undo left as they are, each with the reason and the way there. */
export function KeptRecords({ kept }: { kept: Kept[] }) {
  const { appId, base, entity: entityOf } = useApp();
  const shown = kept.slice(0, shownMost);
  const entities = [...new Set(shown.map((k) => k.entity))].filter((key) => entityOf(key));
  const pages = useQueries({
    queries: entities.map((entity) => {
      const ids = shown.filter((k) => k.entity === entity && k.reason !== 'gone').map((k) => k.id);
      return {
        queryKey: [...keys.recordLists(appId, entity), 'titles', ids],
        queryFn: () =>
          queryRecords(
            { app: appId, entity },
            { filter: idsIn(ids), limit: shownMost, fields: ['_title'], count: 'none' },
          ),
        enabled: ids.length > 0,
      };
    }),
  });
  const titles = new Map(pages.flatMap((page) => page.data?.records ?? []).map((r) => [r.id, r._title ?? '']));
  if (kept.length === 0) return null;
  return (
    <ul className={styles.kept} aria-label={t('list.keptRecords')}>
      {shown.map((record) => (
        <li key={record.entity + record.id} className={styles.keptLine}>
          {titles.has(record.id) ? (
            <Link to={`${base}/${record.entity}/r/${record.id}`}>{titles.get(record.id) || t('fields.untitled')}</Link>
          ) : (
            <span className={styles.quiet}>{t('list.keptUnseen')}</span>
          )}
          <span className={styles.quiet}>{t(`list.keptReasons.${record.reason}`)}</span>
        </li>
      ))}
      {kept.length > shownMost && (
        <li className={styles.quiet}>{t('list.keptMore', { n: kept.length - shownMost })}</li>
      )}
    </ul>
  );
}
