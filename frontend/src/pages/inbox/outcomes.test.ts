import { expect, it } from 'vitest';
import type { Task } from '@/api/types';
import { sharedOutcomes } from './outcomes';

const task = (...outcomes: { key: string; label: string; needs_comment?: boolean }[]) =>
  ({ outcomes }) as unknown as Task;
const yes = { key: 'yes', label: '同意' };
const no = { key: 'no', label: '驳回', needs_comment: true };

it('offers what all tasks can end with', () => {
  expect(sharedOutcomes([task(yes, no), task(no, yes)]).map((o) => o.key)).toEqual(['yes', 'no']);
  expect(sharedOutcomes([task(yes, no), task(yes)]).map((o) => o.key)).toEqual(['yes']);
  expect(sharedOutcomes([task(yes), task({ key: 'yes', label: '通过' })])).toEqual([]);
  expect(sharedOutcomes([task(yes), task()])).toEqual([]);
  expect(sharedOutcomes([task(), task()]).map((o) => o.key)).toEqual(['done']);
  expect(sharedOutcomes([])).toEqual([]);
});

it('asks for a comment where one of them does', () => {
  const strict = { ...yes, needs_comment: true };
  expect(sharedOutcomes([task(yes), task(strict)])[0]?.needs_comment).toBe(true);
  expect(sharedOutcomes([task(yes), task(yes)])[0]?.needs_comment).toBe(false);
});
