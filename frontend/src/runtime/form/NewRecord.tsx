// Filling in a new record: on a page, in a panel over a list.
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { useCreateRecord } from '@/api/queries/records';
import type { Form, RecordData, RuntimeEntity } from '@/api/types';
import { Checkbox } from '@/kit/Checkbox';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useApp } from '@/runtime/app/context';
import { useFieldContext } from './context';
import { FormBody } from './FormBody';
import { focusControl } from './FormField';
import { FormFooter } from './FormFooter';
import styles from './form.module.css';
import { formOptions } from './options';
import { type DraftState, useDraft } from './use-draft';
import { useInlineCreate } from './use-inline-create';
import { useControls, useFormContext, useFormModel, useFormState } from './use-model';
import { useSave } from './use-save';

export interface NewRecordProps {
  entity: RuntimeEntity;
  form?: Form;
  /** Values it starts with, by key. */
  start?: Record<string, unknown>;
  params?: URLSearchParams;
  /** Names of the ids among them. */
  names?: Record<string, string>;
  /** again: another one is wanted. */
  onSaved: (record: RecordData, again: boolean) => void;
  onCancel: () => void;
  /** Told whether something was entered. */
  onDirty?: (dirty: boolean) => void;
  /** Offers to go on with another record: pages do. */
  page?: boolean;
  /** Keeps what was entered over a reload: all but forms over another form do. */
  keep?: boolean;
  /** For who closes the form from outside. */
  draftRef?: RefObject<DraftState | null>;
  header?: ReactNode;
}

export function NewRecord({
  entity,
  form,
  start,
  params,
  names,
  onSaved,
  onCancel,
  onDirty,
  page,
  keep = page,
  draftRef,
  header,
}: NewRecordProps) {
  const app = useApp();
  const inline = useInlineCreate();
  const [round, setRound] = useState(0);
  const [again, setAgain] = useState(false);
  const model = useFormModel(`${entity.id}/${form?.id ?? ''}/${round}`, () => {
    return formOptions(app, entity, { form, start, params });
  });
  const ctx = useFormContext(model, useFieldContext(names, { create: inline.create }));
  const create = useCreateRecord({ app: app.appId, entity: entity.key });
  const draft = useDraft(
    model,
    keep ? `${app.runtime.me.member_id}.${app.appId}.${entity.id}.${form?.id ?? 'new'}` : null,
    true,
  );
  if (draftRef) draftRef.current = draft;
  const save = useSave({
    model,
    ctx,
    send: (values) => create.mutateAsync(values),
    onSaved: (record) => {
      draft.clear();
      onSaved(record, again);
      if (again) setRound((n) => n + 1);
    },
  });
  const { dirty } = useFormState(model);
  const ready = useControls(model);
  const report = useRef(onDirty);
  report.current = onDirty;
  useEffect(() => report.current?.(dirty), [dirty]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the first field has the focus whenever a new form begins
  useEffect(() => {
    // On a phone the keyboard would cover what is to be filled in.
    if (ready && matchMedia('(pointer: fine)').matches) return focusControl(save.root.current, false);
  }, [model, ready]);

  return (
    <div className={styles.pane}>
      <div className={styles.scroll}>
        <div className={styles.sheet}>
          {header}
          <FormBody model={model} ctx={ctx} mode="edit" save={save} draft={draft} />
        </div>
      </div>
      <FormFooter
        model={model}
        save={save}
        action={textOf(model.form.submit_text) || t(page ? 'form.submit' : 'common.save')}
        onCancel={onCancel}
        aside={page && <Checkbox checked={again} onChange={setAgain} label={t('form.continueWith')} />}
      />
      {inline.host}
    </div>
  );
}
