// Rows of a sub-form as forms hold them. Saved rows have an id, new ones a key
// of their own until they are saved.
import type { RuntimeField } from '@/api/types';
import { type FieldContext, isEmpty, option } from '../define';
import { fieldOf } from '../index';

export interface Row {
  id?: string;
  _key?: string;
  [column: string]: unknown;
}

/** The columns a reader may see. */
export function columnsOf(field: RuntimeField): RuntimeField[] {
  return (field.fields ?? []).filter((column) => column.readable);
}

/** Whether people type into a column. */
export function typed(column: RuntimeField): boolean {
  return column.writable && !column.traits.computed && !column.traits.generated;
}

export function keyOf(row: Row): string {
  return row.id ?? row._key ?? '';
}

/** A new row with the values its columns start with. */
export function newRow(field: RuntimeField): Row {
  const row: Row = { _key: crypto.randomUUID() };
  for (const column of field.fields ?? []) {
    const value = column.default?.value;
    if (value !== undefined && value !== null) row[column.key] = value;
  }
  return row;
}

/** A copy of a row: new, without what the server numbers. */
export function copyRow(row: Row, field: RuntimeField): Row {
  const copy: Row = { ...row, _key: crypto.randomUUID() };
  delete copy.id;
  for (const column of field.fields ?? []) if (column.traits.generated) delete copy[column.key];
  return copy;
}

export function isBlankRow(row: Row, field: RuntimeField): boolean {
  return columnsOf(field)
    .filter(typed)
    .every((column) => isEmpty(row[column.key]) || row[column.key] === column.default?.value);
}

/** Moves a row to a place among the others. */
export function moveRow(rows: Row[], from: number, to: number): Row[] {
  if (from === to || from < 0 || to < 0 || from >= rows.length || to >= rows.length) return rows;
  const next = [...rows];
  const [row] = next.splice(from, 1);
  if (row) next.splice(to, 0, row);
  return next;
}

export interface Pasted {
  rows: Row[];
  /** Texts that could not be read, by "row/column": shown at their cells. */
  unread: Record<string, string>;
  /** Rows that did not fit. */
  left: number;
}

/**
 * Puts copied cells into the rows, from one cell on to the right and downwards;
 * further rows are added. A first line that repeats the columns' names is a
 * heading: then the cells follow it instead of their order.
 */
export function pasteCells(
  rows: Row[],
  cells: string[][],
  at: { row: number; column: string },
  field: RuntimeField,
  ctx: FieldContext,
  names: (column: RuntimeField) => string,
): Pasted {
  const columns = columnsOf(field);
  let body = cells;
  let targets: (RuntimeField | undefined)[] = columns.slice(
    Math.max(
      0,
      columns.findIndex((c) => c.key === at.column),
    ),
  );
  const fold = (text: string) => text.normalize('NFKC').trim().toLowerCase();
  const heading = cells[0]?.map((text) =>
    columns.find((c) => fold(names(c)) === fold(text) || fold(c.key) === fold(text)),
  );
  if (
    heading &&
    cells.length > 1 &&
    heading.filter(Boolean).length >= 2 &&
    heading.filter(Boolean).length >= (cells[0]?.length ?? 0) / 2
  ) {
    body = cells.slice(1);
    targets = heading;
  }
  const max = option(field, 'max_rows', 5000);
  const next = [...rows];
  const unread: Record<string, string> = {};
  let left = 0;
  for (const [i, line] of body.entries()) {
    const index = at.row + i;
    if (index >= max) {
      left++;
      continue;
    }
    const row: Row = { ...(next[index] ?? newRow(field)) };
    for (const [j, text] of line.entries()) {
      const column = targets[j];
      if (!column || !typed(column)) continue;
      const parse = fieldOf(column.type).parseText;
      const value = parse ? parse(text, column, ctx) : undefined;
      if (value === undefined) unread[`${index}/${column.key}`] = text;
      row[column.key] = value ?? null;
    }
    next[index] = row;
  }
  return { rows: next, unread, left };
}

/** The total of a column of numbers as decimal text, null when it has none. */
export function totalOf(rows: readonly Row[], column: RuntimeField): number | null {
  let sum = 0;
  let any = false;
  for (const row of rows) {
    const value = row[column.key];
    if (isEmpty(value) || Number.isNaN(Number(value))) continue;
    // Cents add up exactly where doubles hold them; display rounds the rest.
    sum = Math.round((sum + Number(value)) * 1e6) / 1e6;
    any = true;
  }
  return any ? sum : null;
}

/**
 * Columns whose totals mean something: what is computed from the others, else
 * amounts of money. Unit prices, rates and plain numbers are no amounts.
 */
export function summedColumns(columns: readonly RuntimeField[]): ReadonlySet<string> {
  const amounts = columns.filter(
    (c) => c.kind === 'number' && !c.traits.groupable && option<string>(c, 'format', 'number') !== 'percent',
  );
  const computed = amounts.filter((c) => c.traits.computed);
  return new Set((computed.length > 0 ? computed : amounts).map((c) => c.key));
}
