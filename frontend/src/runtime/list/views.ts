// The views over a list: those of the app, shared and personal ones, and what a
// member has changed since.
import type { RuntimeEntity, SavedView, Sort, Text, View, ViewConfig } from '@/api/types';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { findField } from '@/views/shared/system';

export interface ViewTab {
  /** Stands in the address. */
  id: string;
  name: Text;
  type: string;
  config: ViewConfig;
  /** app: part of the definition; default: nobody has made one yet. */
  source: 'default' | 'app' | 'shared' | 'personal';
  /** May be saved over by this member. */
  mine: boolean;
}

/** The tabs of a list: the app's views first, then what members saved. */
export function viewTabs(entity: RuntimeEntity, views: View[], saved: SavedView[], me: string): ViewTab[] {
  const of = (v: { entity: string }) => v.entity === entity.id || v.entity === entity.key;
  const tabs: ViewTab[] = views.filter(of).map((v) => ({
    id: v.key || v.id,
    name: v.name,
    type: v.type,
    config: v.config ?? {},
    source: 'app',
    mine: false,
  }));
  if (tabs.length === 0) {
    tabs.push({
      id: 'all',
      name: t('list.all', { name: textOf(entity.name) }),
      type: 'grid',
      config: {},
      source: 'default',
      mine: false,
    });
  }
  for (const v of saved.filter(of)) {
    const personal = v.kind !== 'shared';
    tabs.push({
      id: v.id,
      name: v.name,
      type: v.type,
      config: v.config ?? {},
      source: personal ? 'personal' : 'shared',
      mine: personal || !v.owner || v.owner === me,
    });
  }
  return tabs;
}

/** A sort order as addresses write it: "-amount,name". */
export function sortText(sort: Sort[], entity: RuntimeEntity): string {
  return sort.map((s) => `${s.desc ? '-' : ''}${findField(entity, s.field)?.key ?? s.field}`).join(',');
}

/** What of an order the reader may ask for: a shared view may sort by fields that are hidden from some. */
export function sortSeen(sort: Sort[], entity: RuntimeEntity): Sort[] {
  return sort.filter((s) => {
    const field = findField(entity, s.field);
    return field?.readable && !field.masked;
  });
}

export function readSort(text: string, entity: RuntimeEntity): Sort[] {
  return text
    .split(',')
    .filter(Boolean)
    .flatMap((part): Sort[] => {
      const desc = part.startsWith('-');
      const field = findField(entity, desc ? part.slice(1) : part);
      return field ? [desc ? { field: field.id, desc } : { field: field.id }] : [];
    });
}

/** Without what says nothing, so that equal settings look equal. */
export function tidyConfig(config: ViewConfig): ViewConfig {
  return Object.fromEntries(
    Object.entries(config).filter(
      ([, v]) => v !== undefined && v !== '' && v !== null && v !== 0 && !(Array.isArray(v) && v.length === 0),
    ),
  ) as ViewConfig;
}

export function sameConfig(a: ViewConfig, b: ViewConfig): boolean {
  const text = (c: ViewConfig) =>
    JSON.stringify(tidyConfig(c), (_, v) =>
      v && typeof v === 'object' && !Array.isArray(v)
        ? Object.fromEntries(Object.entries(v).sort(([x], [y]) => (x < y ? -1 : 1)))
        : v,
    );
  return text(a) === text(b);
}
