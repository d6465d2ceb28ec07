import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Env, evaluate, evaluateText, Fault, holds, type Tree, Unsupported } from '.';
import { days, ymd } from './civil';
import { Dec } from './decimal';

const env: Env = { record: {}, old: {}, settings: {}, now: '0001-01-01T00:00:00Z', zone: 'UTC', me: null };

const lit = (k: Tree['k'], v: unknown): Tree => ({ o: 'lit', k, v });
const field = (k: Tree['k'], ...p: string[]): Tree => ({ o: 'field', k, r: 'record', p });
const call = (f: string, k: Tree['k'], ...a: Tree[]): Tree => ({ o: 'call', k, f, a });
const num = (s: string): Dec => Dec.parse(s) as Dec;

// The server writes this file from the examples of every function.
const examples: { in: string; tree: Tree; out: unknown }[] = JSON.parse(
  readFileSync('../schema/expr/testdata/examples.golden.json', 'utf8'),
);

// Functions that say why they have no form in the browser.
const serverOnly: string[] = JSON.parse(readFileSync('../schema/expr/testdata/functions.golden.json', 'utf8'))
  .filter((f: { no_client?: string }) => f.no_client)
  .map((f: { name: string }) => f.name);

describe('examples of the functions', () => {
  it.each(examples.map((e) => [e.in, e] as const))('%s', (_name, e) => {
    try {
      expect(evaluate(e.tree, env)).toEqual(e.out);
    } catch (err) {
      if (!(err instanceof Unsupported) || !serverOnly.some((name) => e.in.includes(`${name}(`))) throw err;
    }
  });
});

describe('evaluate', () => {
  it('reads numbers, long numbers and blanks of the record', () => {
    const sum = call('add', 'number', field('number', 'a'), field('number', 'b'));
    expect(evaluate(sum, { ...env, record: { a: 0.1, b: 0.2 } })).toBe(0.3);
    expect(evaluate(sum, { ...env, record: { a: '12345678901234567890', b: 1 } })).toBe('12345678901234567891');
    expect(evaluate(sum, { ...env, record: { a: 1 } })).toBeNull();
  });

  it('computes over sub-form rows', () => {
    const items = field('rows', 'items');
    const cell = (k: Tree['k'], p: string): Tree => ({ o: 'field', k, r: 'elem', p: [p] });
    const total: Tree = {
      o: 'each',
      k: 'number',
      n: 'sum',
      a: [items, call('mul', 'number', cell('number', 'qty'), cell('number', 'price'))],
    };
    const record = { items: [{ qty: 2, price: 1.5 }, { qty: 3, price: 0.1 }, {}] };
    expect(evaluate(total, { ...env, record })).toBe(3.3);
    const column: Tree = { o: 'field', k: 'list', e: 'number', r: 'record', p: ['items', 'qty'] };
    expect(evaluate(column, { ...env, record })).toEqual([2, 3, null]);
    expect(evaluate(total, { ...env, record: {} })).toBe(0);
  });

  it('follows expanded links and leaves bare ones to the server', () => {
    const name = field('text', 'customer', 'name');
    expect(evaluate(name, { ...env, record: { customer: { id: 'c1', name: '云图' } } })).toBe('云图');
    expect(evaluate(name, { ...env, record: { customer: null } })).toBeNull();
    expect(() => evaluate(name, { ...env, record: { customer: 'c1' } })).toThrow(Unsupported);
    expect(evaluate(field('ref', 'customer'), { ...env, record: { customer: { id: 'c1' } } })).toBe('c1');
  });

  it('leaves queries, unknown functions and missing roots to the server', () => {
    expect(() => evaluate({ o: 'query', k: 'bool', q: 'exists' }, env)).toThrow(Unsupported);
    expect(() => evaluate(call('is_member_of', 'bool'), env)).toThrow(Unsupported);
    expect(() => evaluate({ o: 'field', k: 'text', r: 'old', p: ['a'] }, { ...env, old: undefined })).toThrow(
      Unsupported,
    );
    expect(() => evaluate({ o: 'var', k: 'text', r: 'inputs', n: 'a', p: [] }, env)).toThrow(Unsupported);
  });

  it('reports faults by the code of the server', () => {
    const big = lit('number', '9'.repeat(38));
    expect(() => evaluate(call('add', 'number', big, big), env)).toThrow(new Fault('expr.overflow'));
    expect(() => evaluate(call('REPT', 'text', lit('text', '中'), lit('number', 30000)), env)).toThrow(
      new Fault('expr.text_too_long'),
    );
  });

  it('takes null for false in conditions only', () => {
    const nothing = lit('null', null);
    expect(holds(nothing, env)).toBe(false);
    expect(holds({ o: 'not', k: 'bool', a: [nothing] }, env)).toBe(true);
    expect(evaluate(call('gt', 'bool', lit('number', 1), nothing), env)).toBe(false);
    expect(evaluate(call('eq', 'bool', nothing, nothing), env)).toBe(true);
  });

  it('shows the civil day of the zone', () => {
    const at = { ...env, now: new Date('2026-11-21T16:30:00Z') };
    expect(evaluate(call('TODAY', 'date'), { ...at, zone: 'Asia/Shanghai' })).toBe('2026-11-22');
    expect(evaluate(call('TODAY', 'date'), { ...at, zone: 'America/New_York' })).toBe('2026-11-21');
    expect(evaluateText(call('NOW', 'time'), at)).toBe('2026-11-21T16:30:00Z');
  });
});

describe('Dec', () => {
  it('divides and rounds half away from zero', () => {
    expect(num('2').div(num('3')).toString()).toBe('0.666666666666666667');
    expect(num('-2').div(num('3')).toString()).toBe('-0.666666666666666667');
    expect(num('-2.5').round(0).toString()).toBe('-3');
    expect(num('1250').round(-2).toString()).toBe('1300');
    expect(num('1.005').fixed(2)).toBe('1.01');
    expect(num('-0.001').fixed(2)).toBe('0.00');
  });

  it('reads what JSON can hold and nothing else', () => {
    expect(num('1e-7').toString()).toBe('0.0000001');
    expect(num('1.5e3').toString()).toBe('1500');
    for (const s of ['', '.', '-', '1,000', 'x', '0x10', 'NaN', 'Infinity']) expect(Dec.parse(s)).toBeNull();
  });

  it('takes exact roots', () => {
    expect(num('2').sqrt().toString()).toBe('1.414213562373095049');
    expect(num('0').sqrt().toString()).toBe('0');
    expect(num('1e-18').sqrt().toString()).toBe('0.000000001');
    expect(num('9'.repeat(38)).sqrt().toString()).toBe('10000000000000000000');
  });
});

describe('civil days', () => {
  it('count through every day of the calendar', () => {
    expect(days(1970, 1, 1)).toBe(0);
    for (const n of [days(1, 1, 1), -1, 0, 59, 11016, days(9999, 12, 31)]) expect(days(...ymd(n))).toBe(n);
  });
});
