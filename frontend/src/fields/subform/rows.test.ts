import { beforeAll, describe, expect, it } from 'vitest';
import type { RuntimeField } from '@/api/types';
import { loadMessages, setLocale } from '@/locales';
import type { FieldContext } from '../define';
import { copyRow, isBlankRow, moveRow, newRow, pasteCells, type Row, totalOf } from './rows';

const column = (key: string, type: string, kind: string, extra: Partial<RuntimeField> = {}): RuntimeField => ({
  id: `fld_${key}`,
  key,
  name: key,
  type,
  kind,
  traits: {},
  readable: true,
  writable: true,
  ...extra,
});
const items: RuntimeField = {
  ...column('items', 'subform', 'rows'),
  options: { max_rows: 4 },
  fields: [
    column('product', 'text', 'text'),
    column('qty', 'number', 'number', { default: { value: 1 } }),
    column('price', 'money', 'number'),
    column('amount', 'formula', 'number', { traits: { computed: true } }),
  ],
};
const ctx: FieldContext = { names: {}, locale: 'zh-CN', zone: 'UTC', app: null };
const paste = (rows: Row[], cells: string[][], row = 0, columnKey = 'product') =>
  pasteCells(rows, cells, { row, column: columnKey }, items, ctx, (c) => String(c.name));

beforeAll(async () => {
  await setLocale('zh-CN');
  await loadMessages('record');
});

describe('pasting cells', () => {
  it('fills from the cell on, adds rows and reads each column by its type', () => {
    const { rows } = paste(
      [{ id: 'r1', product: 'a', qty: 5 }],
      [
        ['b', '２', '￥3.5'],
        ['c', '4', '1,000'],
      ],
    );
    expect(rows[0]).toMatchObject({ id: 'r1', product: 'b', qty: 2, price: 3.5 });
    expect(rows[1]).toMatchObject({ product: 'c', qty: 4, price: 1000 });
  });
  it('starts at the column that has the focus', () => {
    expect(paste([], [['7', '8']], 0, 'qty').rows[0]).toMatchObject({ qty: 7, price: 8 });
  });
  it('follows a heading', () => {
    const { rows } = paste(
      [],
      [
        ['price', 'product'],
        ['9', 'x'],
      ],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ price: 9, product: 'x' });
  });
  it('marks what it cannot read and tells what did not fit', () => {
    const { rows, unread, left } = paste(
      [],
      [
        ['a', 'many'],
        ['b', '1'],
        ['c', '1'],
        ['d', '1'],
        ['e', '1'],
      ],
    );
    expect(unread).toEqual({ '0/qty': 'many' });
    expect(rows).toHaveLength(4);
    expect(left).toBe(1);
  });
  it('never writes computed columns', () => {
    expect(paste([], [['1', '2', '3']], 0, 'price').rows[0]).not.toHaveProperty('amount');
  });
});

describe('rows', () => {
  it('start with defaults and are copied without their id', () => {
    expect(newRow(items)).toMatchObject({ qty: 1 });
    const copy = copyRow({ id: 'r1', product: 'a' }, items);
    expect(copy).not.toHaveProperty('id');
    expect(copy.product).toBe('a');
  });
  it('move and add up', () => {
    const rows = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
    expect(moveRow(rows, 0, 2).map((r) => r.id)).toEqual(['b', 'c', 'a']);
    expect(moveRow(rows, 0, 9)).toBe(rows);
    expect(totalOf([{ n: 0.1 }, { n: 0.2 }, { n: null }], column('n', 'number', 'number'))).toBe(0.3);
  });
  it('are blank while only defaults stand in them', () => {
    expect(isBlankRow(newRow(items), items)).toBe(true);
    expect(isBlankRow({ product: 'x' }, items)).toBe(false);
  });
});
