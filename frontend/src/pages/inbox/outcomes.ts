import type { Task, TaskOutcome } from '@/api/types';
import { t } from '@/locales';
import { textOf } from '@/locales/text';

/** The ways a task can end; one without outcomes of its own is just completed. */
export function outcomesOf(task: Task): TaskOutcome[] {
  return task.outcomes.length > 0 ? task.outcomes : [{ key: 'done', label: t('tasks.complete') }];
}

/** The outcomes that all the tasks have, under the same key and name; any of them asking for a comment asks for all. */
export function sharedOutcomes(tasks: readonly Task[]): TaskOutcome[] {
  const [first, ...rest] = tasks.map(outcomesOf);
  return (first ?? []).flatMap((outcome) => {
    const same = rest.map((list) =>
      list.find((o) => o.key === outcome.key && textOf(o.label) === textOf(outcome.label)),
    );
    if (same.includes(undefined)) return [];
    return [{ ...outcome, needs_comment: [outcome, ...same].some((o) => o?.needs_comment) }];
  });
}
