// What an import is asked to do, as the server takes it.
import type { ImportRefusal, RuntimeEntity, RuntimeField } from '@/api/types';

export interface ColumnMap {
  field: string;
  column?: string;
  [more: string]: unknown;
}

export type ImportMode = 'create' | 'update' | 'upsert';

export interface Mapping {
  entity: string;
  mode?: string;
  match?: string[];
  columns: ColumnMap[];
  rules?: boolean;
  [more: string]: unknown;
}

export interface Column {
  name: string;
  key: string;
  samples: string[];
  guess: { field?: string; type?: string };
}

export interface Uploaded {
  upload: string;
  columns: Column[];
  rows: number;
  mapping?: Mapping | null;
}

export interface DryRun {
  ok: number;
  bad: number;
  created: number;
  updated: number;
  rows: ImportRefusal[];
  rules: { id: string; name: import('@/api/types').Text; runs: number }[];
}

/** Which field each column goes to, by the column's key: the server's proposal. */
export function proposed(uploaded: Uploaded): Record<string, string> {
  const out: Record<string, string> = {};
  const byColumn = new Map((uploaded.mapping?.columns ?? []).map((c) => [c.column, c.field]));
  for (const column of uploaded.columns) {
    const field = byColumn.get(column.key) ?? byColumn.get(column.name) ?? column.guess.field;
    if (field && !Object.values(out).includes(field)) out[column.key] = field;
  }
  return out;
}

/** The fields that a column may go to. */
export function importable(entity: RuntimeEntity): RuntimeField[] {
  return entity.fields.filter(
    (f) => f.writable && f.type !== 'subform' && !['attachment', 'image', 'signature', 'json'].includes(f.type),
  );
}

/** Required fields without a column; nothing is missing where records are only updated. */
export function missing(entity: RuntimeEntity, chosen: Record<string, string>, mode: ImportMode): RuntimeField[] {
  if (mode === 'update') return [];
  const given = new Set(Object.values(chosen));
  return importable(entity).filter((f) => f.required && !f.default && !given.has(f.key) && !given.has(f.id));
}

/** The mapping as the server takes it: what it proposed for a column and field stays, e.g. how links are found. */
export function mappingOf(
  uploaded: Uploaded,
  entity: RuntimeEntity,
  chosen: Record<string, string>,
  mode: ImportMode,
  match: string[],
  rules: boolean,
): Mapping {
  const columns = uploaded.columns.flatMap((column): ColumnMap[] => {
    const field = chosen[column.key];
    if (!field) return [];
    const old = uploaded.mapping?.columns.find(
      (c) => c.field === field && (c.column === column.key || c.column === column.name),
    );
    return [old ?? { field, column: column.name }];
  });
  return { entity: entity.key, mode, match: mode === 'create' ? undefined : match, columns, rules };
}
