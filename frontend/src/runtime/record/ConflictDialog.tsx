// Two people changed the same fields: which value stays is a choice.
import { useState } from 'react';
import type { RecordData } from '@/api/types';
import type { FieldContext } from '@/fields/define';
import { isEmpty } from '@/fields/define';
import { fieldOf } from '@/fields/index';
import { Button } from '@/kit/Button';
import { Dialog } from '@/kit/Dialog';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import type { Clash, FormModel } from '../form/model';
import styles from './ConflictDialog.module.css';
import { whoChanged } from './use-record-form';

export function ConflictDialog({
  model,
  ctx,
  theirs,
  onResolve,
  onCancel,
}: {
  model: FormModel;
  ctx: FieldContext;
  theirs: RecordData;
  onResolve: (keepMine: ReadonlySet<string>) => void;
  onCancel: () => void;
}) {
  const [clashes] = useState(() => model.clashes(theirs));
  const [mine, setMine] = useState<ReadonlySet<string>>(() => new Set(clashes.map((c) => c.field.key)));
  const names = theirs._names as Record<string, string> | undefined;
  const both: FieldContext = { ...ctx, names: { ...ctx.names, ...names } };
  const choose = (key: string, keep: boolean) => {
    const next = new Set(mine);
    if (keep) next.add(key);
    else next.delete(key);
    setMine(next);
  };
  return (
    <Dialog
      opened
      sticky
      size="lg"
      onClose={onCancel}
      title={t('record.conflictTitle', { name: whoChanged(theirs) })}
      footer={
        <>
          <Button onClick={onCancel}>{t('common.back')}</Button>
          <Button variant="primary" data-autofocus onClick={() => onResolve(mine)}>
            {t('record.conflictSave')}
          </Button>
        </>
      }
    >
      <p className={styles.help}>{t('record.conflictHelp')}</p>
      {clashes.length > 1 && (
        <div className={styles.all}>
          <Button size="sm" onClick={() => setMine(new Set())}>
            {t('record.keepAllTheirs')}
          </Button>
          <Button size="sm" onClick={() => setMine(new Set(clashes.map((c) => c.field.key)))}>
            {t('record.keepAllMine')}
          </Button>
        </div>
      )}
      {clashes.map((clash) => (
        <fieldset key={clash.field.key} className={styles.clash}>
          <legend className={styles.field}>
            {textOf(clash.field.name)}
            <span className={styles.base}>{t('record.base', { value: words(clash, clash.base, both) })}</span>
          </legend>
          <Side
            clash={clash}
            ctx={both}
            value={clash.theirs}
            label={t('record.theirs')}
            checked={!mine.has(clash.field.key)}
            onChoose={() => choose(clash.field.key, false)}
          />
          <Side
            clash={clash}
            ctx={both}
            value={clash.mine}
            label={t('record.mine')}
            checked={mine.has(clash.field.key)}
            onChoose={() => choose(clash.field.key, true)}
          />
        </fieldset>
      ))}
    </Dialog>
  );
}

function words(clash: Clash, value: unknown, ctx: FieldContext): string {
  return fieldOf(clash.field.type).format(value, clash.field, ctx) || t('record.nothing');
}

function Side({
  clash,
  ctx,
  value,
  label,
  checked,
  onChoose,
}: {
  clash: Clash;
  ctx: FieldContext;
  value: unknown;
  label: string;
  checked: boolean;
  onChoose: () => void;
}) {
  const { Cell } = fieldOf(clash.field.type);
  return (
    <label className={styles.side}>
      <input
        type="radio"
        className={styles.radio}
        name={`clash-${clash.field.key}`}
        checked={checked}
        onChange={onChoose}
      />
      <span className={styles.words}>
        <span className={styles.label}>{label}</span>
        <span className={styles.value}>
          {isEmpty(value) ? (
            <span className={styles.base}>{t('record.nothing')}</span>
          ) : (
            <Cell value={value} field={clash.field} ctx={ctx} variant="detail" />
          )}
        </span>
      </span>
    </label>
  );
}
