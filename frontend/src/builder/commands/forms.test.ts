import { describe, expect, it } from 'vitest';
import type { MenuItem, Role, Rule } from '@/api/types';
import type { MutableDocs } from './fields';
import { deleteDocument, onlyFor } from './forms';

const role = (id: string) => ({ id, kind: 'role', body: { id, key: id, name: id, grants: [] } satisfies Role });
const button = (id: string, roles?: string[]) => ({
  id,
  kind: 'rule',
  body: { id, key: id, name: id, trigger: { type: 'button', roles }, steps: [] } as unknown as Rule,
});

function app(): MutableDocs {
  const menu: MenuItem[] = [
    { id: 'all', name: 'All', entity: 'e' },
    { id: 'both', name: 'Both', entity: 'e', roles: ['sales', 'boss'] },
    { id: 'group', name: 'Group', items: [{ id: 'one', name: 'Only sales', entity: 'e', roles: ['sales'] }] },
  ];
  return {
    app: { id: 'app', kind: 'app', body: { id: 'app', key: 'a', name: 'A', menu, home: { sales: 'all' } } },
    sales: role('sales'),
    boss: role('boss'),
    claim: button('claim', ['sales']),
    hand: button('hand', ['boss', 'sales']),
    open: button('open'),
  } as unknown as MutableDocs;
}

const rolesOf = (docs: MutableDocs, id: string) => (docs[id] as unknown as { body: Rule }).body.trigger.roles;
const menuOf = (docs: MutableDocs) => (docs.app as unknown as { body: { menu: MenuItem[] } }).body.menu;

describe('a role that is deleted', () => {
  it('says what was for it alone', () => {
    expect(onlyFor(app(), 'sales')).toEqual(['Only sales', 'claim']);
    expect(onlyFor(app(), 'boss')).toEqual([]);
  });

  it('leaves what was for it alone to administrators, and opens nothing to everybody', () => {
    const docs = app();
    deleteDocument(docs, 'sales');
    expect(rolesOf(docs, 'claim')).toEqual(['sales']);
    expect(rolesOf(docs, 'hand')).toEqual(['boss']);
    expect(rolesOf(docs, 'open')).toBeUndefined();
    const [all, both, group] = menuOf(docs);
    expect(all?.roles).toBeUndefined();
    expect(both?.roles).toEqual(['boss']);
    expect(group?.items?.[0]?.roles).toEqual(['sales']);
  });
});
