import { describe, expect, it } from 'vitest';
import type { RuntimeEntity } from '@/api/types';
import { sortSeen } from './views';

const contacts = {
  ops: ['read'],
  fields: [
    { id: 'fld_1', key: 'title', readable: true, traits: {} },
    { id: 'fld_2', key: 'phone', readable: true, masked: true, traits: {} },
  ],
} as unknown as RuntimeEntity;

describe('the order of a shared view', () => {
  it('leaves out fields that the reader does not see whole, and keeps the rest', () => {
    const sort = [
      { field: 'fld_hidden' },
      { field: 'fld_2', desc: true },
      { field: 'fld_1', desc: true },
      { field: 'created_at' },
    ];
    expect(sortSeen(sort, contacts)).toEqual([{ field: 'fld_1', desc: true }, { field: 'created_at' }]);
  });
});
