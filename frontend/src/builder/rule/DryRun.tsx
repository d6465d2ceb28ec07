import { useEffect, useMemo, useState } from 'react';
import { asProblem, post } from '@/api/client';
import { useRecord } from '@/api/queries/records';
import type { Json, Rule } from '@/api/types';
import { type FieldContext, fieldOf as fieldType } from '@/fields';
import { Button, cx, EmptyState, Icon, IconButton, Notice, Select, Spinner, Tag } from '@/kit';
import { lookup, t } from '@/locales';
import { textOf } from '@/locales/text';
import { plainValue, type Seen, SeenList } from '@/runtime/filter';
import { useFieldContext } from '@/runtime/form/context';
import { failureWords } from '@/runtime/record/run-words';
import { useBuilder, useDocs, usePreviewEntity } from '../context';
import { useRecordChoices } from '../formula/TryIt';
import { entityOf } from '../model';
import { useRuleFilterScope } from '../panel/filter-scope';
import styles from './DryRun.module.css';
import { fieldNames, stepId } from './run-lines';
import { findStep } from './steps';
import { skippedBecause, stepName } from './words';

interface Rehearsal {
  matched: boolean;
  condition: Seen[] | null;
  steps: { id: string; type: string; state: string; input?: Json; output?: Json; error?: Json }[];
  diffs: {
    entity: string;
    id: string;
    op?: string;
    before: Record<string, Json> | null;
    after: Record<string, Json> | null;
  }[];
  messages: (string | { channel?: string; to?: string[]; title?: string; text?: string })[];
  problems?: { path?: string; code: string; 'zh-CN'?: string; 'en-US'?: string }[];
  _names?: Record<string, string>;
}

/** What the rule as it stands here would do to a record, without doing it. */
export function DryRun({ rule }: { rule: Rule }) {
  const { app, parts, store } = useBuilder();
  const entity = usePreviewEntity(rule.entity);
  const ctx = useFieldContext();
  const [search, setSearch] = useState('');
  const [record, setRecord] = useState<string | null>(null);
  const [changes, setChanges] = useState<Record<string, unknown>>({});
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<Rehearsal | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const records = useRecordChoices(app.id, entity?.key, search);
  const options = (records.data?.records ?? []).map((r) => ({ value: r.id, label: r._title || r.id }));
  const whole = useRecord({ app: app.id, entity: entity?.key ?? '' }, record ?? undefined);
  const first = options[0]?.value;
  useEffect(() => {
    if (!record && first) setRecord(first);
  }, [record, first]);

  async function run() {
    setBusy(true);
    setFault(null);
    try {
      await store.flush();
      setResult(
        await post<Rehearsal>(`/apps/${encodeURIComponent(app.id)}/rules/dry-run`, {
          rule,
          record_id: record ?? undefined,
          changes: Object.keys(changes).length ? changes : undefined,
        }),
      );
    } catch (error) {
      setFault(asProblem(error).message);
      setResult(null);
    } finally {
      setBusy(false);
    }
  }

  const writable = (entity?.fields ?? []).filter((f) => f.writable && !f.traits.holds_file && f.kind !== 'rows');
  const free = writable.filter((f) => !(f.key in changes));
  return (
    <div className={styles.page}>
      <section className={styles.input} aria-label={t('build.try.input')}>
        {entity ? (
          <Select
            label={t('build.try.record', { name: textOf(entity.name) })}
            value={record}
            onChange={(id) => {
              setRecord(id);
              setChanges({});
              setResult(null);
            }}
            options={options}
            searchable
            onSearch={setSearch}
            loading={records.isFetching}
            empty={records.missing ? t('build.formula.notPublished') : t('build.formula.noRecords')}
          />
        ) : (
          <p className={styles.quiet}>{t('build.try.noForm')}</p>
        )}
        {entity && (
          <div className={styles.changes}>
            <h3 className={styles.heading}>{t('build.try.changes')}</h3>
            <p className={styles.quiet}>{t('build.try.changesHelp')}</p>
            {Object.entries(changes).map(([key, value]) => {
              const field = writable.find((f) => f.key === key);
              if (!field) return null;
              const type = fieldType(field.type);
              return (
                <div key={key} className={styles.change}>
                  <div className={styles.grow}>
                    <type.Input
                      label={textOf(field.name)}
                      value={value as never}
                      onChange={(v: unknown) => setChanges({ ...changes, [key]: v })}
                      field={field}
                      ctx={ctx}
                      record={whole.data}
                    />
                  </div>
                  <IconButton
                    size="sm"
                    icon="x"
                    label={t('common.removeItem', { name: textOf(field.name) })}
                    onClick={() => {
                      const { [key]: _gone, ...rest } = changes;
                      setChanges(rest);
                    }}
                  />
                </div>
              );
            })}
            <Select
              aria-label={t('build.try.addChange')}
              placeholder={t('build.try.addChange')}
              options={free.map((f) => ({
                value: f.key,
                label: textOf(f.name),
                icon: parts.fields.get(f.type)?.icon ?? 'text',
              }))}
              value={null}
              onChange={(key) => {
                const field = writable.find((f) => f.key === key);
                if (field)
                  setChanges({ ...changes, [field.key]: whole.data?.[field.key] ?? fieldType(field.type).empty });
              }}
            />
          </div>
        )}
        <Button variant="primary" icon="play" loading={busy} disabled={!!entity && !record} onClick={run}>
          {t('build.try.run')}
        </Button>
        <p className={styles.quiet}>{t('build.try.safe')}</p>
      </section>
      <section className={styles.output} aria-label={t('build.try.output')} aria-live="polite">
        {fault && <Notice tone="danger">{fault}</Notice>}
        {busy ? (
          <Spinner size={14} />
        ) : !result ? (
          !fault && <EmptyState icon="play" title={t('build.try.empty')} help={t('build.try.emptyHelp')} />
        ) : (
          <Result result={result} rule={rule} />
        )}
      </section>
    </div>
  );
}

/** Nothing was done: what a step comes to is what it would do. */
const stateWords = (state: string): string => lookup(`build.run.step_${state === 'done' ? 'planned' : state}`) ?? state;

function Result({ result: r, rule: of }: { result: Rehearsal; rule: Rule }) {
  const { parts } = useBuilder();
  const docs = useDocs();
  const names = useMemo(() => {
    // What the rehearsal made has no name on the server: it was taken back.
    const made = r.diffs
      .filter((diff) => diff.op === 'create')
      .map((diff) => [diff.id, t('build.try.made', { name: textOf(entityOf(docs, diff.entity)?.name) })]);
    return { ...Object.fromEntries(made), ...r._names };
  }, [r, docs]);
  const ctx = useFieldContext(names);
  const scope = useRuleFilterScope(of);
  const failed = r.steps.find((step) => step.state === 'failed');
  const fields = fieldNames(docs, of, failed && findStep(of.steps, stepId(failed.id))?.step);
  return (
    <div className={styles.result}>
      <div className={cx(styles.verdict, r.matched ? styles.yes : styles.no)}>
        <Icon name={r.matched ? 'check' : 'ban'} />
        {r.matched ? t('build.try.matched') : t('build.try.notMatched')}
      </div>
      {(r.problems?.length ?? 0) > 0 && (
        <Notice tone="danger" title={t('build.try.problems')}>
          {r.problems?.map((p) => (
            <p key={`${p.path}${p.code}`}>{failureWords([p] as unknown as Json, fields)}</p>
          ))}
        </Notice>
      )}
      {scope && (r.condition?.length ?? 0) > 0 && (
        <div>
          <h3 className={styles.heading}>{t('build.try.condition')}</h3>
          <SeenList list={r.condition ?? []} scope={scope} ctx={ctx} />
        </div>
      )}
      {r.steps.length > 0 && (
        <div>
          <h3 className={styles.heading}>{t('build.try.steps')}</h3>
          <ol className={styles.steps}>
            {r.steps.map((step) => {
              const definition = findStep(of.steps, stepId(step.id))?.step;
              const bad = step.state === 'failed';
              return (
                <li key={step.id} className={styles.step}>
                  <Icon
                    name={bad ? 'error' : step.state === 'skipped' ? 'minus' : 'check'}
                    size={14}
                    className={bad ? styles.bad : styles.good}
                  />
                  <span className={styles.grow}>
                    {definition
                      ? stepName(definition, parts)
                      : textOf(parts.actions.get(step.type)?.label) || step.type}
                  </span>
                  <span className={styles.quiet}>{stateWords(step.state)}</span>
                  {!!step.error && (
                    <p className={styles.stepError}>
                      {failureWords(step.error as Json, fieldNames(docs, of, definition))}
                    </p>
                  )}
                  {skippedBecause(step) && <p className={styles.stepNote}>{skippedBecause(step)}</p>}
                </li>
              );
            })}
          </ol>
        </div>
      )}
      {r.diffs.length > 0 && (
        <div>
          <h3 className={styles.heading}>{t('build.try.diffs')}</h3>
          {r.diffs.map((diff) => (
            <DiffCard key={`${diff.entity}/${diff.id}/${diff.op}`} diff={diff} ctx={ctx} />
          ))}
        </div>
      )}
      {r.messages.length > 0 && (
        <div>
          <h3 className={styles.heading}>{t('build.try.messages')}</h3>
          <ul className={styles.steps}>
            {r.messages.map((m, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: messages have no identity
              <li key={i} className={styles.message}>
                <Icon name={typeof m === 'object' && m.channel === 'email' ? 'mail' : 'message'} size={14} />
                <span className={styles.grow}>
                  {typeof m === 'string' ? m : m.title}
                  {typeof m === 'object' && m.text && <span className={styles.messageText}>{m.text}</span>}
                </span>
                {typeof m === 'object' && m.to && m.to.length > 0 && (
                  <span className={styles.quiet}>{t('build.try.to', { n: m.to.length })}</span>
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
      {r.matched && r.diffs.length === 0 && r.messages.length === 0 && r.steps.length === 0 && (
        <p className={styles.quiet}>{t('build.try.nothing')}</p>
      )}
    </div>
  );
}

function DiffCard({ diff, ctx }: { diff: Rehearsal['diffs'][number]; ctx: FieldContext }) {
  const docs = useDocs();
  const target = entityOf(docs, diff.entity);
  const preview = usePreviewEntity(diff.entity);
  const keys = [...new Set([...Object.keys(diff.before ?? {}), ...Object.keys(diff.after ?? {})])].filter(
    (k) => JSON.stringify(diff.before?.[k]) !== JSON.stringify(diff.after?.[k]),
  );
  const show = (key: string, value: Json | undefined) => {
    const field = preview?.fields.find((f) => f.key === key || f.id === key);
    return value === null || value === undefined
      ? t('build.formula.blank')
      : field
        ? fieldType(field.type).format(value as never, field, ctx) || plainValue(value)
        : // The system's own fields hold people too.
          (ctx.names[String(value)] ?? plainValue(value));
  };
  return (
    <div className={styles.diff}>
      <p className={styles.diffHead}>
        <Icon name={target?.icon ?? 'form'} size={14} />
        {textOf(target?.name)}
        <Tag hue={diff.op === 'create' ? 'green' : diff.op === 'delete' ? 'red' : 'blue'}>
          {lookup(`build.try.op_${diff.op ?? 'update'}`) ?? diff.op}
        </Tag>
      </p>
      <dl className={styles.diffRows}>
        {keys.map((key) => {
          const field = target?.fields.find((f) => f.key === key || f.id === key);
          return (
            <div key={key} className={styles.diffRow}>
              <dt>{textOf(field?.name) || (lookup(`build.system.${key}`) ?? key)}</dt>
              <dd>
                {diff.op !== 'create' && <del>{show(key, diff.before?.[key])}</del>}
                {diff.op !== 'delete' && <ins>{show(key, diff.after?.[key])}</ins>}
              </dd>
            </div>
          );
        })}
      </dl>
    </div>
  );
}
