// The columns of a grid: which, how wide, where.
import type { RuntimeEntity, RuntimeField, ViewColumn, ViewConfig } from '@/api/types';
import { fieldOf } from '@/fields';
import { findField } from '../shared/system';

export interface Column {
  field: RuntimeField;
  /** Place among the columns shown. */
  index: number;
  width: number;
  /** Distance from the left edge of the rows. */
  left: number;
  frozen: boolean;
  footer?: ViewColumn['footer'];
  align: 'left' | 'right' | 'center';
}

/** Width of the column of row numbers and ticks. */
export const headWidth = 52;
export const minWidth = 56;
export const maxWidth = 800;

export const clampWidth = (width: number) => Math.round(Math.min(maxWidth, Math.max(minWidth, width)));

/** Whether a field can be a column without being asked for. */
export function showsByDefault(field: RuntimeField): boolean {
  return field.readable && field.kind !== 'rows' && field.type !== 'json';
}

/** The columns that a view shows; all fields where it names none. */
export function shownColumns(entity: RuntimeEntity, config: ViewConfig): ViewColumn[] {
  if (config.columns?.length) {
    return config.columns.filter((c) => findField(entity, c.field)?.readable);
  }
  return entity.fields.filter(showsByDefault).map((f) => ({ field: f.id }));
}

export interface ColumnSet {
  columns: Column[];
  /** Width of the frozen ones with the row numbers. */
  frozenWidth: number;
  frozenCount: number;
  /** Width of everything. */
  width: number;
}

export function columnSet(entity: RuntimeEntity, config: ViewConfig, widths: Record<string, number>): ColumnSet {
  let left = headWidth;
  const shown = shownColumns(entity, config);
  const frozenCount = Math.min(config.frozen ?? 0, shown.length);
  let frozenWidth = headWidth;
  const columns = shown.map((c, index): Column => {
    const field = findField(entity, c.field) as RuntimeField;
    const width = clampWidth(widths[field.id] ?? c.width ?? usualWidth(field));
    const column: Column = {
      field,
      index,
      width,
      left,
      frozen: index < frozenCount,
      footer: c.footer,
      align: alignOf(field),
    };
    left += width;
    if (column.frozen) frozenWidth = left;
    return column;
  });
  return { columns, frozenWidth, frozenCount, width: left };
}

/** The width that values of a field need; a computed instant is as wide as an entered one. */
function usualWidth(field: RuntimeField): number {
  const type = fieldOf(field.traits.computed && field.kind === 'time' ? 'datetime' : field.type);
  return Math.max(type.width ?? 160, 72);
}

function alignOf(field: RuntimeField): Column['align'] {
  return fieldOf(field.type).align ?? (field.kind === 'number' ? 'right' : 'left');
}

/** The scrolling columns within sight, one more on either side. */
export function visibleRange(
  { columns, frozenWidth, frozenCount }: ColumnSet,
  scrollLeft: number,
  width: number,
): [from: number, to: number] {
  const start = scrollLeft + frozenWidth;
  const end = scrollLeft + width;
  let from = frozenCount;
  while (from < columns.length - 1 && (columns[from] as Column).left + (columns[from] as Column).width < start) from++;
  let to = from;
  while (to < columns.length && (columns[to] as Column).left < end) to++;
  return [Math.max(frozenCount, from - 1), Math.min(columns.length, to + 1)];
}

/** The functions that make sense below a column. */
export function footersOf(field: RuntimeField): NonNullable<ViewColumn['footer']>[] {
  const all: NonNullable<ViewColumn['footer']>[] = ['filled', 'count'];
  if (field.masked) return [];
  if (field.kind === 'number') return ['sum', 'avg', 'min', 'max', 'filled'];
  if (field.kind === 'date' || field.kind === 'time') return ['min', 'max', 'filled'];
  if (field.kind === 'rows') return [];
  return all.slice(0, 1);
}
