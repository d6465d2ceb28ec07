import { useState } from 'react';
import { asProblem, type Problem } from '@/api/client';
import type { RuntimeEntity, ViewConfig } from '@/api/types';
import { Button, Dialog, Notice, RadioGroup, TextInput } from '@/kit';
import { lookup, t } from '@/locales';
import { viewOf, viewTypes } from '@/views';

export interface SaveViewRequest {
  /** An existing view is renamed. */
  id?: string;
  name: string;
  type: string;
  config: ViewConfig;
  /** A new view: the type is asked for. */
  choose?: boolean;
}

export interface SaveViewDialogProps {
  request: SaveViewRequest;
  entity: RuntimeEntity;
  mayShare: boolean;
  onClose: () => void;
  onSave: (view: { name: string; type: string; config: ViewConfig; shared: boolean }) => Promise<void>;
}

/** Name, type and audience of a view. */
export function SaveViewDialog({ request, entity, mayShare, onClose, onSave }: SaveViewDialogProps) {
  const [name, setName] = useState(request.name);
  const [type, setType] = useState(request.type);
  const [shared, setShared] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const renaming = request.id !== undefined;

  async function submit() {
    const clean = name.trim();
    if (clean === '' || busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await onSave({ name: clean, type, config: request.choose ? viewOf(type).start(entity) : request.config, shared });
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
      title={renaming ? t('list.renameView') : request.choose ? t('list.addView') : t('list.saveAsTitle')}
      onClose={onClose}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" loading={busy} disabled={name.trim() === ''}>
            {t('common.save')}
          </Button>
        </>
      }
    >
      <TextInput
        label={t('list.viewName')}
        value={name}
        onChange={setName}
        maxLength={60}
        data-autofocus
        error={problem?.at('name')}
      />
      {request.choose && (
        <RadioGroup
          label={t('list.viewType')}
          value={type}
          onChange={setType}
          options={viewTypes().map((v) => ({
            value: v.type,
            label: lookup(`list.type.${v.type}`) ?? v.type,
            help: lookup(`list.typeHelp.${v.type}`),
            disabled: !v.suits(entity),
          }))}
        />
      )}
      {!renaming && mayShare && (
        <RadioGroup
          label={t('list.whoSees')}
          value={shared ? 'shared' : 'personal'}
          onChange={(v) => setShared(v === 'shared')}
          options={[
            { value: 'personal', label: t('list.personal') },
            { value: 'shared', label: t('list.shared') },
          ]}
        />
      )}
      {problem && !problem.at('name') && <Notice tone="danger">{problem.detail || problem.title}</Notice>}
    </Dialog>
  );
}
