// What happened in the background, with the way back.
import { asProblem } from '@/api/client';
import type { UndoResult } from '@/api/types';
import { toast, toastUndo } from '@/kit';
import { t } from '@/locales';
import type { RecordEdits } from './edits';

export function sayProblem(error: unknown): void {
  const problem = asProblem(error);
  const detail = problem.errors[0]?.message ?? problem.detail;
  toast(detail && detail !== problem.title ? `${problem.title} ${detail}` : problem.title, { tone: 'danger' });
}

/** The result of an undo: what came back, and what somebody changed since. */
export function sayUndone(edits: RecordEdits, result: UndoResult): void {
  const kept = result.kept.length;
  if (kept === 0) {
    toast(t('list.undone', { n: result.reverted }), { tone: 'success' });
    return;
  }
  toast(t('list.undoneKept', { n: result.reverted, kept }), {
    action: { label: t('list.seeKept'), run: () => edits.review(result) },
    life: 20_000,
  });
}

/** Takes the last change of this page back and says so; the list of operations has the older ones. */
export async function undoLast(edits: RecordEdits): Promise<void> {
  try {
    const result = await edits.undo();
    if (result) sayUndone(edits, result);
    else toast(t('list.nothingToUndo'), { action: { label: t('list.operations'), run: () => edits.review() } });
  } catch (error) {
    sayProblem(error);
  }
}

/** Many cells or records changed: says how many and offers to take it back. */
export function sayChanged(edits: RecordEdits, n: number, what: 'changed' | 'deleted' | 'pasted' = 'changed'): void {
  const step = edits.last;
  const text = t(`list.${what}`, { n });
  if (!step) {
    toast(text, { tone: 'success' });
    return;
  }
  toastUndo(text, t('common.undo'), () => {
    edits.undo(step).then((result) => result && sayUndone(edits, result), sayProblem);
  });
}
