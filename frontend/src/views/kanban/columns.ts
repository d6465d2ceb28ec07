// The columns of a board: one per choice, or one per value that occurs.
import type { AggregateResult, RuntimeField } from '@/api/types';
import { choicesOf } from '@/fields';

export interface BoardColumn {
  key: string;
  value: unknown;
  count: number;
  sum: unknown;
}

/** Choices in their order, retired ones only while records hold them; blank last. */
export function boardColumns(field: RuntimeField, result: AggregateResult | undefined): BoardColumn[] {
  const found = new Map<string, BoardColumn>();
  for (const row of result?.rows ?? []) {
    const value = row[field.key] ?? null;
    found.set(keyOf(value), { key: keyOf(value), value, count: Number(row.count ?? 0), sum: row.sum ?? null });
  }
  const empty = (value: unknown): BoardColumn => ({ key: keyOf(value), value, count: 0, sum: null });
  const out: BoardColumn[] = [];
  const add = (value: unknown, always: boolean) => {
    const known = found.get(keyOf(value));
    if (known ?? always) out.push(known ?? empty(value));
    found.delete(keyOf(value));
  };
  if (field.kind === 'bool') for (const value of [true, false]) add(value, true);
  for (const choice of choicesOf(field)) add(choice.key, !choice.retired);
  const blank = found.get(keyOf(null));
  found.delete(keyOf(null));
  out.push(...[...found.values()].sort((a, b) => b.count - a.count));
  if (blank && blank.count > 0) out.push(blank);
  return out;
}

export const keyOf = (value: unknown): string => (value === null || value === undefined ? '' : `=${String(value)}`);
