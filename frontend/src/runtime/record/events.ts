// What happened to a record, from four sources, as one story.
import type { Comment, HistoryEntry, Run, Task } from '@/api/types';

export type StoryEvent =
  | { kind: 'change'; id: string; at: string; entry: HistoryEntry }
  | { kind: 'comment'; id: string; at: string; comment: Comment }
  | { kind: 'task'; id: string; at: string; task: Task }
  | { kind: 'run'; id: string; at: string; run: Run };

export type StoryFilter = 'all' | 'comment' | 'change' | 'run';

/** All events, newest first. */
export function tell(history: HistoryEntry[], comments: Comment[], runs: Run[], tasks: Task[] = []): StoryEvent[] {
  const events: StoryEvent[] = [
    ...history.map(
      (entry): StoryEvent => ({
        kind: 'change',
        id: `c${entry.id}`,
        at: entry.at,
        entry,
      }),
    ),
    ...comments.map(
      (comment): StoryEvent => ({ kind: 'comment', id: `m${comment.id}`, at: comment.created_at, comment }),
    ),
    ...tasks.flatMap((task): StoryEvent[] =>
      task.completed_at ? [{ kind: 'task', id: `t${task.id}`, at: task.completed_at, task }] : [],
    ),
    ...runs.map((run): StoryEvent => ({ kind: 'run', id: `r${run.id}`, at: run.created_at, run })),
  ];
  return events.sort((a, b) => Date.parse(b.at) - Date.parse(a.at) || (a.id < b.id ? 1 : -1));
}

/** A comment in parts: words, and the names of those it mentions. */
export function mentionParts(
  text: string,
  mentions: readonly string[] | undefined,
): { text: string; mention: boolean }[] {
  if (!mentions || mentions.length === 0) return [{ text, mention: false }];
  return text
    .split(/(@[^\s@]{1,40})/)
    .filter(Boolean)
    .map((part) => ({ text: part, mention: part.startsWith('@') && part.length > 1 }));
}

/** What is being typed after an @, before the caret; null when nobody is being mentioned. */
export function mentionQuery(text: string, caret: number): { query: string; from: number } | null {
  const match = /(^|[\s\u3000(（，。,])@([^\s@]{0,20})$/.exec(text.slice(0, caret));
  if (!match) return null;
  const query = match[2] ?? '';
  return { query, from: caret - query.length - 1 };
}
