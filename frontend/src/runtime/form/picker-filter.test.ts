import { describe, expect, it } from 'vitest';
import type { Env, Tree } from '@/expr';
import { filterFor } from './picker-filter';

const it_ = (key: string, k = 'ref') => ({ o: 'field', k, r: 'it', p: [key] });
const mine = (key: string, k = 'ref') => ({ o: 'field', k, r: 'record', p: key === 'id' ? [] : [key] });
const call = (f: string, ...a: unknown[]) => ({ o: 'call', k: 'bool', f, a });
const and = (...a: unknown[]) => ({ o: 'and', k: 'bool', a });
const env: Env = {
  record: { id: 'r1', customer: 'c1', region: null, cap: 10 },
  now: '2026-11-22T00:00:00Z',
  zone: 'UTC',
  me: 'm1',
};
const filter = (tree: unknown) => filterFor(tree as Tree, env);

describe('what a link offers', () => {
  it('compares the other record with this one’s values, either way round', () => {
    expect(filter(call('eq', it_('customer'), mine('customer')))).toEqual({ field: 'customer', op: 'eq', value: 'c1' });
    expect(filter(call('ge', mine('cap', 'number'), it_('size', 'number')))).toEqual({
      field: 'size',
      op: 'lte',
      value: 10,
    });
    expect(filter(call('eq', it_('owner'), { o: 'call', k: 'ref', f: 'me', a: [] }))).toEqual({
      field: 'owner',
      op: 'eq',
      value: 'm1',
    });
  });
  it('treats an empty value as empty, not as everything', () => {
    expect(filter(call('eq', it_('region'), mine('region')))).toEqual({ field: 'region', op: 'empty' });
    expect(filter(call('lt', it_('size', 'number'), mine('region', 'number')))).toEqual({
      and: [{ field: 'id', op: 'empty' }],
    });
  });
  it('joins conditions and leaves out what cannot be said', () => {
    const hard = call(
      'eq',
      { o: 'field', k: 'text', r: 'it', p: ['customer', 'name'] },
      { o: 'lit', k: 'text', v: 'x' },
    );
    expect(filter(and(call('eq', it_('customer'), mine('customer')), hard))).toEqual({
      and: [{ field: 'customer', op: 'eq', value: 'c1' }],
    });
    expect(filter(hard)).toBeUndefined();
    expect(filter({ o: 'or', k: 'bool', a: [call('eq', it_('a'), mine('customer')), hard] })).toBeUndefined();
  });
  it('reads switches and lists', () => {
    expect(filter(it_('active', 'bool'))).toEqual({ field: 'active', op: 'eq', value: true });
    expect(filter({ o: 'not', k: 'bool', a: [it_('closed', 'bool')] })).toEqual({
      field: 'closed',
      op: 'ne',
      value: true,
    });
    expect(
      filter(
        call('in', it_('stage', 'text'), { o: 'list', k: 'list', e: 'text', a: [{ o: 'lit', k: 'text', v: 'a' }] }),
      ),
    ).toEqual({ field: 'stage', op: 'in', value: ['a'] });
  });
});
