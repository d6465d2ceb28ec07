import { expect, it } from 'vitest';
import type { Entity } from '@/api/types';
import { fieldFaults } from './faults';
import { placeMissing } from './model';

const entity = {
  id: 'ent_a',
  fields: [
    { id: 'fld_name', key: 'name' },
    { id: 'fld_rows', key: 'rows', fields: [{ id: 'fld_qty', key: 'qty' }] },
  ],
} as unknown as Entity;

it('finds the faults of fields and columns by where they stand', () => {
  const found = fieldFaults(
    [
      { path: 'ent_b/fields/0/options', code: 'x', message: 'of another form' },
      { path: 'ent_a/fields/1/fields/0/options/expr', code: 'x', message: 'of the column' },
      { path: 'ent_a/fields/1', code: 'x', message: 'of the sub-form' },
      { path: 'ent_a/checks/0', code: 'x', message: 'of a check' },
      { path: 'ent_a/fields/7', code: 'x', message: 'of a field that is gone' },
    ],
    entity,
  );
  expect([...found]).toEqual([
    ['fld_rows', 'of the column'],
    ['fld_qty', 'of the column'],
  ]);
});

it('puts what is missing where its control is, each on its own', () => {
  const other = { path: 'ent_a/fields/2', code: 'x', message: 'of something else' };
  const placed = placeMissing([
    { path: 'ent_a/fields/0/options', code: 'schema.missing', params: { name: 'link, field' }, message: 'link, field' },
    other,
  ]);
  expect(placed.map((fault) => fault.path)).toEqual([
    'ent_a/fields/0/options/link',
    'ent_a/fields/0/options/field',
    'ent_a/fields/2',
  ]);
  // The words of an interface, not of a document.
  expect(placed[0]?.message).not.toContain('link');
  expect(placed[2]).toBe(other);
});
