// Saving a form: check, send, put what was refused beside its field.
import { type RefObject, useCallback, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { asProblem, type Problem } from '@/api/client';
import type { FieldContext } from '@/fields/define';
import { t } from '@/locales';
import { controlId } from './FormField';
import type { FormModel } from './model';

export interface FormSave {
  /** Resolves to whether the record is saved. */
  save: () => Promise<boolean>;
  saving: boolean;
  /** Why it was not saved, where no field is to blame. */
  problem: Problem | null;
  dismiss: () => void;
  /** Shows the place of an issue and puts the focus there. */
  jump: (path: string) => void;
  /** The field that the layout must open. */
  reveal: string | null;
  /** Around the form, to find its controls. */
  root: RefObject<HTMLDivElement | null>;
  /** Read out to screen readers. */
  announced: string;
}

export interface SaveOptions<T> {
  model: FormModel;
  ctx: FieldContext;
  /** Sends all values of a new record, or the changes of one that exists. */
  send: (values: Record<string, unknown>) => Promise<T>;
  onSaved: (result: T) => void;
  /** Takes care of a problem; true when there is nothing left to say. */
  onProblem?: (problem: Problem) => boolean | Promise<boolean>;
}

export function useSave<T>({ model, ctx, send, onSaved, onProblem }: SaveOptions<T>): FormSave {
  const root = useRef<HTMLDivElement>(null);
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [reveal, setReveal] = useState<string | null>(null);
  const [announced, setAnnounced] = useState('');
  const running = useRef(false);

  const jump = useCallback(
    (path: string) => {
      const [key = '', row, column] = path.split('/');
      setReveal(null);
      setReveal(key);
      let tries = 0;
      const go = () => {
        const cell = root.current?.querySelector<HTMLElement>(`[data-field="${CSS.escape(key)}"]`);
        const inner =
          row !== undefined && column
            ? cell?.querySelector<HTMLElement>(`[data-row="${row}"] [data-column="${CSS.escape(column)}"]`)
            : undefined;
        const place = inner ?? cell;
        if (!place) {
          // Its tab or section is being opened, its control downloaded.
          if (tries++ < 20) setTimeout(go, 30);
          return;
        }
        place.scrollIntoView({ block: 'center', behavior: 'instant' });
        const control =
          (inner ? null : root.current?.querySelector<HTMLElement>(`#${CSS.escape(controlId(model, key))}`)) ??
          place.querySelector<HTMLElement>(
            'input, textarea, [role="combobox"], [contenteditable="true"], [role="button"], button',
          );
        control?.focus({ preventScroll: true });
      };
      setTimeout(go, 0);
    },
    [model],
  );

  async function save(): Promise<boolean> {
    if (running.current) return false;
    if (model.formState().busy) {
      setAnnounced(t('form.uploading'));
      return false;
    }
    // What the model says must stand on the page before its controls are looked at.
    let issues = flushSync(() => model.validate(ctx));
    for (const control of root.current?.querySelectorAll<HTMLElement>('[data-field] [aria-invalid="true"]') ?? []) {
      const key = control.closest<HTMLElement>('[data-field]')?.dataset.field;
      if (key && !issues.some((issue) => issue.path === key || issue.path.startsWith(`${key}/`))) {
        model.mark(key, t('form.unreadable'));
        issues = model.formState().issues;
      }
    }
    setProblem(null);
    const first = issues[0];
    if (first) {
      setAnnounced('');
      setAnnounced(
        `${t('form.summary', { n: issues.length })}: ${issues.map((issue) => `${issue.label} ${issue.message}`).join('; ')}`,
      );
      jump(issues.find((issue) => issue.path !== '')?.path ?? '');
      return false;
    }
    running.current = true;
    setSaving(true);
    try {
      const result = await send(model.isNew ? model.payload() : model.changes());
      setAnnounced(t('common.saved'));
      onSaved(result);
      return true;
    } catch (error) {
      const failed = asProblem(error);
      if (await onProblem?.(failed)) return false;
      const [only] = failed.errors;
      // What concerns the record as a whole is said once, by the notice.
      const whole = failed.errors.length === 1 && only?.path === '' && only.message === failed.message;
      const placed = failed.errors.length > 0 && !whole ? model.setFaults(failed.errors) : [];
      const at = placed.find((issue) => issue.path !== '');
      if (at) jump(at.path);
      // A list of faults says more than the title above it.
      else setProblem(failed);
      setAnnounced(placed.map((issue) => `${issue.label} ${issue.message}`).join('; ') || failed.message);
      return false;
    } finally {
      running.current = false;
      setSaving(false);
    }
  }

  return { save, saving, problem, dismiss: () => setProblem(null), jump, reveal, root, announced };
}
