import { useState } from 'react';
import { asProblem } from '@/api/client';
import { useRun, useRunAction, useRuns } from '@/api/queries/rules';
import type { Json, Rule, Run, RuntimeEntity, Step } from '@/api/types';
import type { FieldContext } from '@/fields';
import { fieldOf } from '@/fields';
import {
  Button,
  EmptyState,
  ErrorState,
  Icon,
  type IconProps,
  Notice,
  Segmented,
  SidePanel,
  SkeletonText,
  Table,
  Tag,
  toast,
} from '@/kit';
import { lookup, t } from '@/locales';
import { formatDateTime, formatDuration, formatRelative } from '@/locales/format';
import { textOf } from '@/locales/text';
import { plainValue, SeenList } from '@/runtime/filter';
import { useFieldContext } from '@/runtime/form/context';
import { failureWords, isRetrying, retryWords } from '@/runtime/record/run-words';
import { useBuilder, useDocs, usePreview } from '../context';
import { useRuleFilterScope } from '../panel/filter-scope';
import styles from './RunLog.module.css';
import { useRecordTitles } from './record-titles';
import {
  circle,
  fieldNames,
  inOrder,
  outcomeWords,
  stepId,
  stepState,
  targetOf,
  triedOf,
  undoneBefore,
} from './run-lines';
import { findStep } from './steps';
import { skippedBecause, stepName } from './words';

const hueOf: Record<string, string> = {
  done: 'green',
  failed: 'red',
  blocked: 'red',
  running: 'blue',
  queued: 'gray',
  ready: 'gray',
  waiting: 'amber',
  cancelled: 'gray',
};

const stateIcons: Record<string, IconProps['name']> = {
  failed: 'error',
  waiting: 'clock',
  running: 'clock',
  retrying: 'clock',
  unfinished: 'ban',
  skipped: 'minus',
};

/** A run that may still go on. */
const isLive = (run: Run): boolean => ['ready', 'queued', 'running', 'waiting'].includes(run.state);

function StateTag({ run }: { run: Run }) {
  const retrying = isRetrying(run);
  return (
    <Tag hue={retrying ? 'amber' : (hueOf[run.state] ?? 'gray')}>
      {retrying ? t('build.run.state_retrying') : (lookup(`build.run.state_${run.state}`) ?? run.state)}
    </Tag>
  );
}

const states = ['all', 'failed', 'waiting', 'blocked'] as const;

/** What the rule did, newest first; one run in full beside it. */
export function RunLog({ rule, run: first = null }: { rule: Rule; run?: string | null }) {
  const { app } = useBuilder();
  const docs = useDocs();
  const [state, setState] = useState<(typeof states)[number]>('all');
  const [open, setOpen] = useState<string | null>(first);
  const runs = useRuns(app.id, { rule: rule.id, state: state === 'all' ? undefined : state });
  const titles = useRecordTitles(app.id, rule.entity, runs.data?.flatMap((r) => r.record ?? []) ?? []);
  return (
    <div className={styles.page}>
      <div className={styles.list}>
        <div className={styles.bar}>
          <Segmented
            size="sm"
            aria-label={t('build.run.filter')}
            value={state}
            onChange={setState}
            options={states.map((value) => ({
              value,
              label: value === 'all' ? t('common.all') : (lookup(`build.run.state_${value}`) ?? value),
            }))}
          />
          <Button size="sm" variant="plain" icon="refresh" loading={runs.isFetching} onClick={() => runs.refetch()}>
            {t('common.refresh')}
          </Button>
        </div>
        {runs.isError ? (
          <ErrorState error={runs.error} onRetry={() => runs.refetch()} />
        ) : (
          <Table<Run>
            label={t('build.rule.tabLog')}
            rows={runs.data}
            loading={runs.isPending}
            rowKey={(r) => r.id}
            selectedKey={open ?? undefined}
            onRowClick={(r) => setOpen(r.id)}
            empty={<EmptyState icon="history" title={t('build.run.none')} help={t('build.run.noneHelp')} />}
            columns={[
              {
                key: 'time',
                title: t('build.run.time'),
                width: 150,
                render: (r) => (
                  <span title={formatDateTime(r.created_at, 'second')}>{formatRelative(r.created_at)}</span>
                ),
              },
              {
                key: 'state',
                title: t('build.run.state'),
                width: 110,
                render: (r) => <StateTag run={r} />,
              },
              {
                key: 'record',
                title: t('build.run.record'),
                render: (r) => (r.record ? (titles.get(r.record) ?? '…') : ''),
              },
              {
                key: 'error',
                title: t('build.run.error'),
                render: (r) => (
                  <span className={styles.error}>
                    {failureWords(r.error, fieldNames(docs, rule, failedStep(rule, r)))}
                  </span>
                ),
              },
            ]}
          />
        )}
      </div>
      {open && <RunPanel id={open} rule={rule} onClose={() => setOpen(null)} />}
    </div>
  );
}

/** The step that a run failed at. */
function failedStep(rule: Rule, run: Run): Step | undefined {
  const at = run.error && typeof run.error === 'object' && !Array.isArray(run.error) ? run.error.step : undefined;
  return typeof at === 'string' ? findStep(rule.steps, stepId(at))?.step : undefined;
}

function RunPanel({ id, rule, onClose }: { id: string; rule: Rule; onClose: () => void }) {
  const { app, parts } = useBuilder();
  const docs = useDocs();
  const run = useRun(id);
  const act = useRunAction(app.id);
  const [step, setStep] = useState<number | null>(null);
  const ctx = useFieldContext();
  const scope = useRuleFilterScope(rule);
  const preview = usePreview();
  const data = run.data;
  const titles = useRecordTitles(app.id, rule.entity, data?.record ? [data.record] : []);
  const send = (action: 'retry' | 'cancel') =>
    act.mutate({ id, action }, { onError: (error) => toast(asProblem(error).message, { tone: 'danger' }) });
  const lines = data ? inOrder(rule, data.steps ?? []) : [];
  const undone = data?.state === 'failed' && undoneBefore(rule, lines);
  return (
    <SidePanel
      name="run"
      label={t('build.run.one')}
      title={t('build.run.one')}
      onClose={onClose}
      footer={
        data &&
        (data.state === 'failed' || isLive(data)) && (
          <>
            {data.state === 'failed' && (
              <Button icon="refresh" loading={act.isPending} onClick={() => send('retry')}>
                {t('common.retry')}
              </Button>
            )}
            {isLive(data) && (
              <Button icon="ban" loading={act.isPending} onClick={() => send('cancel')}>
                {t('build.run.cancel')}
              </Button>
            )}
          </>
        )
      }
    >
      {run.isError ? (
        <ErrorState compact error={run.error} onRetry={() => run.refetch()} />
      ) : !data ? (
        <SkeletonText lines={6} />
      ) : (
        <div className={styles.detail}>
          <div className={styles.facts}>
            <StateTag run={data} />
            {data.record && <span>{titles.get(data.record)}</span>}
            <span>{formatDateTime(data.created_at, 'second')}</span>
            {data.finished_at && (
              <span>
                {t('build.run.took', {
                  time: formatDuration(Date.parse(data.finished_at) - Date.parse(data.created_at)),
                })}
              </span>
            )}
          </div>
          {data.state === 'blocked' ? (
            <Notice tone="danger" title={t('build.run.blocked', { n: data.depth })}>
              {t('build.run.blockedHelp')}
            </Notice>
          ) : null}
          {!!data.path?.length && (
            <p className={styles.quiet}>
              {t('build.run.path', { path: circle(data.path.map((name) => textOf(name))).join(' → ') })}
            </p>
          )}
          {retryWords(data) && <p className={styles.quiet}>{retryWords(data)}</p>}
          {/* A step that failed says it itself. */}
          {!!data.error && !lines.some((s) => s.error) && (
            <p className={styles.error}>{failureWords(data.error, fieldNames(docs, rule, failedStep(rule, data)))}</p>
          )}
          <ol className={styles.steps}>
            {lines.map((s, i) => {
              const definition = findStep(rule.steps, stepId(s.id))?.step;
              const { seen, values } = triedOf(s.state === 'failed' ? s.input : (s.output ?? s.input));
              const state = stepState(s.state, isLive(data), isRetrying(data));
              const outcome = outcomeWords(s, docs, rule);
              const names = fieldNames(docs, rule, definition);
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: a log only grows
                <li key={`${s.id}/${i}`} className={styles.step}>
                  <button
                    type="button"
                    className={styles.stepHead}
                    aria-expanded={step === i}
                    onClick={() => setStep(step === i ? null : i)}
                  >
                    <Icon
                      name={stateIcons[state] ?? 'check'}
                      size={14}
                      className={state === 'failed' ? styles.bad : state === 'done' ? styles.good : undefined}
                    />
                    <span className={styles.stepName}>
                      {definition
                        ? stepName(definition, parts)
                        : (lookup(`build.run.line_${s.id === '-' ? 'start' : s.id}`) ??
                          (textOf(parts.actions.get(s.type)?.label) || s.type))}
                    </span>
                    <span className={styles.quiet}>{lookup(`build.run.step_${state}`) ?? state}</span>
                  </button>
                  {!!s.error && <p className={styles.error}>{failureWords(s.error, names)}</p>}
                  {skippedBecause(s) && <p className={styles.quiet}>{skippedBecause(s)}</p>}
                  {outcome && <p className={styles.quiet}>{outcome}</p>}
                  {(step === i || (s.state === 'failed' && (values.length > 0 || seen))) && (
                    <div className={styles.json}>
                      {values.length > 0 && (
                        <Values values={values} names={names} target={targetOf(preview, rule, definition)} ctx={ctx} />
                      )}
                      {scope && seen && (
                        <div>
                          <p className={styles.quiet}>{t('build.run.looked')}</p>
                          <SeenList list={seen} scope={scope} ctx={ctx} />
                        </div>
                      )}
                      {values.length === 0 && !seen && (
                        <>
                          <Block title={t('build.run.input')} value={s.input} />
                          <Block title={t('build.run.output')} value={s.output} />
                        </>
                      )}
                    </div>
                  )}
                </li>
              );
            })}
          </ol>
          {data.state === 'failed' && (
            <Notice title={t('build.run.whatNow')}>
              {undone && <p>{t('build.run.undone')}</p>}
              <p>{t('build.run.failedHelp', { n: data.version })}</p>
            </Notice>
          )}
        </div>
      )}
    </SidePanel>
  );
}

/** The values that a failed step would have written, by field. */
function Values({
  values,
  names,
  target,
  ctx,
}: {
  values: [string, Json][];
  names: (key: string) => string | undefined;
  target: RuntimeEntity | undefined;
  ctx: FieldContext;
}) {
  return (
    <div>
      <p className={styles.quiet}>{t('build.run.values')}</p>
      <dl className={styles.values}>
        {values.map(([key, value]) => {
          const field = target?.fields.find((f) => f.key === key);
          const shown = field && value !== null && fieldOf(field.type).format(value as never, field, ctx);
          return (
            <div key={key} className={styles.value}>
              <dt>{names(key) ?? key}</dt>
              <dd>{shown || plainValue(value)}</dd>
            </div>
          );
        })}
      </dl>
    </div>
  );
}

function Block({ title, value }: { title: string; value: Json | undefined }) {
  if (value === null || value === undefined) return null;
  return (
    <div>
      <p className={styles.quiet}>{title}</p>
      <pre className={styles.pre}>{JSON.stringify(value, null, 2)}</pre>
    </div>
  );
}
