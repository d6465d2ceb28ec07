import { useState } from 'react';
import { asProblem, type Problem } from '@/api/client';
import type { RuntimeField } from '@/api/types';
import { choicesOf } from '@/fields';
import { Button, Dialog, TextInput, toast } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import type { BuilderActions } from '../define';

/** The builder's shortcut in a column's menu: one more choice of its field, published at once. */
export function AddChoice({
  field,
  builder,
  onClose,
}: {
  field: RuntimeField;
  builder: BuilderActions;
  onClose: () => void;
}) {
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const label = name.trim();
  const known = choicesOf(field).some((c) => textOf(c.label) === label);

  async function save() {
    if (label === '' || known || busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await builder.addChoice(field, label);
      toast(t('list.choiceAdded', { name: label }), { tone: 'success' });
      onClose();
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  }

  return (
    <Dialog
      opened
      size="sm"
      title={t('list.addChoiceTo', { name: textOf(field.name) })}
      onClose={onClose}
      onSubmit={() => void save()}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" loading={busy} disabled={label === '' || known}>
            {t('list.addChoice')}
          </Button>
        </>
      }
    >
      <TextInput
        label={t('list.choiceName')}
        value={name}
        onChange={setName}
        maxLength={60}
        data-autofocus
        error={known ? t('list.choiceKnown') : problem ? (problem.errors[0]?.message ?? problem.message) : undefined}
      />
    </Dialog>
  );
}
