import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { keys } from '../keys';
import { patchCachedRecord } from './records';

test('a changed record reaches every cached page, beside what else is kept about lists', () => {
  const client = new QueryClient();
  const lists = keys.recordLists('crm', 'deal');
  const records = [
    { id: 'a', rev: 1, name: 'A' },
    { id: 'b', rev: 1, name: 'B' },
  ];
  client.setQueryData([...lists, 'revision'], 1795328699437);
  client.setQueryData([...lists, 'page'], { records });
  client.setQueryData([...lists, 'endless'], { pages: [{ records }], pageParams: [null] });
  patchCachedRecord(client, { app: 'crm', entity: 'deal' }, 'b', { rev: 2, name: 'B2' });
  const changed = [records[0], { id: 'b', rev: 2, name: 'B2' }];
  expect(client.getQueryData([...lists, 'revision'])).toBe(1795328699437);
  expect(client.getQueryData([...lists, 'page'])).toEqual({ records: changed });
  expect(client.getQueryData([...lists, 'endless'])).toEqual({ pages: [{ records: changed }], pageParams: [null] });
});
