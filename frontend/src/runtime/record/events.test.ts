import { describe, expect, it, test } from 'vitest';
import type { Run, Task } from '@/api/types';
import { mentionParts, mentionQuery, tell } from './events';

describe('the story of a record', () => {
  it('is told newest first', () => {
    const events = tell(
      [{ id: '1', at: '2026-11-20T10:00:00Z', op: 'create', rev: 1, actor: null, changes: [] }],
      [{ id: '2', text: 'hi', mentions: [], created_at: '2026-11-22T10:00:00Z', edited_at: null, created_by: null }],
      [{ id: '3', created_at: '2026-11-21T10:00:00Z' } as Run],
    );
    expect(events.map((e) => e.kind)).toEqual(['comment', 'run', 'change']);
  });
  it('finds who is being mentioned before the caret', () => {
    expect(mentionQuery('问一下 @林', 6)).toEqual({ query: '林', from: 4 });
    expect(mentionQuery('@', 1)).toEqual({ query: '', from: 0 });
    expect(mentionQuery('a@b.example', 11)).toBeNull();
    expect(mentionQuery('@林晓 好的', 6)).toBeNull();
  });
  it('sets names apart only where somebody was mentioned', () => {
    expect(mentionParts('@林晓 看一下', ['m1'])).toEqual([
      { text: '@林晓', mention: true },
      { text: ' 看一下', mention: false },
    ]);
    expect(mentionParts('a@b', [])).toEqual([{ text: 'a@b', mention: false }]);
  });
});

test('a decision of a task stands in the story when it was taken; an open task does not', () => {
  const tasks = [
    { id: 'tsk_1', completed_at: '2026-11-20T10:00:00Z' },
    { id: 'tsk_2', completed_at: null },
  ] as Task[];
  expect(tell([], [], [], tasks).map((event) => [event.kind, event.id])).toEqual([['task', 'ttsk_1']]);
});
