import { useQuery } from '@tanstack/react-query';
import { queryRecords } from '@/api/queries/records';
import { t } from '@/locales';
import { idsIn } from '@/views/shared/where';
import { useDocs } from '../context';
import { entityOf } from '../model';

const none: ReadonlyMap<string, string> = new Map();

/** The titles of records by id, for lists that only have ids. */
export function useRecordTitles(app: string, entity: string | undefined, ids: string[]): ReadonlyMap<string, string> {
  const key = entityOf(useDocs(), entity)?.key;
  const wanted = [...new Set(ids)].sort();
  const titles = useQuery({
    queryKey: ['app', app, 'titles', key, wanted],
    enabled: !!key && wanted.length > 0,
    staleTime: 60_000,
    retry: false,
    queryFn: async ({ signal }) => {
      const page = await queryRecords(
        { app, entity: key ?? '' },
        { filter: idsIn(wanted), limit: wanted.length, fields: ['_title'], count: 'none' },
        signal,
      );
      const found = new Map(page.records.map((r) => [r.id, r._title || r.id]));
      return new Map(wanted.map((id) => [id, found.get(id) ?? t('build.run.recordGone')]));
    },
  });
  return titles.data ?? none;
}
