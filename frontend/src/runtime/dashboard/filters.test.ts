import { expect, test } from 'vitest';
import type { BoardFilter, RuntimeEntity } from '@/api/types';
import { drillFilter, periodExpr, readFilters, writeFilter } from './filters';

const field = (key: string, kind: string) => ({
  id: `f_${key}`,
  key,
  name: key,
  type: kind,
  kind,
  traits: {},
  readable: true,
  writable: true,
});
const deal: RuntimeEntity = {
  id: 'ent_deal',
  key: 'deal',
  name: 'Deal',
  title: '',
  ops: [],
  fields: [field('status', 'text'), field('closed_on', 'date'), field('called_at', 'time'), field('tags', 'list')],
};
const owner: BoardFilter = { id: 'owner', name: 'Owner', type: 'member', fields: { ent_deal: 'owner' } };
const when: BoardFilter = {
  id: 'when',
  name: 'When',
  type: 'date',
  fields: { ent_deal: 'f_closed_on' },
  default: 'this_month',
};
const state: BoardFilter = { id: 'state', name: 'State', type: 'select', fields: { ent_deal: 'status' } };

test('the address holds the filters, and can take a default away', () => {
  const at = (text: string) => readFilters(new URLSearchParams(text), [owner, when, state]);
  expect(at('')).toEqual({ when: 'this_month' });
  expect(at('f.when=&f.owner=me&f.state=a,b')).toEqual({ owner: 'me', state: ['a', 'b'] });
  expect(at('f.when=2026-01-01..2026-01-31')).toEqual({ when: { from: '2026-01-01', to: '2026-01-31' } });
});

test('writing a filter is what reading gives back', () => {
  const params = writeFilter(new URLSearchParams('x=1'), state, ['a', 'b']);
  expect(params.toString()).toBe('x=1&f.state=a%2Cb');
  expect(writeFilter(params, state, []).toString()).toBe('x=1');
  expect(writeFilter(params, when, null).get('f.when')).toBe('');
});

test('periods are spans whose end is not included', () => {
  expect(periodExpr('last_7_days')).toEqual(['add_days(today(), -6)', 'add_days(today(), 1)']);
  expect(periodExpr('last_quarter')).toEqual([
    'add_months(start_of_quarter(today()), -3)',
    'start_of_quarter(today())',
  ]);
  expect(periodExpr('someday')).toBeNull();
});

test('the records behind a bar meet the widget, its group and the filters', () => {
  const text = drillFilter(
    {
      entity: 'ent_deal',
      filter: 'status != "lost"',
      parts: [{ field: 'closed_on', bucket: 'month', value: '2026-01-01' }],
    },
    deal,
    [owner, state],
    { owner: 'me', state: ['a', 'b'] },
    'Asia/Shanghai',
  );
  expect(text).toBe(
    '(status != "lost") and (closed_on >= "2026-01-01" and closed_on < "2026-02-01") and (owner == me()) and (status in ["a", "b"])',
  );
});

test('instants are bounded by the days of the workspace', () => {
  expect(
    drillFilter(
      { entity: 'deal', parts: [{ field: 'called_at', bucket: 'day', value: '2026-01-02' }] },
      deal,
      [],
      {},
      'Asia/Shanghai',
    ),
  ).toBe('called_at >= "2026-01-01T16:00:00Z" and called_at < "2026-01-02T16:00:00Z"');
});

test('a blank group and a group of tags are asked for in their own way', () => {
  const of = (part: { field: string; value: string | null }) =>
    drillFilter({ entity: 'deal', parts: [part] }, deal, [], {}, 'UTC');
  expect(of({ field: 'status', value: null })).toBe('status == nil');
  expect(of({ field: 'tags', value: 'vip' })).toBe('"vip" in tags');
});
