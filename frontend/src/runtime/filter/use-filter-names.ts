import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { keys } from '@/api/keys';
import { queryRecords } from '@/api/queries/records';
import { idsIn } from '@/views/shared/where';
import { type Group, type Item, resolve, type Scope } from './condition';
import { familyOf } from './operators';

function collect(item: Item, scope: Scope, into: Map<string, Set<string>>): void {
  if (item.kind === 'group') for (const i of item.items) collect(i, scope, into);
  if (item.kind !== 'condition') return;
  const field = resolve(scope, item.path)?.field;
  if (!field?.link || !['ref', 'refs'].includes(familyOf(field))) return;
  const ids = (Array.isArray(item.value) ? item.value : [item.value]).filter((v): v is string => typeof v === 'string');
  const known = into.get(field.link.entity) ?? new Set<string>();
  for (const id of ids) known.add(id);
  into.set(field.link.entity, known);
}

/** The titles of the linked records that a filter names, so that its chips can say them. */
export function useFilterNames(
  app: string,
  group: Group,
  scope: Scope,
  learn: (names: Record<string, string>) => void,
): number {
  const wanted = new Map<string, Set<string>>();
  collect(group, scope, wanted);
  const entries = [...wanted]
    .filter(([, ids]) => ids.size > 0)
    .map(([entity, ids]) => [entity, [...ids].sort()] as const);
  const [learnt, setLearnt] = useState(0);
  const titles = useQuery({
    queryKey: [...keys.app(app), 'filter-names', entries],
    enabled: entries.length > 0,
    staleTime: 300_000,
    queryFn: async ({ signal }) => {
      const names: Record<string, string> = {};
      for (const [entity, ids] of entries) {
        const key = scope.entityOf(entity)?.key;
        if (!key) continue;
        const page = await queryRecords(
          { app, entity: key },
          { filter: idsIn(ids), limit: ids.length, fields: [], count: 'none' },
          signal,
        );
        for (const record of page.records) names[record.id] = record._title ?? '';
      }
      return names;
    },
  });
  useEffect(() => {
    if (!titles.data) return;
    learn(titles.data);
    setLearnt((n) => n + 1);
  }, [titles.data, learn]);
  return learnt;
}
