// A record that is shown and edited in place: its form, kept in step with the server.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { get, type Problem, patch } from '@/api/client';
import { keys } from '@/api/keys';
import { type EntityRef, explain, patchCachedRecord, recordsPath } from '@/api/queries/records';
import type { Form, RecordData, RuntimeEntity } from '@/api/types';
import type { FieldContext } from '@/fields/define';
import { toast } from '@/kit/toast';
import { t } from '@/locales';
import { useApp } from '@/runtime/app/context';
import { scopeOf } from '../filter/condition';
import { exprText } from '../filter/words';
import { useFieldContext } from '../form/context';
import type { FormModel } from '../form/model';
import { formOptions } from '../form/options';
import { type DraftState, useDraft } from '../form/use-draft';
import { type InlineCreate, useInlineCreate } from '../form/use-inline-create';
import { useFormContext, useFormModel, useFormState } from '../form/use-model';
import { type FormSave, useSave } from '../form/use-save';

export interface RecordForm {
  model: FormModel;
  ctx: FieldContext;
  save: FormSave;
  draft: DraftState;
  /** Somebody else's version that clashes with what is entered here. */
  conflict: RecordData | null;
  resolve: (keepMine: ReadonlySet<string>) => void;
  giveUp: () => void;
  /** A clashing version arrived while this one is edited. */
  newer: RecordData | null;
  inline: InlineCreate;
  why: (field: string) => Promise<string[]>;
}

/** Why a field is as it is; who builds the app is told the conditions of the roles. */
async function reasons(
  ref: EntityRef,
  id: string,
  field: string,
  words: (condition: string) => string,
): Promise<string[]> {
  const answer = await explain(ref, id, { field });
  return answer.reasons.map(({ role, text, when }) => {
    const said = when ? t('record.reasonWhen', { text, condition: words(when) }) : text;
    return role ? t('record.reasonIn', { role, text: said }) : said;
  });
}

export function useRecordForm(
  entity: RuntimeEntity,
  record: RecordData,
  form: Form | undefined,
  open: FieldContext['open'],
): RecordForm {
  const app = useApp();
  const ref = { app: app.appId, entity: entity.key };
  const client = useQueryClient();
  const inline = useInlineCreate();
  const [conflict, setConflict] = useState<RecordData | null>(null);
  const [newer, setNewer] = useState<RecordData | null>(null);
  const model = useFormModel(`${entity.id}/${record.id}/${form?.id ?? ''}/${app.runtime.version}`, () =>
    formOptions(app, entity, { form, record }),
  );
  const ctx = useFormContext(
    model,
    useFieldContext(record._names as Record<string, string> | undefined, { open, create: inline.create }),
  );
  const draft = useDraft(model, `${app.runtime.me.member_id}.${app.appId}.${entity.id}.${record.id}`, false);
  const { dirty } = useFormState(model);

  const save = useSave({
    model,
    ctx,
    send: async (values) => {
      if (Object.keys(values).length === 0) return null;
      // Nothing is shown as saved before it is: an optimistic copy would look like
      // somebody else's version to the comparison below.
      return patch<RecordData>(`${recordsPath(ref)}/${record.id}`, values, { ifMatch: model.rev });
    },
    onSaved: (saved) => {
      draft.clear();
      setNewer(null);
      if (saved) {
        patchCachedRecord(client, ref, record.id, saved);
        client.invalidateQueries({ queryKey: keys.history(app.appId, entity.key, record.id) });
        client.invalidateQueries({ queryKey: keys.aggregates(app.appId, entity.key) });
        client.invalidateQueries({ queryKey: keys.widgets(app.appId) });
      }
      if (saved) model.saveDone({ ...saved, _names: { ...model.names, ...(saved._names as object | undefined) } });
      else model.reset();
    },
    onProblem: async (problem: Problem) => {
      if (problem.status !== 409 && problem.status !== 412) return false;
      if (problem.status === 409 && problem.code !== 'record.stale') return false;
      const theirs = await get<RecordData>(`${recordsPath(ref)}/${record.id}`);
      if (model.clashes(theirs).length > 0) {
        setConflict(theirs);
        return true;
      }
      model.rebase(theirs);
      toast(t('record.merged', { name: whoChanged(theirs) }));
      queueMicrotask(() => void save.save());
      return true;
    },
  });

  // The server's newer version: taken over where nothing was entered, merged
  // where nothing clashes.
  useEffect(() => {
    if (model.rev === undefined || record.rev <= model.rev) return;
    if (!dirty) model.saveDone(record);
    else if (model.clashes(record).length === 0) model.rebase(record);
    else setNewer(record);
  }, [model, record, dirty]);

  const { appId } = app;
  const key = entity.key;
  const id = record.id;
  const why = useCallback(
    (field: string) =>
      reasons({ app: appId, entity: key }, id, field, (condition) =>
        exprText(condition, scopeOf({ entity, entityOf: app.entity, params: app.runtime.app.params ?? [] }), ctx),
      ),
    [appId, key, id, entity, app, ctx],
  );

  return {
    model,
    ctx,
    save,
    draft,
    conflict,
    newer: dirty ? newer : null,
    resolve: (keepMine) => {
      if (!conflict) return;
      model.rebase(conflict, keepMine);
      patchCachedRecord(client, ref, record.id, conflict);
      setConflict(null);
      setNewer(null);
      queueMicrotask(() => void save.save());
    },
    giveUp: () => setConflict(null),
    inline,
    why,
  };
}

/** The name of who saved a version last. */
export function whoChanged(record: RecordData): string {
  const names = record._names as Record<string, string> | undefined;
  return (record.updated_by && names?.[record.updated_by]) || t('record.someone');
}
