import { useMemo } from 'react';
import type { Rule, Runtime } from '@/api/types';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { type Scope, scopeOf } from '@/runtime/filter';
import { usePreview } from '../context';

/** What conditions see beside the record that is tested. */
export interface Sight {
  root?: '' | 'it';
  others?: { name: string; entity: string | undefined }[];
  /** Changes of the record can be asked for. */
  changes?: boolean;
}

/** What conditions about an entity may name; undefined while there is none. */
export function useFilterScope(
  entity: string | undefined,
  runtime: Runtime,
  { root = '', others = [], changes = false }: Sight = {},
): Scope | undefined {
  const names = others.map((o) => `${o.name}:${o.entity}`).join(',');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the others are told apart by their names
  return useMemo(() => {
    const find = (ref: string | undefined) =>
      runtime.entities.find((e) => e.id === ref) ?? runtime.entities.find((e) => e.key === ref);
    const tested = find(entity);
    return (
      tested &&
      scopeOf({
        entity: tested,
        entityOf: find,
        root,
        changes,
        params: runtime.app.params ?? [],
        others: others.flatMap((o) => {
          const target = find(o.entity);
          const label = o.name === 'old' ? t('build.formula.before') : textOf(target?.name);
          return target ? [{ name: o.name, label, entity: target }] : [];
        }),
      })
    );
  }, [entity, runtime, root, changes, names]);
}

/** What the conditions of a rule may name. */
export function useRuleFilterScope(rule: Pick<Rule, 'entity'>): Scope | undefined {
  return useFilterScope(rule.entity, usePreview(), { changes: true, others: [{ name: 'old', entity: rule.entity }] });
}
