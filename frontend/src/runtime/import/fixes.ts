// Cells that somebody puts right before an import, by row of the file and column.
import type { ImportRefusal } from '@/api/types';

export type Fixes = Readonly<Record<number, Readonly<Record<string, string>>>>;

/** With one cell written over; what the file has itself, where that is known, is no fix. */
export function withFix(fixes: Fixes, row: number, column: string, text: string, file: string | undefined): Fixes {
  const { [column]: _, ...others } = fixes[row] ?? {};
  const cells = text === file ? others : { ...others, [column]: text };
  const { [row]: __, ...rest } = fixes;
  return Object.keys(cells).length > 0 ? { ...rest, [row]: cells } : rest;
}

/** As the server wants them. */
export function fixList(fixes: Fixes) {
  return Object.entries(fixes).map(([row, cells]) => ({ row: Number(row), cells }));
}

export interface BadCell {
  column: string;
  /** What the last check has read. */
  text: string;
  error?: string;
}

/** What is shown of a row, in the order of the file: the cells at fault, or all of them, and what is wrong with the row itself. */
export function badCells(
  row: ImportRefusal,
  order: string[],
  whole: boolean,
): { cells: BadCell[]; others: string[]; more: boolean } {
  const read = row.cells ?? {};
  const errors = new Map<string, string[]>();
  const others: string[] = [];
  for (const e of row.errors) {
    if (e.column && e.column in read) errors.set(e.column, [...(errors.get(e.column) ?? []), e.message]);
    else others.push(e.column ? `${e.column}: ${e.message}` : e.message);
  }
  const columns = order.filter((column) => column in read && (whole || errors.has(column)));
  return {
    cells: columns.map((column) => ({ column, text: read[column] ?? '', error: errors.get(column)?.join(' ') })),
    others,
    more: !whole && columns.length < Object.keys(read).length,
  };
}
