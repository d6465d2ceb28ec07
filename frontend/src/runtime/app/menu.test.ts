import { expect, test } from 'vitest';
import type { MenuItem, Runtime } from '@/api/types';
import { runtime } from '../../../e2e/fixtures/data';
import { findEntry, homeEntry, leaves, menuOf } from './menu';

function withMenu(menu: MenuItem[], change: Partial<Runtime> = {}): Runtime {
  return { ...runtime, ...change, app: { ...runtime.app, menu, ...change.app } };
}

test('addresses are the readable keys of their targets', () => {
  const slugs = leaves(menuOf(runtime)).map((e) => e.slug);
  expect(slugs).toEqual(['overview', 'customer', 'lead', 'deal', 'contract', 'ticket', 'mnu_help']);
});

test('a key that two entries share, or that is a route, stays an id', () => {
  const twice = withMenu([
    { id: 'mnu_a', name: 'A', entity: 'ent_customer' },
    { id: 'mnu_b', name: 'B', entity: 'ent_customer' },
  ]);
  expect(menuOf(twice).map((e) => e.slug)).toEqual(['mnu_a', 'mnu_b']);
  const reserved = withMenu([{ id: 'mnu_e', name: 'E', entity: 'ent_edit' }], {
    entities: [{ ...(runtime.entities[0] as Runtime['entities'][number]), id: 'ent_edit', key: 'edit' }],
  });
  expect(menuOf(reserved)[0]?.slug).toBe('mnu_e');
});

test('what a member may not open is left out, with groups that become empty', () => {
  const menu: MenuItem[] = [
    { id: 'mnu_g', name: 'G', items: [{ id: 'mnu_x', name: 'X', entity: 'ent_gone' }] },
    { id: 'mnu_r', name: 'R', entity: 'ent_lead', roles: ['rol_boss'] },
    { id: 'mnu_s', name: 'S', url: 'javascript:alert(1)' },
    { id: 'mnu_c', name: 'C', entity: 'ent_customer' },
  ];
  const plain = withMenu(menu, { me: { member_id: 'mem_2', admin: false, roles: [] } });
  expect(menuOf(plain).map((e) => e.item.id)).toEqual(['mnu_c']);
  const boss = withMenu(menu, { me: { member_id: 'mem_2', admin: false, roles: ['rol_boss'] } });
  expect(menuOf(boss).map((e) => e.item.id)).toEqual(['mnu_r', 'mnu_c']);
});

test('the short menu hides advanced entries except those it names', () => {
  const menu: MenuItem[] = [
    { id: 'mnu_a', name: 'A', entity: 'ent_customer' },
    { id: 'mnu_b', name: 'B', entity: 'ent_lead', advanced: true },
    { id: 'mnu_c', name: 'C', entity: 'ent_deal', advanced: true },
  ];
  const app = withMenu(menu, { app: { ...runtime.app, menu, light_menu: ['mnu_c'] } });
  expect(menuOf(app, { light: true }).map((e) => e.item.id)).toEqual(['mnu_a', 'mnu_c']);
  expect(menuOf(app)).toHaveLength(3);
});

test("the short menu shows the page where the member's day begins, out of its hidden group", () => {
  const menu: MenuItem[] = [
    { id: 'mnu_a', name: 'A', entity: 'ent_customer' },
    {
      id: 'mnu_g',
      name: 'G',
      advanced: true,
      items: [
        { id: 'mnu_b', name: 'B', entity: 'ent_lead', advanced: true },
        { id: 'mnu_c', name: 'C', entity: 'ent_deal', advanced: true },
      ],
    },
  ];
  const app = withMenu(menu, {
    app: { ...runtime.app, menu, light_menu: ['mnu_a'], home: { rol_agent: 'mnu_c' } },
    me: { member_id: 'mem_2', admin: false, roles: ['rol_agent'] },
  });
  expect(menuOf(app, { light: true }).map((e) => e.item.id)).toEqual(['mnu_c', 'mnu_a']);
});

test('an entity without an entry still has an address', () => {
  const app = withMenu([]);
  const entries = menuOf(app);
  expect(findEntry(app, entries, 'deal')?.target).toMatchObject({ kind: 'entity' });
  expect(findEntry(app, entries, 'nothing')).toBeUndefined();
});

test('the home is that of the role, else of all, else the first page', () => {
  const entries = menuOf(runtime);
  expect(homeEntry(runtime, entries)?.slug).toBe('overview');
  const all = withMenu(runtime.app.menu ?? [], {
    app: { ...runtime.app, home: { '*': 'mnu_lead', rol_manager: 'mnu_deal' } },
  });
  expect(homeEntry(all, menuOf(all))?.slug).toBe('deal');
  const other = { ...all, me: { ...all.me, roles: [] } };
  expect(homeEntry(other, menuOf(other))?.slug).toBe('lead');
});
