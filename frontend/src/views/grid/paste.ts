// What pasting cells would do: changes of records that are there, new records
// below them, and the cells that cannot be read.
import type { RecordData, RuntimeField } from '@/api/types';
import type { FieldContext } from '@/fields';
import { fieldOf } from '@/fields';
import type { RawCopy } from './clipboard';

export interface PasteTarget {
  /** Position of the first row among the records of the list. */
  top: number;
  /** Fields from the first target column on. */
  fields: RuntimeField[];
  /** Cells chosen when pasting: one value fills them all, a block repeats. */
  rows: number;
  cols: number;
}

export interface PastePlan {
  /** Position of the record, and its new values. */
  updates: { row: number; values: Record<string, unknown> }[];
  creates: Record<string, unknown>[];
  faults: { row: number; field: RuntimeField; text: string }[];
  /** Columns that do not take values. */
  locked: RuntimeField[];
  /** Columns beyond the last one. */
  beyond: number;
}

/** Whether a field takes typed or pasted values in the grid. */
export function takesText(field: RuntimeField): boolean {
  return field.writable && !field.masked && fieldOf(field.type).parseText !== undefined;
}

/** Whether a field takes values at all in the grid. */
export function editable(field: RuntimeField): boolean {
  const type = fieldOf(field.type);
  return field.writable && !field.masked && (type.Editor !== undefined || type.parseText !== undefined);
}

export function planPaste(
  cells: string[][],
  target: PasteTarget,
  total: number,
  ctx: FieldContext,
  options: { raw?: RawCopy | null; app: string; entity: string; create: boolean },
): PastePlan {
  const height = cells.length;
  const width = Math.max(0, ...cells.map((row) => row.length));
  const plan: PastePlan = {
    updates: [],
    creates: [],
    faults: [],
    locked: [],
    beyond: Math.max(0, width - target.fields.length),
  };
  if (height === 0 || width === 0) return plan;
  const rows = repeat(height, target.rows);
  const cols = Math.min(repeat(width, target.cols), target.fields.length);
  const raw = options.raw && options.raw.app === options.app ? options.raw : null;
  const locked = new Set<RuntimeField>();
  for (let r = 0; r < rows; r++) {
    const values: Record<string, unknown> = {};
    for (let c = 0; c < cols; c++) {
      const field = target.fields[c] as RuntimeField;
      const text = cells[r % height]?.[c % width] ?? '';
      const same = raw?.entity === options.entity && raw.fields[c % width] === field.id;
      if (!(same ? editable(field) : takesText(field))) {
        locked.add(field);
        continue;
      }
      if (same) {
        values[field.key] = raw?.rows[r % height]?.[c % width] ?? null;
        continue;
      }
      const value = fieldOf(field.type).parseText?.(text, field, ctx);
      if (value === undefined) plan.faults.push({ row: target.top + r, field, text });
      else values[field.key] = value;
    }
    if (Object.keys(values).length === 0) continue;
    if (target.top + r < total) plan.updates.push({ row: target.top + r, values });
    else if (options.create && Object.values(values).some((v) => v !== null)) plan.creates.push(values);
  }
  plan.locked = [...locked];
  return plan;
}

// A block fills a larger target when it fits a whole number of times.
function repeat(size: number, room: number): number {
  return room > size && room % size === 0 ? room : size;
}

/** The values that dragging the fill handle writes: the block repeated; numbers and dates of two or more rows go on counting. */
export function fillValues(source: unknown[], field: RuntimeField, count: number, down: boolean): unknown[] {
  const series = down ? source : [...source].reverse();
  const next = progression(series, field);
  return Array.from({ length: count }, (_, i) => (next ? next(i) : series[i % series.length]));
}

function progression(series: unknown[], field: RuntimeField): ((i: number) => unknown) | null {
  if (series.length < 2) return null;
  if (field.kind === 'number') {
    const numbers = series.map((v) => (typeof v === 'number' ? v : Number.NaN));
    const step = (numbers[1] as number) - (numbers[0] as number);
    const even = numbers.every((n, i) => i === 0 || Math.abs(n - (numbers[i - 1] as number) - step) < 1e-9);
    return even && !Number.isNaN(step)
      ? (i) => Number(((numbers.at(-1) as number) + step * (i + 1)).toFixed(10))
      : null;
  }
  if (field.kind === 'date') {
    const days = series.map((v) => Date.parse(`${String(v)}T00:00:00Z`) / 86_400_000);
    const step = (days[1] as number) - (days[0] as number);
    const even = days.every((n, i) => i === 0 || n - (days[i - 1] as number) === step);
    return even && !Number.isNaN(step)
      ? (i) => new Date(((days.at(-1) as number) + step * (i + 1)) * 86_400_000).toISOString().slice(0, 10)
      : null;
  }
  return null;
}

/** Only what differs from the records, for small requests and honest histories. */
export function changedOnly(record: RecordData, values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(
      ([key, value]) => JSON.stringify(record[key] ?? null) !== JSON.stringify(value ?? null),
    ),
  );
}
