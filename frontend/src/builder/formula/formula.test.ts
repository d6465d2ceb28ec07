import { beforeAll, describe, expect, it } from 'vitest';
import type { Entity } from '@/api/types';
import { templateParts, tokenize, unquote } from '@/expr/tokens';
import { setLocale } from '@/locales';
import type { Doc, Docs } from '../model';
import { partsOf } from '../parts';
import { suggest, suggestInTemplate } from './complete';
import { fromSpreadsheet, narrowSigns } from './excel';
import { formatExpression } from './format';
import { fieldsOf, references, replaceSegments, type Scope, titleOf, titlesWritten } from './refs';

const customer: Entity = {
  id: 'ent_customer',
  key: 'customer',
  name: '客户',
  title: '{name}',
  fields: [
    { id: 'fld_name', key: 'name', name: '名称', type: 'text' },
    { id: 'fld_level', key: 'level', name: '等级', type: 'select' },
  ],
};
const order: Entity = {
  id: 'ent_order',
  key: 'order',
  name: '订单',
  title: '',
  fields: [
    { id: 'fld_no', key: 'no', name: '单号', type: 'text' },
    { id: 'fld_amount', key: 'amount', name: '金额', type: 'money' },
    { id: 'fld_customer', key: 'customer', name: '客户', type: 'link', options: { entity: 'ent_customer' } },
    {
      id: 'fld_items',
      key: 'items',
      name: '明细',
      type: 'subform',
      fields: [
        { id: 'fld_qty', key: 'qty', name: '数量', type: 'number' },
        { id: 'fld_price', key: 'price', name: '单价', type: 'money' },
      ],
    },
  ],
};
const docs: Docs = Object.fromEntries(
  [customer, order].map((body) => [body.id, { id: body.id, kind: 'entity', body } as Doc]),
);
const scope: Scope = {
  docs,
  record: fieldsOf(order),
  roots: { old: fieldsOf(order) },
  vars: [{ root: 'inputs', key: 'reason', label: '原因', type: 'text' }],
};
const parts = partsOf({
  fields: [
    { name: 'text', label: '文本', icon: 'text' },
    { name: 'money', label: '金额', icon: 'money' },
  ],
  functions: [
    { name: 'ROUND', group: 'math', label: '四舍五入', extra: { args: [{ name: 'number' }, { name: 'digits' }] } },
  ],
} as never);

const named = (source: string) =>
  references(source, scope).map((r) => [
    source.slice(r.from, r.to),
    r.segments.map((s) => s.field?.id ?? s.what).join('/'),
  ]);

beforeAll(() => setLocale('zh-CN', ['base', 'build']));

describe('references', () => {
  it('finds fields, links and old values', () => {
    expect(named('amount > 100 && record.customer.level == "a" && old.amount != amount')).toEqual([
      ['amount', 'fld_amount'],
      ['record.customer.level', 'root/fld_customer/fld_level'],
      ['old.amount', 'root/fld_amount'],
      ['amount', 'fld_amount'],
    ]);
  });

  it('finds columns in bodies and as lists', () => {
    expect(named('sum(items, .qty * .price) + SUM(items.qty) + count(filter(items, #.qty > 1), .price > 2)')).toEqual([
      ['items', 'fld_items'],
      ['qty', 'fld_qty'],
      ['price', 'fld_price'],
      ['items.qty', 'fld_items/fld_qty'],
      ['items', 'fld_items'],
      ['qty', 'fld_qty'],
      ['price', 'fld_price'],
    ]);
  });

  it('reads quoted conditions of cross-record functions', () => {
    const source =
      'sum_records("order", "amount", "it.customer == record.id && it.no != \\"x\\"") > 0 and changed("amount")';
    expect(named(source)).toEqual([
      ['order', 'entity'],
      ['amount', 'fld_amount'],
      ['it.customer', 'root/fld_customer'],
      ['record.id', 'root/id'],
      ['it.no', 'root/fld_no'],
      ['amount', 'fld_amount'],
    ]);
  });

  it('knows inputs, and says what it does not know', () => {
    expect(named('inputs.reason + nothing + inputs.no')).toEqual([
      ['inputs.reason', 'root/var'],
      ['nothing', 'unknown'],
      ['inputs.no', 'root/unknown'],
    ]);
    expect(named('let x = amount; x * 2')).toEqual([['amount', 'fld_amount']]);
  });

  it('rewrites a key wherever it is named', () => {
    const source = 'ROUND(amount * 2) + max_records("order", "amount", "it.amount > record.amount") // amount';
    const changes = references(source, scope).flatMap((r) =>
      r.segments.filter((s) => s.field?.id === 'fld_amount').map((s) => ({ from: s.from, to: s.to, text: 'total' })),
    );
    expect(replaceSegments(source, changes)).toBe(
      'ROUND(total * 2) + max_records("order", "total", "it.total > record.total") // amount',
    );
  });

  it('has a title for every chain', () => {
    const [ref] = references('customer.level', scope);
    expect(ref && titleOf(ref)).toBe('客户 › 等级');
  });

  it('survives anything', () => {
    for (const source of [
      '',
      '"',
      "a.'",
      '((((',
      'a ? : b',
      '.',
      '..',
      '#',
      '{}',
      'sum(',
      'any(items, .',
      '中文 + 1',
      '\\',
      '= >',
    ]) {
      expect(() => references(source, scope)).not.toThrow();
      expect(tokenize(source).every((token) => source.slice(token.from, token.to) === token.text)).toBe(true);
    }
  });
});

describe('texts', () => {
  it('keeps the places of quoted characters', () => {
    const [token] = tokenize('"a\\"b"');
    expect(token && unquote(token)).toEqual({ value: 'a"b', places: [1, 2, 4, 5] });
  });

  it('splits templates at their braces', () => {
    expect(templateParts('{{x}} {name} and {a["}"]} {open').map((p) => [p.text, p.expr])).toEqual([
      ['{{x}} ', false],
      ['name', true],
      [' and ', false],
      ['a["}"]', true],
      [' {open', false],
    ]);
  });
});

describe('spreadsheet formulas', () => {
  it('become expressions', () => {
    expect(fromSpreadsheet('=IF(金额<>0，“大”,"小")', scope)).toBe('IF(amount!=0,"大","小")');
    expect(fromSpreadsheet('=IF(金额=100; 5%; TRUE)', scope)).toBe('IF(amount==100, 5 / 100, true)');
    expect(fromSpreadsheet('=单号&"-"&2^3', scope)).toBe('no + "-" + 2**3');
    expect(fromSpreadsheet('=SUM(数量)*10%3', scope)).toBe('SUM(items.qty)*10%3');
    expect(fromSpreadsheet('amount > 1', scope)).toBe('amount > 1');
  });

  it('keeps full-width signs inside quotes', () => {
    expect(narrowSigns('（a，“，（”）')).toBe('(a,"，（")');
  });
});

describe('completion', () => {
  const labels = (source: string, explicit = false) =>
    suggest(source, source.length, scope, parts, explicit)?.items.map((i) => i.label);

  it('finds fields by title and by key, functions by name', () => {
    expect(labels('金')).toContain('金额');
    expect(labels('amo')?.[0]).toBe('金额');
    expect(labels('roun')).toEqual(['ROUND']);
    expect(suggest('1 + roun', 8, scope, parts, false)?.from).toBe(4);
  });

  it('follows links and rows', () => {
    expect(labels('customer.')?.slice(0, 2)).toEqual(['名称', '等级']);
    expect(labels('sum(items, .')).toEqual(['数量', '单价']);
    expect(labels('any(items, .pr')).toEqual(['单价']);
    expect(labels('inputs.')).toEqual(['原因']);
    expect(labels('old.am')).toEqual(['金额']);
  });

  it('is silent inside quotes and without a word, unless asked', () => {
    expect(labels('"am')).toBeUndefined();
    expect(labels('1 + ')).toBeUndefined();
    expect(labels('1 + ', true)?.length).toBeGreaterThan(5);
  });

  it('opens with the brace of a template', () => {
    const found = suggestInTemplate('订单 {', 4, scope, parts, false);
    expect(found?.items.find((i) => i.label === '单号')?.insert).toBe('no}');
    expect(suggestInTemplate('订单 no', 5, scope, parts, false)).toBeNull();
    expect(suggestInTemplate('{no} {cust}', 10, scope, parts, false)?.items[0]?.insert).toBe('customer');
  });
});

describe('layout of formulas', () => {
  it('breaks long calls and changes nothing else', () => {
    const source =
      'IF(amount>1000 and customer.level=="a",ROUND(amount*0.8,2),IF(amount>500,ROUND(amount*0.9,2),amount))';
    const laid = formatExpression(source);
    expect(laid.split('\n').length).toBeGreaterThan(3);
    expect(laid.split('\n').every((l) => l.length <= 80)).toBe(true);
    expect(tokenize(laid).map((token) => token.text)).toEqual(tokenize(source).map((token) => token.text));
    expect(formatExpression('-a+ -b')).toBe('-a + -b');
    expect(formatExpression('sum( items,.qty*2 )')).toBe('sum(items, .qty * 2)');
  });
});

describe('a field written by its title', () => {
  const settled = (source: string, template = false, at: Scope = scope) => {
    let text = source;
    for (let changes = titlesWritten(text, at, template); changes.length > 0; ) {
      text = replaceSegments(text, changes);
      changes = titlesWritten(text, at, template);
    }
    return text;
  };

  it('becomes the field, along links and in columns too', () => {
    expect(settled('金额 * 2')).toBe('amount * 2');
    expect(settled('SUM(明细.数量) + old.金额')).toBe('SUM(items.qty) + old.amount');
    expect(settled('{单号} / {客户.名称}', true)).toBe('{no} / {customer.name}');
    expect(settled('客户（没有括号）', true)).toBe('客户（没有括号）');
  });

  it('stays while it is being written, in quotes, and where two fields share it', () => {
    expect(titlesWritten('金额', scope, false, 2)).toEqual([]);
    expect(titlesWritten('金额+', scope, false, 3)).toEqual([{ from: 0, to: 2, text: 'amount' }]);
    expect(settled('no == "金额"')).toBe('no == "金额"');
    const twin = { id: 'fld_net', key: 'net', name: '金额', type: 'money' };
    const twins: Scope = { ...scope, record: fieldsOf({ ...order, fields: [...order.fields, twin] }) };
    expect(settled('金额 * 2', false, twins)).toBe('金额 * 2');
    expect(settled('没有 + let x = 1; x')).toBe('没有 + let x = 1; x');
  });
});
