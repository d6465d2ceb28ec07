import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RuntimeEntity, RuntimeField } from '@/api/types';
import { parse, SyntaxFault } from '@/expr/syntax';
import {
  type Condition,
  condition,
  formula,
  type Group,
  group,
  type Item,
  periods,
  type Scope,
  scopeOf,
} from './condition';
import { arity, familyOf, operatorsOf } from './operators';
import { conditionText, toExpr } from './print';
import { fromExpr } from './read';

const field = (key: string, kind: string, extra: Partial<RuntimeField> = {}): RuntimeField => ({
  id: `fld_${key}`,
  key,
  name: key,
  type: kind,
  kind,
  traits: {},
  readable: true,
  writable: true,
  ...extra,
});
const entity = (key: string, fields: RuntimeField[]): RuntimeEntity => ({
  id: `ent_${key}`,
  key,
  name: key,
  title: '{name}',
  ops: ['read', 'update'],
  fields,
});

const choices = ['won', 'lost', 'open'].map((key) => ({ key, label: key }));
const customer = entity('customer', [
  field('name', 'text'),
  field('tier', 'text', { type: 'select', choices }),
  field('manager', 'ref', { type: 'member', traits: { holds_member: true } }),
]);
const deal = entity('deal', [
  field('title', 'text'),
  field('stage', 'text', { type: 'select', choices }),
  field('amount', 'number'),
  field('cost', 'number'),
  field('hot', 'bool'),
  field('due', 'date'),
  field('start_on', 'date'),
  field('seen_at', 'time', { type: 'datetime' }),
  field('tags', 'list', { type: 'tags', elem: 'text', choices }),
  field('customer', 'ref', {
    type: 'link',
    traits: { holds_ref: true },
    link: { entity: 'ent_customer', many: false },
  }),
  field('team', 'ref', { type: 'department', traits: { holds_department: true } }),
  field('helpers', 'list', { type: 'members', elem: 'ref', traits: { holds_member: true } }),
  field('place', 'object', { type: 'address' }),
  field('secret', 'text', { readable: false }),
]);
const entityOf = (id: string) => [customer, deal].find((e) => e.id === id || e.key === id);
const scope = scopeOf({ entity: deal, entityOf, params: [{ key: 'limit', name: 'limit', type: 'number', value: 3 }] });
const rule = scopeOf({ entity: deal, entityOf, changes: true, others: [{ name: 'old', label: 'old', entity: deal }] });
const picker = scopeOf({
  entity: deal,
  entityOf,
  root: 'it',
  others: [{ name: 'record', label: 'record', entity: deal }],
});

/** Without the identities of rows. */
const bare = (item: Item): unknown =>
  item.kind === 'group'
    ? { join: item.join, items: item.items.map(bare) }
    : item.kind === 'formula'
      ? item.text
      : [item.path, item.op, item.value];

const rows = (text: string, s: Scope = scope) => bare(fromExpr(text, s)) as { join: string; items: unknown[] };
const onlyRows = (g: Group): boolean =>
  g.items.every((i) => (i.kind === 'group' ? onlyRows(i) : i.kind === 'condition'));

describe('syntax', () => {
  it('binds operators as the server does', () => {
    const shape = (text: string) => {
      const walk = (n: ReturnType<typeof parse>): string =>
        n.type === 'binary'
          ? `(${walk(n.left)} ${n.op} ${walk(n.right)})`
          : n.type === 'not'
            ? `!${walk(n.arg)}`
            : n.type === 'name'
              ? n.name
              : n.type === 'number'
                ? n.digits
                : n.type;
      return walk(parse(text));
    };
    expect(shape('a or b && c == 1')).toBe('(a or (b and (c == 1)))');
    expect(shape('not a and b')).toBe('(!a and b)');
    expect(shape('a + 2 * b > c ?? 1')).toBe('((a + (2 * b)) > (c ?? 1))');
    expect(shape('a not in b and c')).toBe('((a not in b) and c)');
  });
  it('refuses what is no expression', () => {
    for (const text of ['a ==', '(a', '"open', 'a b', '1 +', 'a.', '&'])
      expect(() => parse(text), text).toThrow(SyntaxFault);
  });
  it('reads escapes of both kinds of quotes', () => {
    expect(parse(String.raw`"a\"b\n榫卯"`)).toMatchObject({ type: 'text', value: 'a"b\n榫卯' });
    expect(parse(`'it\\'s'`)).toMatchObject({ type: 'text', value: "it's" });
  });
});

describe('expression to rows', () => {
  it.each<[string, unknown[]]>([
    ['amount > 100', ['amount', 'gt', 100]],
    ['100 < record.amount', ['amount', 'gt', 100]],
    ['amount >= -1.5', ['amount', 'gte', -1.5]],
    ['amount == 12345678901234567', ['amount', 'eq', '12345678901234567']],
    ['stage == "won"', ['stage', 'in', ['won']]],
    ['stage != "won"', ['stage', 'nin', ['won']]],
    ['stage in ["won", "lost"]', ['stage', 'in', ['won', 'lost']]],
    ['stage not in ["won", "lost"]', ['stage', 'nin', ['won', 'lost']]],
    ['title contains "云"', ['title', 'contains', '云']],
    ['title not contains "云"', ['title', 'not_contains', '云']],
    ['due == nil', ['due', 'empty', undefined]],
    ['not ISEMPTY(place)', ['place', 'not_empty', undefined]],
    ['hot', ['hot', 'eq', true]],
    ['not hot', ['hot', 'ne', true]],
    ['hot != true', ['hot', 'ne', true]],
    ['owner == me()', ['owner', 'me', undefined]],
    ['customer.manager == me()', ['customer.manager', 'me', undefined]],
    ['any(my_departments(), is_member_of(owner, #))', ['owner', 'my_departments', undefined]],
    ['team in my_departments()', ['team', 'my_departments', undefined]],
    ['"won" in tags', ['tags', 'in', ['won']]],
    ['me() in helpers', ['helpers', 'me', undefined]],
    ['due < today()', ['due', 'lt', { fn: 'today', days: 0 }]],
    ['due <= add_days(TODAY(), -3)', ['due', 'lte', { fn: 'today', days: -3 }]],
    ['seen_at < now()', ['seen_at', 'lt', { fn: 'now' }]],
    ['due < start_on', ['due', 'lt', { fn: 'field', path: 'start_on' }]],
    ['amount >= setting("limit")', ['amount', 'gte', { fn: 'setting', key: 'limit' }]],
    ['(due >= today() and due < add_days(today(), 7))', ['due', 'period', { period: 'next_n_days', n: 7 }]],
    ['created_at >= "2026-11-22T00:00:00Z"', ['created_at', 'gte', '2026-11-22T00:00:00Z']],
  ])('%s', (text, row) => {
    expect(rows(text).items).toEqual([row]);
  });

  it('keeps groups of two levels and turns deeper ones into formulas', () => {
    expect(rows('hot and (amount > 1 or (due == nil and stage == "won"))')).toEqual({
      join: 'and',
      items: [['hot', 'eq', true], { join: 'or', items: [['amount', 'gt', 1], 'due == nil and stage == "won"'] }],
    });
  });
  it('keeps what has no row as a formula', () => {
    for (const text of [
      'days_since(due) > 3',
      'amount * 2 > cost',
      'secret == "x"',
      'nowhere == 1',
      'count_records("deal", "it.amount > 1") > 2',
      'amount == "x"',
      '(amount ?? 0) == 0',
      'stage ==',
    ])
      expect(rows(text).items, text).toEqual([text.startsWith('(amount') ? '(amount ?? 0) == 0' : text]);
  });
  it('reads the changes of a rule', () => {
    expect(rows('changed("stage") and changed_to("stage", "won") and old.amount < amount', rule).items).toEqual([
      ['stage', 'changed', undefined],
      ['stage', 'changed_to', 'won'],
      ['amount', 'gt', { fn: 'field', path: 'old.amount' }],
    ]);
    expect(rows('changed("stage")').items).toEqual(['changed("stage")']);
  });
  it('tells the picked record from the edited one', () => {
    expect(rows('it.customer == record.customer and it.amount > 1', picker).items).toEqual([
      ['customer', 'eq', { fn: 'field', path: 'record.customer' }],
      ['amount', 'gt', 1],
    ]);
    expect(toExpr(fromExpr('record.customer == it.customer', picker), picker)).toBe('it.customer == record.customer');
  });
});

describe('rows to expression', () => {
  it('leaves out rows that are not filled in', () => {
    expect(
      toExpr(group('and', [condition('amount', 'gt'), condition('stage', 'in', []), condition('', 'eq', 1)]), scope),
    ).toBe('');
    expect(
      toExpr(group('or', [condition('amount', 'gt', 0), condition('due', 'between', ['2026-01-01', null])]), scope),
    ).toBe('amount > 0');
  });
  it('brackets formulas where they need it', () => {
    expect(toExpr(group('and', [formula('a or b'), condition('hot', 'eq', true)]), scope)).toBe(
      '(a or b) and hot == true',
    );
    expect(toExpr(group('and', [formula('a or b')]), scope)).toBe('a or b');
  });
  it('covers a whole day of moments', () => {
    expect(conditionText(condition('seen_at', 'eq', '2026-11-22'), scope)).toBe(
      '(seen_at >= "2026-11-22" and seen_at < add_days("2026-11-22", 1))',
    );
  });

  // Every operator of every field, with a value that fits, survives both ways.
  const values: Record<string, unknown[]> = {
    text: ['云', 'a "b" \\ c', { fn: 'field', path: 'customer.name' }],
    choice: ['won'],
    number: [0, -12.5, '123456789012345678.5', { fn: 'setting', key: 'limit' }, { fn: 'field', path: 'cost' }],
    bool: [true, false],
    date: ['2026-11-22', { fn: 'today', days: 0 }, { fn: 'today', days: -30 }, { fn: 'field', path: 'start_on' }],
    time: ['2026-11-22', { fn: 'today', days: 2 }],
    member: ['m1'],
    department: ['d1'],
    ref: ['r1'],
    choices: ['won'],
    refs: ['m1'],
    rest: [],
  };
  function samples(f: RuntimeField): Condition[] {
    const family = familyOf(f);
    return operatorsOf(f, { changes: true }).flatMap((op) => {
      const some = values[family] ?? [];
      switch (arity(op)) {
        case 'none':
          return [condition(f.key, op)];
        case 'period':
          return periods.map((period) => condition(f.key, op, /_n_/.test(period) ? { period, n: 14 } : { period }));
        case 'two':
          return [condition(f.key, op, family === 'number' ? [1, 5] : ['2026-01-01', '2026-02-01'])];
        case 'many':
          return op === 'all'
            ? [condition(f.key, op, ['a', 'b'])]
            : [condition(f.key, op, ['a']), condition(f.key, op, ['a', 'b'])];
        default:
          return some.map((value) => condition(f.key, op, value));
      }
    });
  }
  const all = [
    ...deal.fields.filter((f) => f.readable),
    field('owner', 'ref', { type: 'member', traits: { holds_member: true } }),
    field('created_at', 'time'),
  ].flatMap(samples);

  it('round-trips every operator of every kind', () => {
    expect(all.length).toBeGreaterThan(100);
    for (const c of all) {
      const text = conditionText(c, rule) ?? conditionText(c, scope);
      expect(text, `${c.path} ${c.op}`).toBeTruthy();
      const s = { ...rule, params: scope.params };
      const back = fromExpr(conditionText(c, s) as string, s);
      expect(bare(back), conditionText(c, s) as string).toEqual({ join: 'and', items: [bare(c)] });
    }
  });

  it('round-trips groups of such rows', () => {
    let seed = 7;
    const random = (n: number) => {
      seed = (seed * 48271) % 2147483647;
      return seed % n;
    };
    const s = { ...rule, params: scope.params };
    const row = () => (random(5) === 0 ? formula('days_since(due) > 3') : (all[random(all.length)] as Condition));
    for (let i = 0; i < 300; i++) {
      const inner = () => group(random(2) ? 'and' : 'or', Array.from({ length: 2 + random(2) }, row));
      const g = group(
        random(2) ? 'and' : 'or',
        Array.from({ length: 2 + random(3) }, () => (random(4) === 0 ? inner() : row())),
      );
      const text = toExpr(g, s);
      const back = fromExpr(text, s);
      expect(toExpr(back, s)).toBe(text);
      expect(bare(back), text).toEqual(bare(g));
    }
  });
});

describe('conditions of the shipped template', () => {
  const folder = `${process.cwd()}/../templates/crm_lifecycle`;
  const texts = ['views', 'roles', 'rules'].flatMap((dir) =>
    readdirSync(`${folder}/${dir}`).flatMap((file) =>
      [
        ...readFileSync(`${folder}/${dir}/${file}`, 'utf8').matchAll(
          /"(?:filter|condition|when)": *("(?:[^"\\]|\\.)*")/g,
        ),
      ].map((m) => JSON.parse(m[1] as string) as string),
    ),
  );
  it('can all be read', () => {
    expect(texts.length).toBeGreaterThan(50);
    for (const text of texts) expect(() => parse(text), text).not.toThrow();
  });
  it('says the same after a round trip', () => {
    for (const text of texts) {
      const g = fromExpr(text, scope);
      expect(bare(fromExpr(toExpr(g, scope), scope)), text).toEqual(bare(g));
    }
  });
  it('shows rows where it can', () => {
    expect(onlyRows(fromExpr('owner == me() && stage in ["won", "open"] && due < today()', scope))).toBe(true);
  });
});
