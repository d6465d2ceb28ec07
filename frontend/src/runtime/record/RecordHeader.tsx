// The head of a record: what it is, how far it has come, whose it is, what can be done.
import type { ReactNode } from 'react';
import type { RecordData, RuntimeEntity, RuntimeField } from '@/api/types';
import { choicesOf, type FieldContext, isEmpty } from '@/fields/define';
import { fieldOf } from '@/fields/index';
import { Person } from '@/fields/Person';
import { cx } from '@/kit/cx';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useApp } from '@/runtime/app/context';
import type { FormModel } from '../form/model';
import { useFieldState } from '../form/use-model';
import styles from './RecordHeader.module.css';

export interface RecordHeaderProps {
  entity: RuntimeEntity;
  record: RecordData;
  model: FormModel;
  ctx: FieldContext;
  buttons?: ReactNode;
  large?: boolean;
}

/** The field that says how far a record has come: the one its board is grouped by. */
export function stageField(
  views: { entity: string; type: string; config: { group_by?: string } }[],
  entity: RuntimeEntity,
): RuntimeField | undefined {
  const board = views.find((view) => (view.entity === entity.id || view.entity === entity.key) && view.config.group_by);
  const field = entity.fields.find((f) => f.id === board?.config.group_by || f.key === board?.config.group_by);
  return field?.readable && choicesOf(field).filter((c) => !c.retired).length >= 3 ? field : undefined;
}

export function RecordHeader({ entity, record, model, ctx, buttons, large }: RecordHeaderProps) {
  const { runtime } = useApp();
  const stage = stageField(runtime.views, entity);
  const fields = (entity.subtitle ?? [])
    .map((ref) => entity.fields.find((f) => f.id === ref || f.key === ref))
    .filter((f): f is RuntimeField => !!f?.readable);
  const tags = fields.filter((f) => choicesOf(f).length > 0 && f !== stage && !isEmpty(record[f.key]));
  const words = fields
    .filter((f) => choicesOf(f).length === 0)
    .map((f) => ({
      key: f.key,
      text: fieldOf(f.type).format(record[f.key], f, ctx),
      action: isEmpty(record[f.key]) ? null : fieldOf(f.type).action?.(record[f.key]),
    }))
    .filter((word) => word.text !== '');
  const owner = record.owner ? ctx.names[record.owner] : undefined;
  return (
    <header className={cx(styles.header, large && styles.large)}>
      <h2 className={styles.title}>{record._title || t('fields.untitled')}</h2>
      {(words.length > 0 || owner) && (
        <p className={styles.subtitle}>
          {owner && (
            <span className={styles.owner} title={textOf(entity.owner_name) || t('record.owner')}>
              <Person name={owner} />
            </span>
          )}
          {words.map((word) => (
            <span key={word.key} className={styles.word}>
              {word.action ? (
                <a href={word.action.href} title={word.action.label} className={styles.link}>
                  {word.text}
                </a>
              ) : (
                word.text
              )}
            </span>
          ))}
        </p>
      )}
      {stage && <Stages field={stage} model={model} />}
      {tags.length > 0 && (
        <div className={styles.tags}>
          {tags.map((field) => {
            const { Cell } = fieldOf(field.type);
            return <Cell key={field.id} value={record[field.key]} field={field} ctx={ctx} variant="card" />;
          })}
        </div>
      )}
      {buttons && <div className={styles.buttons}>{buttons}</div>}
    </header>
  );
}

/** One segment per stage, those passed filled. */
function Stages({ field, model }: { field: RuntimeField; model: FormModel }) {
  const state = useFieldState(model, field.key);
  const stages = choicesOf(field).filter((c) => !c.retired || c.key === state.value);
  const at = stages.findIndex((c) => c.key === state.value);
  const current = stages[at];
  const writable = field.writable && !field.traits.computed && !state.locked;
  return (
    <div className={styles.progress}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would not lay out as a row of segments */}
      <div className={styles.segments} role="group" aria-label={textOf(field.name)}>
        {stages.map((choice, i) => {
          const look = cx(styles.segment, i <= at && styles.passed);
          const name = textOf(choice.label);
          return writable ? (
            <button
              key={choice.key}
              type="button"
              className={look}
              title={i === at ? name : t('record.setStage', { name })}
              aria-label={name}
              aria-current={i === at ? 'step' : undefined}
              onClick={() => model.set(field.key, choice.key)}
            />
          ) : (
            <span key={choice.key} className={look} title={name} />
          );
        })}
      </div>
      <span className={styles.stage}>{current ? textOf(current.label) : ''}</span>
    </div>
  );
}
