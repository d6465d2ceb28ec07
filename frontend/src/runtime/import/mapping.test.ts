import { expect, test } from 'vitest';
import type { RuntimeEntity } from '@/api/types';
import { mappingOf, missing, proposed, type Uploaded } from './mapping';

const field = (key: string, required = false) => ({
  id: `f_${key}`,
  key,
  name: key,
  type: 'text',
  kind: 'text',
  traits: {},
  readable: true,
  writable: true,
  required,
});
const entity: RuntimeEntity = {
  id: 'e',
  key: 'customer',
  name: 'Customer',
  title: '',
  ops: [],
  fields: [field('name', true), field('phone')],
};
const uploaded: Uploaded = {
  upload: 'u',
  rows: 2,
  columns: [
    { name: 'Name', key: 'name', samples: [], guess: { field: 'name' } },
    { name: 'Company', key: 'company', samples: [], guess: { field: 'name' } },
    { name: 'Tel', key: 'tel', samples: [], guess: {} },
  ],
  mapping: { entity: 'customer', columns: [{ field: 'phone', column: 'Tel', on_blank: 'clear' }] },
};

test('a field takes one column', () => {
  expect(proposed(uploaded)).toEqual({ name: 'name', tel: 'phone' });
});

test('what the server proposed for a column stays', () => {
  expect(mappingOf(uploaded, entity, { name: 'name', tel: 'phone' }, 'upsert', ['name'], false)).toEqual({
    entity: 'customer',
    mode: 'upsert',
    match: ['name'],
    columns: [
      { field: 'name', column: 'Name' },
      { field: 'phone', column: 'Tel', on_blank: 'clear' },
    ],
    rules: false,
  });
});

test('required fields are missed unless records are only updated', () => {
  expect(missing(entity, { tel: 'phone' }, 'create').map((f) => f.key)).toEqual(['name']);
  expect(missing(entity, { tel: 'phone' }, 'update')).toEqual([]);
});
