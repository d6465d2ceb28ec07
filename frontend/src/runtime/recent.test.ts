import { renderHook } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { noteRecent, useRecent } from './recent';

beforeEach(() => localStorage.clear());

test('pages opened lately are of the person who opened them', () => {
  const li = { key: 'acme', member_id: 'mem_1' };
  const wang = { key: 'acme', member_id: 'mem_2' };
  noteRecent(li, { path: '/w/acme/a/crm/customer/r/1', title: '云图' });
  expect(renderHook(() => useRecent(li)).result.current.map((r) => r.title)).toEqual(['云图']);
  expect(renderHook(() => useRecent(wang)).result.current).toEqual([]);
});
