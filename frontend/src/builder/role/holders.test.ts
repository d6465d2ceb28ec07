import { expect, it } from 'vitest';
import { holdersOf } from './holders';

it('a role is held by those it was given to and by all in and below a department', () => {
  const given = [{ app: 'a', role: 'r' }];
  const unit = (id: string, parent: string | null, roles = [] as typeof given) => ({
    id,
    name: id,
    parent,
    head: null,
    position: 0,
    roles,
  });
  const units = [unit('team', 'sales'), unit('sales', null, given), unit('office', null)];
  const people = [
    { name: '甲', departments: ['team'], roles: [] },
    { name: '乙', departments: ['office'], roles: given },
    { name: '丙', departments: ['office'], roles: [{ app: 'b', role: 'r' }] },
    { name: '丁', departments: ['sales'] },
  ];
  expect(holdersOf(people, units, 'a', 'r').map((p) => p.name)).toEqual(['甲', '乙', '丁']);
});
