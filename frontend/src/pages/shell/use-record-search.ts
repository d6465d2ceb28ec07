import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { keys } from '@/api/keys';
import { runtimeQuery } from '@/api/queries/apps';
import { queryRecords } from '@/api/queries/records';
import type { AppSummary, Runtime, RuntimeEntity } from '@/api/types';
import { findEntry, leaves, menuOf } from '@/runtime/app/menu';

export interface FoundRecord {
  app: AppSummary;
  entity: RuntimeEntity;
  /** The page of the app that shows the record. */
  slug: string;
  id: string;
  title: string;
}

interface Place {
  app: AppSummary;
  entity: RuntimeEntity;
  slug: string;
}

const perEntity = 4;
const appLimit = 3;
/** How many entities one pause in typing may ask, over all apps. */
const entityLimit = 12;

/** The value once it has rested for a moment: one request per pause, not per key. */
function useRested(value: string, ms: number): string {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return rested;
}

/** What of an app a member may search, in the order of its menu. */
function placesOf(app: AppSummary, runtime: Runtime): Place[] {
  const entries = menuOf(runtime);
  const listed = leaves(entries).flatMap((e) => (e.target?.kind === 'entity' ? [e.target.entity] : []));
  return [...new Set([...listed, ...runtime.entities])]
    .filter((entity) => entity.ops.includes('read'))
    .map((entity) => ({ app, entity, slug: findEntry(runtime, entries, entity.key)?.slug ?? entity.key }));
}

/** Records of the first of these apps whose text contains what was typed: a few per entity. */
export function useRecordSearch(apps: AppSummary[], text: string): FoundRecord[] {
  const search = useRested(text.trim(), 200);
  // One letter finds everything; one Chinese character may be a name.
  const enough = search.length >= 2 || /\p{Script=Han}/u.test(search);
  const asked = enough ? apps.slice(0, appLimit) : [];
  const runtimes = useQueries({
    queries: asked.map((app) => runtimeQuery(app.id)),
    combine: (results) => results.map((r) => r.data),
  });
  const places = asked.flatMap((app, i) => {
    const runtime = runtimes[i];
    return runtime ? placesOf(app, runtime).slice(0, Math.ceil(entityLimit / asked.length)) : [];
  });
  return useQueries({
    queries: places.map(({ app, entity }) => {
      const query = { search, limit: perEntity, fields: ['_title'], count: 'none' as const };
      return {
        queryKey: [...keys.records(app.id, entity.key, query), 'palette'],
        queryFn: ({ signal }: { signal: AbortSignal }) =>
          queryRecords({ app: app.id, entity: entity.key }, query, signal),
        placeholderData: keepPreviousData,
        staleTime: 30_000,
        retry: false,
      };
    }),
    combine: (results) =>
      results.flatMap((result, i) => {
        const place = places[i];
        if (!place) return [];
        return (result.data?.records ?? []).map((r) => ({ ...place, id: r.id, title: String(r._title ?? r.id) }));
      }),
  });
}
