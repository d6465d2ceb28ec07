// What happened in the background, with the way back.
import { asProblem } from '@/api/client';
import type { FaultItem, RuntimeEntity, UndoResult } from '@/api/types';
import { dismissToast, toast, toastUndo } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import type { RecordEdits, WriteResult } from './edits';

export function sayProblem(error: unknown): void {
  const problem = asProblem(error);
  const detail = problem.errors[0]?.message ?? problem.detail;
  const whole = detail && detail !== problem.title;
  toast(whole ? t('list.because', { title: problem.title, detail }) : problem.title, { tone: 'danger' });
}

/** The fault of a record with the name of its field. */
export function faultText(fault: FaultItem, entity: RuntimeEntity): string {
  const field = entity.fields.find((f) => f.key === fault.path.split('/').at(-1));
  return field ? t('list.faultOf', { name: textOf(field.name), text: fault.message }) : fault.message;
}

// The message that offers to give up what it is about: gone with it.
let offered = 0;

/** Some of many changes were not saved: how many, why the first, and the way to give them up. */
export function sayRefused(edits: RecordEdits, result: WriteResult, entity: RuntimeEntity): void {
  const refused = [...(result.refused?.values() ?? [])];
  const fault = refused[0]?.[0];
  if (!fault) {
    sayProblem(result.problem);
    return;
  }
  offered = toast(t('list.refused', { n: refused.length, text: faultText(fault, entity) }), {
    tone: 'danger',
    action: { label: t('list.discardFailed'), run: () => edits.discardFailed() },
    life: 20_000,
  });
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

/** Takes the last change of this page back and says so, what was not saved first; the list of operations has the older ones. */
export async function undoLast(edits: RecordEdits): Promise<void> {
  if (edits.failedLast) {
    dismissToast(offered);
    toast(t('list.discarded', { n: edits.discardFailed() }));
    return;
  }
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
