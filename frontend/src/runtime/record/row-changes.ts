// What happened to the rows of a sub-form between two of its values.
import type { RuntimeField } from '@/api/types';
import { isEmpty } from '@/fields/define';
import { columnsOf, type Row } from '@/fields/subform/rows';

export interface RowChange {
  what: 'added' | 'removed' | 'changed';
  /** The row's number, counted from 1: where it stands now, or stood when it was removed. */
  number: number;
  /** The columns that differ; none for rows that came or went. */
  columns: { column: RuntimeField; before: unknown; after: unknown }[];
}

const same = (a: unknown, b: unknown): boolean =>
  (isEmpty(a) && isEmpty(b)) || JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/**
 * Rows are known by their id. Of a changed row those columns are told that
 * somebody set; computed ones follow from them and are told where nothing else
 * changed. An order that changed alone is no row's change: the list is empty.
 */
export function rowChanges(field: RuntimeField, before: Row[], after: Row[]): RowChange[] {
  const columns = columnsOf(field);
  const were = new Map(before.map((row) => [row.id, row]));
  const are = new Set(after.map((row) => row.id));
  const out: RowChange[] = [];
  for (const [i, row] of after.entries()) {
    const was = were.get(row.id);
    if (!was) {
      out.push({ what: 'added', number: i + 1, columns: [] });
      continue;
    }
    const differ = columns
      .map((column) => ({ column, before: was[column.key], after: row[column.key] }))
      .filter((c) => !same(c.before, c.after));
    const set = differ.filter((c) => !c.column.traits.computed);
    if (differ.length > 0) out.push({ what: 'changed', number: i + 1, columns: set.length > 0 ? set : differ });
  }
  for (const [i, row] of before.entries())
    if (!are.has(row.id)) out.push({ what: 'removed', number: i + 1, columns: [] });
  return out;
}
