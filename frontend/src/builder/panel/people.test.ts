import { beforeAll, describe, expect, it } from 'vitest';
import type { Entity, Role, Rule } from '@/api/types';
import { setLocale } from '@/locales';
import { fieldsOf, type Scope } from '../formula/refs';
import type { Doc, Docs } from '../model';
import { partsOf } from '../parts';
import { ruleScope } from '../usage';
import { type Around, canFall, entryOf, peopleOffers, peopleWords, printPeople, readPeople } from './people';

const customer: Entity = {
  id: 'ent_customer',
  key: 'customer',
  name: '客户',
  title: '',
  fields: [
    { id: 'fld_csm', key: 'csm', name: '客服经理', type: 'member' },
    { id: 'fld_mail', key: 'mail', name: '邮箱', type: 'email' },
  ],
};
const order: Entity = {
  id: 'ent_order',
  key: 'order',
  name: '订单',
  title: '',
  fields: [
    { id: 'fld_no', key: 'no', name: '单号', type: 'text' },
    { id: 'fld_customer', key: 'customer', name: '客户', type: 'link', options: { entity: 'ent_customer' } },
    { id: 'fld_buyers', key: 'buyers', name: '客户们', type: 'links', options: { entity: 'ent_customer' } },
    { id: 'fld_helpers', key: 'helpers', name: '协作人', type: 'members' },
    { id: 'fld_dept', key: 'dept', name: '部门', type: 'department' },
  ],
};
const finance: Role = { id: 'rol_finance', key: 'finance', name: '财务', grants: [] };
const docs: Docs = {
  ...Object.fromEntries([customer, order].map((body) => [body.id, { id: body.id, kind: 'entity', body } as Doc])),
  rol_finance: { id: 'rol_finance', kind: 'role', body: finance } as Doc,
};
const type = (name: string, kind: string, trait?: string) => ({
  name,
  label: name,
  extra: { kind, traits: trait ? { [trait]: true } : {} },
});
const parts = partsOf({
  fields: [
    type('text', 'text'),
    type('email', 'text', 'holds_mail'),
    type('member', 'ref', 'holds_member'),
    type('members', 'list', 'holds_member'),
    type('department', 'ref', 'holds_department'),
    type('link', 'ref', 'holds_ref'),
    type('links', 'list', 'holds_ref'),
  ],
} as never);
const scope: Scope = {
  docs,
  record: fieldsOf(order),
  roots: { old: fieldsOf(order) },
  vars: [{ root: 'inputs', key: 'to', label: '分给', type: 'member' }],
};
const around: Around = { scope, parts, mail: false };
const mail: Around = { scope, parts, mail: true };
const ann = '7e1bcd5c-8b50-4f6e-9d8a-1f2c3b4a5d6e';

describe('people', () => {
  beforeAll(() => setLocale('zh-CN', ['base', 'build']));

  it.each([
    '',
    'owner',
    'me()',
    'helpers',
    'dept',
    '"finance"',
    'inputs.to',
    'customer.csm',
    'manager_of(customer.owner)',
    '[owner, manager_of(owner)]',
    `["finance", "${ann}"]`,
    'customer.csm ?? customer.owner ?? owner',
    'UNION([owner, me()], ["finance"])',
    'UNION([owner], helpers, buyers.csm)',
    'old.owner',
  ])('reads and writes %s', (source) => {
    const people = readPeople(source, around);
    expect(people && printPeople(people)).toBe(source);
  });

  it.each([
    'no',
    'customer',
    'IF(no == "1", owner, me())',
    'owner ==',
    'customer.mail',
    'helpers ?? owner',
    'manager_of(helpers)',
    'owners',
    '"',
  ])('leaves %s a formula', (source) => expect(readPeople(source, around)).toBeNull());

  it('takes addresses where mail is sent', () => {
    const people = readPeople('UNION([owner], [customer.mail, "a@b.cn"])', mail);
    expect(people?.list.map((e) => e.shape)).toEqual(['ref', 'text', 'text']);
    expect(people && printPeople(people)).toBe('UNION([owner], [customer.mail, "a@b.cn"])');
  });

  it('asks for the first only among single values of one kind', () => {
    const list = (source: string) => readPeople(source, around)?.list ?? [];
    expect(canFall(list('[owner, me()]'))).toBe(true);
    expect(canFall(list('UNION([owner], helpers)'))).toBe(false);
    const mixed = [...list('owner'), entryOf('finance')];
    expect(printPeople({ join: 'first', list: mixed })).toBe('UNION([owner], ["finance"])');
  });

  it('says them in words', () => {
    const names = new Map([[ann, 'Ann']]);
    const words = (source: string) => peopleWords(source, around, names);
    expect(words(`UNION([customer.csm, manager_of(owner)], ["finance", "${ann}"])`)).toBe(
      '客户 › 客服经理、负责人的上级、财务、Ann',
    );
    expect(words('customer.csm ?? owner')).toBe('客户 › 客服经理，没有则 负责人');
    expect(words('IF(true, owner, me())')).toBeNull();
  });

  it('offers what reads back as itself', () => {
    for (const where of [around, mail]) {
      const offers = peopleOffers(where);
      for (const offer of offers)
        expect(readPeople(offer.expr, where)?.list).toEqual([{ expr: offer.expr, shape: offer.shape }]);
      expect(new Set(offers.map((o) => o.expr)).size).toBe(offers.length);
    }
    const exprs = peopleOffers(around).map((o) => o.expr);
    expect(exprs).toEqual(
      expect.arrayContaining([
        'owner',
        'helpers',
        'customer.csm',
        'buyers.csm',
        'inputs.to',
        'me()',
        'manager_of(customer.csm)',
        '"finance"',
      ]),
    );
    expect(exprs).not.toContain('customer.mail');
    expect(peopleOffers(mail).map((o) => o.expr)).toContain('customer.mail');
  });

  it('offers nobody as the one who set the rule off where it was time', () => {
    const rule = { id: 'rul_1', key: 'daily', name: '', entity: 'ent_order', steps: [] } as unknown as Rule;
    const offers = (type: Rule['trigger']['type']) =>
      peopleOffers({ scope: ruleScope(docs, { ...rule, trigger: { type } }, parts), parts, mail: false }).map(
        (o) => o.expr,
      );
    expect(offers('updated')).toEqual(expect.arrayContaining(['me()', 'manager_of(me())']));
    expect(offers('date').filter((expr) => expr.includes('me()'))).toEqual([]);
    expect(offers('date')).toContain('manager_of(owner)');
  });
});
