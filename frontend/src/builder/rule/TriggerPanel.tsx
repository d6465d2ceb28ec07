import { useState } from 'react';
import { newId } from '@/api/ids';
import { useAggregate } from '@/api/queries/records';
import type { Entity, Field, Rule, Trigger } from '@/api/types';
import {
  Button,
  IconButton,
  type IconProps,
  MultiSelect,
  Notice,
  NumberInput,
  Segmented,
  Select,
  Switch,
  TextInput,
} from '@/kit';
import { TimeInput } from '@/kit/DateInput';
import { Drawer } from '@/kit/Drawer';
import { lookup, t } from '@/locales';
import { textOf } from '@/locales/text';
import { IconGrid } from '@/runtime/IconHueField';
import { makeField } from '../commands/fields';
import { useBuilder, useDocs, usePreview, usePreviewEntity } from '../context';
import { moved, Sortable } from '../dnd/Sortable';
import { useFaults } from '../faults';
import panel from '../form/PropertyPanel.module.css';
import { fieldsOf } from '../formula/refs';
import { validKey } from '../ids';
import { entities, entityOf } from '../model';
import { ConditionField } from '../panel/ConditionField';
import { useFieldOptions } from '../panel/controls';
import { LocalText } from '../panel/LocalText';
import { MemberSelect } from '../panel/PeopleSelect';
import { type Options, SchemaPanel } from '../panel/SchemaPanel';
import { optionsOf } from '../parts';
import { roleOptions } from '../role/role-options';
import { recordScope, ruleScope } from '../usage';
import type { RuleEdits } from './RuleEditor';
import { type Repeat, readCron, readOffset, writeCron, writeOffset } from './schedule';
import styles from './TriggerPanel.module.css';

/** Everything that can start a rule, the usual ones first. */
export const triggerTypes: Trigger['type'][] = [
  'created',
  'updated',
  'created_or_updated',
  'button',
  'date',
  'schedule',
  'task_finished',
  'deleted',
  'restored',
  'computed',
  'webhook',
];

export const triggerIcons: Record<Trigger['type'], IconProps['name']> = {
  created: 'circle-plus',
  updated: 'pen',
  created_or_updated: 'save',
  deleted: 'trash',
  restored: 'rotate',
  computed: 'formula',
  schedule: 'clock',
  date: 'calendar',
  button: 'bolt',
  webhook: 'webhook',
  task_finished: 'check',
};

const watches = new Set<Trigger['type']>(['updated', 'created_or_updated', 'computed']);
const reacts = new Set<Trigger['type']>([
  'created',
  'updated',
  'created_or_updated',
  'deleted',
  'restored',
  'computed',
]);

/** What starts the rule. */
export function TriggerPanel({ edits }: { edits: RuleEdits }) {
  const { rule, edit } = edits;
  const docs = useDocs();
  const preview = usePreview();
  const { parts, app } = useBuilder();
  const fault = useFaults({ doc: rule.id, path: ['trigger'] });
  const { trigger } = rule;
  const entity = entityOf(docs, rule.entity);
  const fields = useFieldOptions(rule.entity, undefined);
  const dates = useFieldOptions(rule.entity, { kinds: ['date', 'time'], single: true });
  const seen = usePreviewEntity(rule.entity);
  /** A time of its own has the field, unlike a mere day. */
  const timed = (field: string | undefined) => !!field && seen?.fields.find((f) => f.id === field)?.kind !== 'date';
  const set = (change: (trigger: Trigger) => void, mark?: string) => edit((r) => change(r.trigger), undefined, mark);
  const needsEntity = trigger.type !== 'schedule' && trigger.type !== 'webhook';
  const outcomes = [
    ...new Set(
      Object.values(docs).flatMap((doc) =>
        doc.kind === 'rule'
          ? doc.body.steps.flatMap((s) =>
              Array.isArray(s.options?.outcomes)
                ? (s.options.outcomes as { key?: string }[]).map((o) => o.key ?? '')
                : [],
            )
          : [],
      ),
    ),
  ].filter(Boolean);

  function choose(type: Trigger['type']) {
    edit((r) => {
      const kept: Trigger = { type };
      if (watches.has(type) && r.trigger.fields) kept.fields = r.trigger.fields;
      if (type === 'schedule') kept.cron = '0 9 * * *';
      if (type === 'date') Object.assign(kept, { offset: '0m', at: '09:00' });
      if (type === 'button') kept.label = r.name;
      r.trigger = kept;
      if (type === 'button') r.mode = 'sync';
      else if (!reacts.has(type)) delete r.mode;
    }, t('build.did.trigger'));
  }

  return (
    <>
      <header className={panel.head}>
        <h2 className={panel.headName}>{t('build.rule.trigger')}</h2>
      </header>
      <div className={panel.body}>
        <section className={panel.part}>
          <Select
            label={t('build.rule.startsWhen')}
            value={trigger.type}
            onChange={(v) => v && v !== trigger.type && choose(v)}
            searchable={false}
            options={triggerTypes.map((type) => ({
              value: type,
              label: t(`build.rule.trigger_${type}`),
              icon: triggerIcons[type],
              description: t(`build.rule.triggerHelp_${type}`),
            }))}
          />
          <Select
            label={t('build.rule.form')}
            required={needsEntity}
            clearable={!needsEntity}
            error={needsEntity && !entity ? t('build.panel.formFirst') : undefined}
            value={rule.entity ?? null}
            onChange={(v) =>
              edit((r) => {
                r.entity = v ?? undefined;
                delete r.trigger.fields;
                delete r.trigger.field;
              })
            }
            options={entities(docs).map((e) => ({ value: e.id, label: textOf(e.name), icon: e.icon ?? 'form' }))}
          />
        </section>

        {watches.has(trigger.type) && (
          <section className={panel.part}>
            <MultiSelect
              label={t('build.rule.watch')}
              help={t('build.rule.watchHelp')}
              error={fault(['fields'])}
              options={fields}
              value={trigger.fields ?? []}
              onChange={(ids) =>
                set((tr) => {
                  tr.fields = ids.length ? ids : undefined;
                })
              }
            />
            <Switch
              spread
              label={t('build.rule.enter')}
              help={t('build.rule.enterHelp')}
              checked={!!trigger.enter}
              onChange={(on) =>
                set((tr) => {
                  tr.enter = on || undefined;
                })
              }
            />
          </section>
        )}

        {trigger.type === 'schedule' && (
          <section className={panel.part}>
            <CronField
              value={trigger.cron ?? ''}
              error={fault(['cron'])}
              onChange={(cron) =>
                set((tr) => {
                  tr.cron = cron;
                }, 'cron')
              }
            />
            {entity && (
              <ConditionField
                label={t('build.rule.each')}
                help={t('build.rule.eachHelp')}
                error={fault(['each'])}
                value={trigger.each ?? ''}
                onChange={(each) =>
                  set((tr) => {
                    tr.each = each || undefined;
                  })
                }
                scope={recordScope(docs, fieldsOf(entity))}
                entity={entity.id}
                server={{ entity: entity.id, scope: 'filter' }}
                runtime={preview}
                empty={t('build.rule.eachNone')}
              />
            )}
            {entity && <EachRecord entity={entity} each={trigger.each ?? ''} />}
          </section>
        )}

        {trigger.type === 'date' && (
          <section className={panel.part}>
            <Select
              label={t('build.rule.dateField')}
              required
              options={dates}
              value={trigger.field ?? null}
              error={fault(['field'])}
              onChange={(v) =>
                set((tr) => {
                  const next = v ?? undefined;
                  // A day needs a time to run at; an instant is that time.
                  if (timed(next) !== timed(tr.field)) tr.at = timed(next) ? undefined : '09:00';
                  tr.field = next;
                })
              }
            />
            <OffsetField
              value={trigger.offset}
              onChange={(offset) =>
                set((tr) => {
                  tr.offset = offset;
                }, 'offset')
              }
            />
            <TimeInput
              label={t('build.rule.at')}
              help={timed(trigger.field) ? t('build.rule.atHelpTime') : t('build.rule.atHelp')}
              value={trigger.at ?? null}
              onChange={(at) =>
                set((tr) => {
                  tr.at = at ?? undefined;
                }, 'at')
              }
            />
            <Switch
              spread
              label={t('build.rule.yearly')}
              help={t('build.rule.yearlyHelp')}
              checked={!!trigger.yearly}
              onChange={(on) =>
                set((tr) => {
                  tr.yearly = on || undefined;
                })
              }
            />
          </section>
        )}

        {trigger.type === 'button' && (
          <>
            <section className={panel.part}>
              <LocalText
                label={t('build.rule.buttonLabel')}
                required
                localized
                value={trigger.label}
                onChange={(v) =>
                  set((tr) => {
                    tr.label = v;
                  }, 'label')
                }
              />
              <IconGrid
                value={trigger.icon ?? 'bolt'}
                onChange={(icon) =>
                  set((tr) => {
                    tr.icon = icon;
                  })
                }
              />
              <LocalText
                label={t('build.rule.confirm')}
                localized
                template
                panel={{ scope: ruleScope(docs, rule, parts) }}
                value={trigger.confirm}
                onChange={(v) =>
                  set((tr) => {
                    tr.confirm = v;
                  }, 'confirm')
                }
                placeholder={t('build.rule.confirmPlaceholder')}
              />
              <Switch
                spread
                label={t('build.rule.bulk')}
                help={t('build.rule.bulkHelp')}
                checked={!!trigger.bulk}
                onChange={(on) =>
                  set((tr) => {
                    tr.bulk = on || undefined;
                  })
                }
              />
              <MultiSelect
                label={t('build.rule.buttonRoles')}
                standing={t('build.everybody')}
                options={roleOptions(docs, trigger.roles ?? [])}
                value={trigger.roles ?? []}
                onChange={(ids) =>
                  set((tr) => {
                    tr.roles = ids.length ? ids : undefined;
                  })
                }
              />
              <Segmented
                block
                label={t('build.rule.place')}
                help={t('build.rule.placeHelp')}
                value={trigger.place ?? 'middle'}
                onChange={(place) =>
                  set((tr) => {
                    tr.place = place === 'middle' ? undefined : place;
                  })
                }
                options={(['first', 'middle', 'last'] as const).map((value) => ({
                  value,
                  label: t(`build.rule.place_${value}`),
                }))}
              />
            </section>
            <InputsEditor
              rule={rule}
              inputs={trigger.inputs ?? []}
              onChange={(inputs) =>
                set((tr) => {
                  tr.inputs = inputs.length ? inputs : undefined;
                }, 'inputs')
              }
            />
          </>
        )}

        {trigger.type === 'task_finished' && (
          <section className={panel.part}>
            <TextInput
              label={t('build.rule.taskKind')}
              help={t('build.rule.taskKindHelp')}
              value={trigger.task ?? ''}
              onChange={(task) =>
                set((tr) => {
                  tr.task = task || undefined;
                }, 'task')
              }
            />
            <Select
              label={t('build.rule.outcome')}
              clearable
              standing={t('build.rule.anyOutcome')}
              options={[...new Set([...outcomes, trigger.outcome ?? ''])]
                .filter(Boolean)
                .map((key) => ({ value: key, label: key }))}
              value={trigger.outcome ?? null}
              onChange={(v) =>
                set((tr) => {
                  tr.outcome = v ?? undefined;
                })
              }
              onCreate={(text) =>
                set((tr) => {
                  tr.outcome = text;
                })
              }
            />
          </section>
        )}

        {trigger.type === 'webhook' && (
          <section className={panel.part}>
            <TextInput
              label={t('build.rule.hookUrl')}
              value={`${location.origin}/api/v1/hooks/${app.id}/${rule.key}`}
              onChange={() => {}}
              disabled
              suffix={
                <IconButton
                  size="sm"
                  icon="copy"
                  label={t('common.copy')}
                  onClick={() =>
                    navigator.clipboard?.writeText(`${location.origin}/api/v1/hooks/${app.id}/${rule.key}`)
                  }
                />
              }
            />
            <TextInput
              label={t('build.rule.secret')}
              help={t('build.rule.secretHelp')}
              value={trigger.secret ?? ''}
              onChange={(secret) =>
                set((tr) => {
                  tr.secret = secret || undefined;
                }, 'secret')
              }
            />
          </section>
        )}

        <section className={panel.part}>
          {reacts.has(trigger.type) && (
            <Segmented
              block
              label={t('build.rule.mode')}
              help={t(`build.rule.modeHelp_${rule.mode ?? 'async'}`)}
              value={rule.mode ?? 'async'}
              onChange={(mode) =>
                edit((r) => {
                  r.mode = mode === 'async' ? undefined : mode;
                })
              }
              options={(['async', 'sync', 'validate'] as const).map((value) => ({
                value,
                label: t(`build.rule.mode_${value}`),
              }))}
            />
          )}
          <MemberSelect
            label={t('build.rule.runAs')}
            help={t('build.rule.runAsHelp')}
            many={false}
            standing={t('build.rule.runAsSystem')}
            value={rule.run_as ? [rule.run_as] : []}
            onChange={([id]) =>
              edit((r) => {
                r.run_as = id;
              })
            }
          />
          <LocalText
            label={t('build.rule.note')}
            long
            localized
            value={rule.help}
            onChange={(v) =>
              edit(
                (r) => {
                  r.help = v;
                },
                undefined,
                'help',
              )
            }
          />
        </section>
      </div>
    </>
  );
}

/** How many records a schedule goes through; without a filter that is every one. */
function EachRecord({ entity, each }: { entity: Entity; each: string }) {
  const { app } = useBuilder();
  const counted = useAggregate(
    { app: app.id, entity: entity.key },
    { group_by: [], measures: [{ fn: 'count', as: 'n' }], ...(each ? { filter: each } : {}) },
  );
  const n = counted.data?.rows[0]?.n;
  // What is not published yet cannot be counted.
  if (each)
    return n === undefined ? null : <p className={panel.quiet}>{t('build.rule.eachMatch', { n: Number(n) })}</p>;
  const name = textOf(entity.name);
  return (
    <Notice>
      {n === undefined ? t('build.rule.eachAllUnknown', { name }) : t('build.rule.eachAll', { name, n: Number(n) })}
    </Notice>
  );
}

/** When a schedule runs: the common cases by name, the rest as cron. */
export function CronField({
  value,
  error,
  onChange,
}: {
  value: string;
  error?: string;
  onChange: (cron: string) => void;
}) {
  const now = readCron(value);
  const [own, setOwn] = useState(now.repeat === 'cron');
  const repeat: Repeat = own ? 'cron' : now.repeat;
  const put = (change: Partial<typeof now>) => onChange(writeCron({ ...now, ...change }));
  return (
    <>
      <Select
        label={t('build.rule.repeat')}
        value={repeat}
        searchable={false}
        onChange={(v) => {
          setOwn(v === 'cron');
          if (v && v !== 'cron') put({ repeat: v });
        }}
        options={(['day', 'workday', 'week', 'month', 'hour', 'cron'] as const).map((r) => ({
          value: r,
          label: t(`build.rule.repeat_${r}`),
        }))}
      />
      {repeat === 'week' && (
        <MultiSelect
          label={t('build.rule.weekdays')}
          value={now.weekdays.map(String)}
          onChange={(days) => put({ weekdays: days.map(Number) })}
          options={[1, 2, 3, 4, 5, 6, 0].map((d) => ({
            value: String(d),
            label: lookup(`build.rule.weekday_${d}`) ?? String(d),
          }))}
        />
      )}
      {repeat === 'month' && (
        <MultiSelect
          label={t('build.rule.monthDays')}
          value={now.days.map(String)}
          onChange={(days) => put({ days: days.map(Number) })}
          options={Array.from({ length: 31 }, (_, i) => ({ value: String(i + 1), label: String(i + 1) }))}
        />
      )}
      {repeat === 'cron' ? (
        <TextInput
          label={t('build.rule.cron')}
          help={t('build.rule.cronHelp')}
          value={value}
          error={error}
          onChange={onChange}
        />
      ) : (
        <TimeInput
          label={t('build.rule.time')}
          clearable={false}
          value={now.time}
          error={error}
          onChange={(time) => time && put({ time })}
        />
      )}
    </>
  );
}

function OffsetField({ value, onChange }: { value: string | undefined; onChange: (offset: string) => void }) {
  const now = readOffset(value);
  return (
    <div className={styles.offset}>
      <Segmented
        block
        label={t('build.rule.offset')}
        value={now.side}
        onChange={(side) => onChange(writeOffset({ ...now, side }))}
        options={(['before', 'at', 'after'] as const).map((side) => ({
          value: side,
          label: t(`build.rule.side_${side}`),
        }))}
      />
      {now.side !== 'at' && (
        <div className={styles.span}>
          <NumberInput
            aria-label={t('build.rule.offset')}
            value={now.n}
            scale={0}
            onChange={(n) => onChange(writeOffset({ ...now, n: Math.max(1, Number(n ?? 1)) }))}
          />
          <Select
            aria-label={t('build.rule.unit')}
            searchable={false}
            value={now.unit}
            onChange={(unit) => unit && onChange(writeOffset({ ...now, unit }))}
            options={(['m', 'h', 'd', 'w'] as const).map((unit) => ({
              value: unit,
              label: t(`build.rule.unit_${unit}`),
            }))}
          />
        </div>
      )}
    </div>
  );
}

/** The input form of a button: what it asks before it runs. */
function InputsEditor({
  rule,
  inputs,
  onChange,
}: {
  rule: Rule;
  inputs: Field[];
  onChange: (inputs: Field[]) => void;
}) {
  const { parts } = useBuilder();
  const docs = useDocs();
  const [open, setOpen] = useState<number | null>(null);
  const input = open === null ? undefined : inputs[open];
  const part = input && parts.fields.get(input.type);
  const types = [...parts.fields.values()].filter(
    (p) => !p.traits.computed && !p.traits.generated && p.kind !== 'rows',
  );
  const put = (i: number, change: Partial<Field>) =>
    onChange(inputs.map((one, j) => (j === i ? { ...one, ...change } : one)));
  const keyFault =
    input &&
    (!validKey(input.key)
      ? t('build.field.keyInvalid')
      : inputs.some((o) => o !== input && o.key === input.key)
        ? t('build.field.keyTaken')
        : undefined);
  return (
    <section className={panel.part}>
      <h3 className={panel.partHead}>
        {t('build.rule.inputs')}
        <IconButton
          size="sm"
          icon="plus"
          label={t('build.rule.addInput')}
          onClick={() => {
            const text = parts.fields.get('text') ?? types[0];
            if (!text) return;
            onChange([...inputs, { ...makeField(text, inputs), id: newId('inp_') }]);
            setOpen(inputs.length);
          }}
        />
      </h3>
      {inputs.length === 0 && <p className={panel.quiet}>{t('build.rule.inputsHelp')}</p>}
      <Sortable
        label={t('build.rule.inputs')}
        items={inputs}
        keyOf={(f) => f.id}
        nameOf={(f) => textOf(f.name)}
        onMove={(from, to) => onChange(moved(inputs, from, to))}
        render={(f, i) => (
          <>
            <button type="button" className={panel.entryButton} onClick={() => setOpen(i)}>
              {textOf(f.name)}
              <span className={panel.quiet}> {textOf(parts.fields.get(f.type)?.label)}</span>
            </button>
            <IconButton
              size="sm"
              icon="x"
              label={t('common.removeItem', { name: textOf(f.name) })}
              onClick={() => onChange(inputs.filter((_, j) => j !== i))}
            />
          </>
        )}
      />
      {input && open !== null && (
        <Drawer
          opened
          onClose={() => setOpen(null)}
          title={textOf(input.name)}
          footer={<Button onClick={() => setOpen(null)}>{t('common.done')}</Button>}
        >
          <div className={styles.input}>
            <LocalText
              label={t('build.field.name')}
              required
              localized
              value={input.name}
              onChange={(name) => put(open, { name: name ?? '' })}
            />
            <TextInput
              label={t('build.key')}
              help={t('build.rule.inputKeyHelp', { key: input.key })}
              value={input.key}
              error={keyFault}
              onChange={(key) => put(open, { key: key.trim().toLowerCase() })}
            />
            <Select
              label={t('build.field.type')}
              value={input.type}
              options={types.map((p) => ({ value: p.name, label: textOf(p.label), icon: p.icon }))}
              onChange={(type) => {
                const next = parts.fields.get(type ?? '');
                if (next) put(open, { type: next.name, options: makeField(next, []).options });
              }}
            />
            <Switch
              spread
              label={t('build.field.required')}
              checked={!!input.required}
              onChange={(required) => put(open, { required: required || undefined })}
            />
            {part && optionsOf(part.options).length > 0 && (
              <SchemaPanel
                schema={part.options}
                value={input.options as Options | undefined}
                panel={{
                  scope: ruleScope(docs, rule, parts),
                  entity: rule.entity,
                  place: { doc: rule.id, path: ['trigger', 'inputs', open, 'options'] },
                }}
                onChange={(options) => put(open, { options })}
              />
            )}
          </div>
        </Drawer>
      )}
      {inputs.some((f) => f.required) && rule.trigger.bulk && <Notice>{t('build.rule.bulkInputs')}</Notice>}
    </section>
  );
}
