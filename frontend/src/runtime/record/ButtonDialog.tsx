// What a button asks before it does something.
import { useState } from 'react';
import type { Rule, RuntimeEntity } from '@/api/types';
import type { FieldContext } from '@/fields/define';
import { Button } from '@/kit/Button';
import { Dialog } from '@/kit/Dialog';
import { Notice } from '@/kit/Notice';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useApp } from '@/runtime/app/context';
import { FormBody } from '../form/FormBody';
import { IssueList } from '../form/FormFooter';
import { plainForm } from '../form/layout';
import { FormModel } from '../form/model';
import { formOptions } from '../form/options';
import { useFormContext, useFormState } from '../form/use-model';
import { useSave } from '../form/use-save';
import { inputEntity } from './buttons';

export function ButtonDialog({
  rule,
  entity,
  ctx: outer,
  press,
  onDone,
  onClose,
}: {
  rule: Rule;
  entity: RuntimeEntity;
  ctx: FieldContext;
  press: (inputs: Record<string, unknown>) => Promise<unknown>;
  onDone: (result: unknown) => void;
  onClose: () => void;
}) {
  const app = useApp();
  const [model] = useState(() => {
    const inputs = inputEntity(rule, entity);
    const form = plainForm(inputs);
    for (const node of form.layout) node.width = 12;
    return new FormModel({ ...formOptions(app, inputs, { form }), evaluate: undefined });
  });
  const ctx = useFormContext(model, outer);
  const save = useSave({ model, ctx, send: press, onSaved: onDone });
  const { dirty } = useFormState(model);
  const label = textOf(rule.trigger.label) || textOf(rule.name);
  return (
    <Dialog
      opened
      sticky={dirty}
      onClose={onClose}
      title={label}
      onSubmit={() => void save.save()}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" loading={save.saving}>
            {label}
          </Button>
        </>
      }
    >
      {textOf(rule.trigger.confirm) && <p>{textOf(rule.trigger.confirm)}</p>}
      <FormBody model={model} ctx={ctx} mode="edit" save={save} />
      <IssueList model={model} save={save} />
      {save.problem && <Notice tone="danger">{save.problem.message}</Notice>}
    </Dialog>
  );
}
