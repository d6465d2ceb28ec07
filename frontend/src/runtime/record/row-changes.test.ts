import { expect, it } from 'vitest';
import type { RuntimeField } from '@/api/types';
import { rowChanges } from './row-changes';

const column = (key: string, traits = {}) =>
  ({
    id: `fld_${key}`,
    key,
    name: key,
    type: 'number',
    kind: 'number',
    traits,
    readable: true,
    writable: true,
  }) as never;
const field = {
  id: 'fld_lines',
  key: 'lines',
  name: 'Lines',
  type: 'subform',
  kind: 'rows',
  traits: {},
  fields: [column('qty'), column('amount', { computed: true }), { ...(column('cost') as object), readable: false }],
} as unknown as RuntimeField;

const told = (before: Record<string, unknown>[], after: Record<string, unknown>[]) =>
  rowChanges(field, before, after).map((c) => [c.what, c.number, ...c.columns.map((x) => x.column.key)]);

it('tells what was set, not what follows from it, and nothing unreadable', () => {
  expect(told([{ id: 'a', qty: 1, amount: 10, cost: 1 }], [{ id: 'a', qty: 3, amount: 30, cost: 2 }])).toEqual([
    ['changed', 1, 'qty'],
  ]);
  expect(told([{ id: 'a', qty: 1, amount: 10 }], [{ id: 'a', qty: 1, amount: 12 }])).toEqual([
    ['changed', 1, 'amount'],
  ]);
  expect(told([{ id: 'a', qty: null }], [{ id: 'a' }])).toEqual([]);
});

it('knows rows by their id wherever they stand', () => {
  const [a, b, c] = [
    { id: 'a', qty: 1 },
    { id: 'b', qty: 2 },
    { id: 'c', qty: 3 },
  ];
  expect(told([a, b], [b, a])).toEqual([]);
  expect(told([a, b], [{ ...b, qty: 5 }, c])).toEqual([
    ['changed', 1, 'qty'],
    ['added', 2],
    ['removed', 1],
  ]);
});
