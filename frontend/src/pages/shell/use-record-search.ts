import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { keys } from '@/api/keys';
import { queryRecords } from '@/api/queries/records';
import type { RuntimeEntity } from '@/api/types';

export interface FoundRecord {
  entity: RuntimeEntity;
  id: string;
  title: string;
}

const perEntity = 4;
const entityLimit = 5;

/** The value once it has rested for a moment: one request per pause, not per key. */
function useRested(value: string, ms: number): string {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return rested;
}

/** Records of an app whose text contains what was typed: a few per entity, of the first entities. */
export function useRecordSearch(app: string | undefined, entities: RuntimeEntity[], text: string): FoundRecord[] {
  const search = useRested(text.trim(), 200);
  // One letter finds everything; one Chinese character may be a name.
  const enough = search.length >= 2 || /\p{Script=Han}/u.test(search);
  const searched = enough && app ? entities.filter((e) => e.ops.includes('read')).slice(0, entityLimit) : [];
  return useQueries({
    queries: searched.map((entity) => {
      const query = { search, limit: perEntity, fields: ['_title'], count: 'none' as const };
      return {
        queryKey: [...keys.records(app ?? '', entity.key, query), 'palette'],
        queryFn: ({ signal }: { signal: AbortSignal }) =>
          queryRecords({ app: app ?? '', entity: entity.key }, query, signal),
        placeholderData: keepPreviousData,
        staleTime: 30_000,
        retry: false,
      };
    }),
    combine: (results) =>
      results.flatMap((result, i) => {
        const entity = searched[i];
        if (!entity) return [];
        return (result.data?.records ?? []).map(
          (r): FoundRecord => ({ entity, id: r.id, title: String(r._title ?? r.id) }),
        );
      }),
  });
}
