import { beforeAll, describe, expect, it } from 'vitest';
import type { Param, RuntimeEntity, RuntimeField } from '@/api/types';
import { setLocale } from '@/locales';
import { derivationOf } from '../form/derivation';
import { scopeOf } from './condition';
import { seenValue } from './SeenList';
import { exprText, formulaText } from './words';

const field = (
  key: string,
  name: string,
  type: string,
  kind: string,
  extra: Partial<RuntimeField> = {},
): RuntimeField => ({
  id: `fld_${key}`,
  key,
  name,
  type,
  kind,
  traits: {},
  readable: true,
  writable: true,
  ...extra,
});
const customer: RuntimeEntity = {
  id: 'ent_customer',
  key: 'customer',
  name: '客户',
  title: '{name}',
  ops: ['read'],
  fields: [
    field('name', '名称', 'text', 'text'),
    field('tier', '等级', 'select', 'text', { choices: [{ key: 'vip', label: '贵宾', hue: 'amber' }] }),
  ],
};
const deal: RuntimeEntity = {
  id: 'ent_deal',
  key: 'deal',
  name: '商机',
  title: '{name}',
  ops: ['read'],
  fields: [
    field('amount', '金额', 'number', 'number'),
    field('rate', '折扣', 'number', 'number'),
    field('stage', '阶段', 'select', 'text', { choices: [{ key: 'won', label: '赢单', hue: 'green' }] }),
    field('customer', '客户', 'link', 'ref', { link: { entity: 'ent_customer', many: false } }),
  ],
};
const entityOf = (ref: string) => [customer, deal].find((e) => e.id === ref || e.key === ref);
const params: Param[] = [{ key: 'limit', name: '上限', type: 'number', value: 3 }];
const scope = scopeOf({ entity: deal, entityOf, params });
const ctx = { names: {} } as never;

beforeAll(() => setLocale('zh-CN', ['base', 'record']));

describe('formulas in words', () => {
  it.each([
    ['amount * rate', '金额 × 折扣'],
    ['record.amount > setting("limit") ? "x" : nil', '金额 > 上限 ? “x” : 空'],
    ['IF(stage == "won", amount, 0)', 'IF(阶段 = 赢单, 金额, 0)'],
    ['customer.tier != "vip" && not (amount >= 10)', '客户 › 等级 ≠ 贵宾 且 非 (金额 ≥ 10)'],
    ['stage == "won" ? "won" : "lost"', '阶段 = 赢单 ? “won” : “lost”'],
    ['SUM(items.amount) + unknown', 'SUM(items.amount) + unknown'],
    ['days_between(today(), now())', 'days_between(今天, 此刻)'],
    ['"amount"', '“amount”'],
  ])('%s', (source, words) => expect(formulaText(source, scope, ctx)).toBe(words));

  it('says conditions as sentences', () => {
    expect(exprText('stage == "won" and amount > 5', scope, ctx)).toBe('阶段 是 赢单 且 金额 大于 5');
    expect(exprText('stage == "won" or (amount > 5 and rate > 1)', scope, ctx)).toBe(
      '阶段 是 赢单 或 （金额 大于 5 且 折扣 大于 1）',
    );
    expect(exprText('amount', scope, ctx)).toBe('金额');
  });

  it('shows a value as its field does', () => {
    expect(seenValue({ text: 'stage', value: 'won' }, scope, ctx)).toBe('赢单');
    expect(seenValue({ text: 'record.customer.tier', value: 'vip' }, scope, ctx)).toBe('贵宾');
    expect(seenValue({ text: 'amount * 2', value: 12 }, scope, ctx)).toBe('12');
    const named = { ...(ctx as object), names: { mem_1: '林晓' } } as never;
    expect(seenValue({ text: 'me', value: 'mem_1' }, scope, named)).toBe('林晓');
    expect(seenValue({ text: 'stage', value: null }, scope, ctx)).toBe('空');
  });
});

describe('where a value comes from', () => {
  const values: Record<string, unknown> = { amount: 100, rate: 0.5 };
  const from = (options: RuntimeField['options']) =>
    derivationOf(
      field('x', '合计', 'any', 'number', { options }),
      deal,
      { entityOf, params },
      (key) => values[key],
      ctx,
    );

  it('names what a formula reads, with its values', () =>
    expect(from({ expr: 'amount * rate + LEN("stage")' })).toEqual({
      words: '金额 × 折扣 + LEN(“stage”)',
      inputs: [
        { label: '金额', value: '100' },
        { label: '折扣', value: '0.5' },
      ],
    }));

  it('says what is rolled up and where', () =>
    expect(from({ fn: 'count', entity: 'ent_customer', filter: 'it.tier == "vip"' })).toEqual({
      words: '客户 的条数，只算 等级 是 贵宾 的',
      inputs: [],
    }));

  it('says what is taken from a linked record', () =>
    expect(from({ link: 'fld_customer', field: 'fld_tier' })?.words).toBe('取自 客户 › 等级'));

  it('says nothing of what it does not know', () => expect(from({})).toBeNull());
});
