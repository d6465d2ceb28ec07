// The form's store: live formulas and rules, defaults, checks, what is sent,
// drafts and merging with what others saved.
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Form, RecordData, RuntimeEntity, RuntimeField } from '@/api/types';
import type { FieldContext } from '@/fields/define';
import { loadMessages, setLocale } from '@/locales';
import { FormModel, type FormOptions, normalPath } from './model';

const field = (key: string, type: string, kind: string, extra: Partial<RuntimeField> = {}): RuntimeField => ({
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
const computed = { traits: { computed: true }, writable: false };

const fields = [
  field('name', 'text', 'text', { required: true }),
  field('status', 'text', 'text', { default: { value: 'open' } }),
  field('qty', 'number', 'number', { default: { value: 2 }, options: { min: 1, max: 100 } }),
  field('price', 'money', 'number'),
  field('amount', 'formula', 'number', { ...computed, options: { expr: 'qty * price', scale: 2 } }),
  field('tax', 'formula', 'number', { ...computed, options: { expr: 'amount * 0.13', scale: 2 } }),
  field('reason', 'text', 'text', { required_when: 'amount > 1000' }),
  field('twice', 'number', 'number', { default: { formula: 'qty * 2' } }),
  field('day', 'date', 'date', { default: { current: 'date' } }),
  field('seller', 'member', 'ref', { default: { current: 'member' } }),
  field('source', 'text', 'text', { default: { url_param: 'from' } }),
  field('customer', 'link', 'ref', {
    link: { entity: 'ent_customer', many: false },
    options: { fill: [{ from: 'fld_c_phone', to: 'fld_phone' }] },
  }),
  field('phone', 'text', 'text'),
  field('level', 'lookup', 'text', { ...computed, options: { link: 'fld_customer', field: 'fld_c_level' } }),
  field('risk', 'formula', 'number', { ...computed, options: { expr: 'count_records("order", "…")' } }),
  field('items', 'subform', 'rows', {
    traits: { multiple: true },
    fields: [
      field('what', 'text', 'text', { required: true }),
      field('n', 'number', 'number'),
      field('each', 'number', 'number'),
      field('line', 'formula', 'number', { ...computed, options: { expr: 'n * each' } }),
    ],
  }),
  field('total', 'rollup', 'number', { ...computed, options: { rows: 'fld_items', fn: 'sum', field: 'fld_line' } }),
];

const entity: RuntimeEntity = {
  id: 'ent_order',
  key: 'order',
  name: 'order',
  title: '{name}',
  ops: ['create', 'read', 'update'],
  fields,
  checks: [{ id: 'chk_1', when: 'qty > 50', message: 'too many', fields: ['fld_qty'] }],
};
const customer: RuntimeEntity = {
  id: 'ent_customer',
  key: 'customer',
  name: 'customer',
  title: '{name}',
  ops: ['read'],
  fields: [field('c_phone', 'text', 'text'), field('c_level', 'text', 'text')],
};

const form: Form = {
  id: 'frm',
  key: 'f',
  entity: 'ent_order',
  name: 'f',
  layout: [
    { type: 'field', field: 'fld_name' },
    { type: 'section', items: fields.slice(1).map((f) => ({ type: 'field' as const, field: f.id })) },
  ],
  rules: [
    { id: 'r1', when: 'amount > 1000', show: ['fld_reason'] },
    { id: 'r2', when: 'status == "closed"', lock: ['fld_price'], hide: ['fld_phone'] },
  ],
};

const get = (key: string, k = 'number', r = 'record') => ({ o: 'field', k, r, p: [key] });
const call = (f: string, k: string, ...a: unknown[]) => ({ o: 'call', k, f, a });
const lit = (v: unknown, k = 'number') => ({ o: 'lit', k, v });
const big = call('gt', 'bool', get('amount'), lit(1000));
const trees = {
  'formula:fld_amount': call('mul', 'number', get('qty'), get('price')),
  'formula:fld_tax': call('mul', 'number', get('amount'), lit(0.13)),
  'formula:fld_line': call('mul', 'number', get('n'), get('each')),
  'default:fld_twice': call('mul', 'number', get('qty'), lit(2)),
  'rule:r1': big,
  'required:fld_reason': big,
  'rule:r2': call('eq', 'bool', get('status', 'text'), lit('closed', 'text')),
  'check:chk_1': call('gt', 'bool', get('qty'), lit(50)),
} as unknown as FormOptions['trees'];

const ctx: FieldContext = { names: {}, locale: 'en-US', zone: 'Asia/Shanghai', app: null };
const now = () => new Date('2026-11-22T18:00:00Z');
const make = (more: Partial<FormOptions> = {}) =>
  new FormModel({
    entity,
    form,
    trees,
    env: { zone: 'Asia/Shanghai', me: 'mem_1' },
    now,
    target: () => customer,
    ...more,
  });
const value = (model: FormModel, key: string) => model.fieldState(key).value;

beforeAll(async () => {
  await setLocale('en-US');
  await loadMessages('record');
});

describe('a new record', () => {
  it('starts with defaults: values, formulas, the reader, the day of the workspace, parameters', () => {
    const model = make({ params: new URLSearchParams('from=fair') });
    expect([
      value(model, 'status'),
      value(model, 'qty'),
      value(model, 'twice'),
      value(model, 'day'),
      value(model, 'seller'),
      value(model, 'source'),
    ]).toEqual(['open', 2, 4, '2026-11-23', 'mem_1', 'fair']);
    expect(model.formState().dirty).toBe(false);
  });

  it('lets defaults follow until somebody enters something else', () => {
    const model = make();
    model.set('qty', 5);
    expect(value(model, 'twice')).toBe(10);
    model.set('twice', 1);
    model.set('qty', 6);
    expect(value(model, 'twice')).toBe(1);
  });

  it('sends what is filled in, and null for a default that was emptied', () => {
    const model = make();
    model.set('name', 'A');
    model.set('qty', null);
    const sent = model.payload();
    expect(sent).toMatchObject({ name: 'A', qty: null, status: 'open' });
    expect(sent).not.toHaveProperty('amount');
    expect(sent).not.toHaveProperty('phone');
  });

  it('starts with what it is given rather than with the default', () => {
    expect(value(make({ start: { status: 'won', customer: 'c1' } }), 'status')).toBe('won');
  });
});

describe('formulas', () => {
  it('follow their inputs and each other, rounded as the field says', () => {
    const model = make();
    model.set('price', 10.005);
    expect(value(model, 'amount')).toBe(20.01);
    expect(value(model, 'tax')).toBe(2.6);
    model.set('price', null);
    expect(value(model, 'amount')).toBeNull();
  });

  it('tell only the fields that changed', () => {
    const model = make();
    const amount = vi.fn();
    const name = vi.fn();
    model.subscribe('amount', amount);
    model.subscribe('name', name);
    model.set('price', 3);
    expect(amount).toHaveBeenCalledTimes(1);
    expect(name).not.toHaveBeenCalled();
  });

  it('compute rows and roll them up', () => {
    const model = make();
    model.set('items', [
      { _key: 'a', what: 'x', n: 2, each: 3.5 },
      { _key: 'b', what: 'y', n: 1, each: 0.1 },
    ]);
    const rows = value(model, 'items') as Record<string, unknown>[];
    expect(rows.map((r) => r.line)).toEqual([7, 0.1]);
    expect(value(model, 'total')).toBe(7.1);
    const sent = model.payload().items as Record<string, unknown>[];
    expect(sent[0]).toEqual({ what: 'x', n: 2, each: 3.5 });
  });

  it('keep the rows that did not change as they are', () => {
    const model = make();
    model.set('items', [{ _key: 'a', n: 2, each: 3 }]);
    const first = (value(model, 'items') as object[])[0];
    model.set('items', [first, { _key: 'b', n: 1, each: 1 }]);
    expect((value(model, 'items') as object[])[0]).toBe(first);
  });

  it('ask the server for what the browser cannot know, once things have settled', async () => {
    vi.useFakeTimers();
    const evaluate = vi.fn(async () => ({ values: { risk: 7 } }));
    const model = make({ evaluate });
    model.set('name', 'a');
    model.set('name', 'ab');
    await vi.advanceTimersByTimeAsync(400);
    expect(evaluate).toHaveBeenCalledTimes(1);
    expect(value(model, 'risk')).toBe(7);
    await vi.advanceTimersByTimeAsync(2000);
    expect(evaluate).toHaveBeenCalledTimes(1);
    vi.useRealTimers();
  });
});

describe('display rules', () => {
  it('show, hide and lock while their conditions hold', () => {
    const model = make();
    expect(model.fieldState('reason').visible).toBe(false);
    model.set('price', 1000);
    expect(model.fieldState('reason')).toMatchObject({ visible: true, required: true });
    model.set('status', 'closed');
    expect(model.fieldState('price').locked).toBe(true);
    expect(model.isVisible('fld_phone')).toBe(false);
  });

  it.each([
    ['keep', '138'],
    ['clear', null],
    ['recompute', null],
  ] as const)('with the policy %s a hidden field is sent as %s', (policy, sent) => {
    const model = make({ form: { ...form, hidden_policy: policy } });
    model.set('phone', '138');
    model.set('status', 'closed');
    expect(model.payload().phone).toBe(sent);
  });
});

describe('checks', () => {
  it('name what is missing or wrong, in the order of the form', () => {
    const model = make();
    model.set('qty', 200);
    model.set('price', 1000);
    model.set('items', [{ _key: 'a', n: 1 }]);
    const issues = model.validate(ctx);
    expect(issues.map((i) => i.path)).toEqual(['name', 'qty', 'reason', 'items/0/what']);
    expect(issues[3]?.label).toBe('items, row 1, what');
  });

  it('hold submit checks of the entity', () => {
    const model = make();
    model.set('name', 'A');
    model.set('qty', 60);
    expect(model.validate(ctx)).toEqual([{ path: 'qty', label: 'qty', message: 'too many' }]);
  });

  it('leave once their field is mended', () => {
    const model = make();
    model.validate(ctx);
    expect(model.fieldState('name').error).toBeDefined();
    model.set('name', 'A');
    expect(model.fieldState('name').error).toBeUndefined();
  });

  it('put the server’s faults beside fields, rows and the whole record', () => {
    const model = make();
    model.set('items', [{ _key: 'a', what: 'x' }]);
    model.setFaults([
      { path: '/values/items/0/n', code: 'x', message: 'bad' },
      { path: 'nowhere', code: 'x', message: 'refused' },
    ]);
    expect(model.fieldState('items').faults).toEqual({ '0/n': 'bad' });
    expect(model.formState().issues.map((i) => i.path)).toEqual(['', 'items/0/n']);
  });

  it('know all spellings of a path', () => {
    expect(['items[0].qty', '/items/0/qty', 'values.items.0.qty'].map(normalPath)).toEqual([
      'items/0/qty',
      'items/0/qty',
      'items/0/qty',
    ]);
  });
});

describe('links', () => {
  it('fill, look up and remember the name', () => {
    const model = make();
    model.set('customer', 'c1');
    model.pick(fields.find((f) => f.key === 'customer') as RuntimeField, {
      id: 'c1',
      rev: 1,
      _title: 'Acme',
      c_phone: '555',
      c_level: 'vip',
    });
    expect(value(model, 'phone')).toBe('555');
    expect(value(model, 'level')).toBe('vip');
    expect(model.names.c1).toBe('Acme');
    model.set('customer', null);
    expect(value(model, 'level')).toBeNull();
    expect(value(model, 'phone')).toBe('555');
  });
});

describe('an existing record', () => {
  const record: RecordData = {
    id: 'r1',
    rev: 3,
    name: 'A',
    qty: 2,
    price: 10,
    amount: 20,
    status: 'open',
    phone: '1',
    items: [{ id: 'i1', what: 'x', n: 1, each: 2, line: 2 }],
  };

  it('has no changes to begin with, and sends only what changed', () => {
    const model = make({ record });
    expect(model.formState().dirty).toBe(false);
    model.set('phone', '2');
    expect(model.changes()).toEqual({ phone: '2' });
    model.set('phone', '1');
    expect(model.formState().dirty).toBe(false);
  });

  it('keeps the ids of its rows', () => {
    const model = make({ record });
    model.set('items', [
      { id: 'i1', what: 'x', n: 3, each: 2, line: 2 },
      { _key: 'k', what: 'y' },
    ]);
    expect(model.changes().items).toEqual([
      { id: 'i1', what: 'x', n: 3, each: 2 },
      { what: 'y', n: null, each: null },
    ]);
  });

  it('does not ask for what was missing before', () => {
    const model = make({ record: { ...record, name: null } });
    model.set('phone', '2');
    expect(model.validate(ctx)).toEqual([]);
  });

  it('merges with what others saved, and offers a choice where both changed the same', () => {
    const theirs: RecordData = { ...record, rev: 4, phone: '9', status: 'won' };
    const model = make({ record });
    model.set('phone', '2');
    model.set('price', 11);
    expect(model.clashes(theirs).map((c) => [c.field.key, c.mine, c.theirs])).toEqual([['phone', '2', '9']]);
    model.rebase(theirs, new Set());
    expect(model.rev).toBe(4);
    expect([value(model, 'phone'), value(model, 'status'), value(model, 'price')]).toEqual(['9', 'won', 11]);
    expect(model.changes()).toEqual({ price: 11 });
  });

  it('keeps mine where I say so', () => {
    const model = make({ record });
    model.set('phone', '2');
    model.rebase({ ...record, rev: 4, phone: '9' }, new Set(['phone']));
    expect(model.changes()).toEqual({ phone: '2' });
  });
});

describe('drafts', () => {
  it('bring back what was entered, with the names it needs', () => {
    const first = make();
    first.set('name', 'half');
    first.set('customer', 'c1');
    first.learn({ c1: 'Acme' });
    const draft = JSON.parse(JSON.stringify(first.draft()));
    const second = make();
    second.restore(draft);
    expect([value(second, 'name'), second.names.c1, second.formState().dirty]).toEqual(['half', 'Acme', true]);
    second.reset();
    expect([value(second, 'name'), value(second, 'qty'), second.formState().dirty]).toEqual([null, 2, false]);
  });
});
