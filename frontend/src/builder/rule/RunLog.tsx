import { useState } from 'react';
import { asProblem } from '@/api/client';
import { useRun, useRunAction, useRuns } from '@/api/queries/rules';
import type { Json, Rule, Run } from '@/api/types';
import { Button, EmptyState, ErrorState, Icon, Segmented, SidePanel, SkeletonText, Table, Tag, toast } from '@/kit';
import { lookup, t } from '@/locales';
import { formatDateTime, formatDuration, formatRelative } from '@/locales/format';
import { textOf } from '@/locales/text';
import { type Seen, SeenList } from '@/runtime/filter';
import { useFieldContext } from '@/runtime/form/context';
import { useBuilder } from '../context';
import { useRuleFilterScope } from '../panel/filter-scope';
import styles from './RunLog.module.css';
import { useRecordTitles } from './record-titles';
import { findStep } from './steps';
import { skippedBecause, stepName } from './words';

const hueOf: Record<string, string> = {
  done: 'green',
  failed: 'red',
  running: 'blue',
  queued: 'gray',
  ready: 'gray',
  waiting: 'amber',
  cancelled: 'gray',
};

/** A problem of a log in words; raw text where it has none. */
function errorText(error: unknown): string {
  if (!error) return '';
  if (typeof error === 'string') return error;
  const list = Array.isArray(error) ? error : [error];
  return list
    .map(
      (e) =>
        textOf(e as never) || (e as { message?: string; code?: string }).message || (e as { code?: string }).code || '',
    )
    .join('; ');
}

/** What the rule did, newest first; one run in full beside it. */
export function RunLog({ rule }: { rule: Rule }) {
  const { app } = useBuilder();
  const [state, setState] = useState<'all' | 'failed' | 'waiting'>('all');
  const [open, setOpen] = useState<string | null>(null);
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
            options={(['all', 'failed', 'waiting'] as const).map((value) => ({
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
                render: (r) => (
                  <Tag hue={hueOf[r.state] ?? 'gray'}>{lookup(`build.run.state_${r.state}`) ?? r.state}</Tag>
                ),
              },
              {
                key: 'record',
                title: t('build.run.record'),
                render: (r) => (r.record ? (titles.get(r.record) ?? '…') : ''),
              },
              {
                key: 'error',
                title: t('build.run.error'),
                render: (r) => <span className={styles.error}>{errorText(r.error)}</span>,
              },
            ]}
          />
        )}
      </div>
      {open && <RunPanel id={open} rule={rule} onClose={() => setOpen(null)} />}
    </div>
  );
}

function RunPanel({ id, rule, onClose }: { id: string; rule: Rule; onClose: () => void }) {
  const { app, parts } = useBuilder();
  const run = useRun(id);
  const act = useRunAction(app.id);
  const [step, setStep] = useState<number | null>(null);
  const ctx = useFieldContext();
  const scope = useRuleFilterScope(rule);
  const data = run.data;
  const ended = data && ['done', 'failed', 'cancelled'].includes(data.state);
  const send = (action: 'retry' | 'cancel') =>
    act.mutate({ id, action }, { onError: (error) => toast(asProblem(error).message, { tone: 'danger' }) });
  return (
    <SidePanel
      name="run"
      label={t('build.run.one')}
      title={t('build.run.one')}
      onClose={onClose}
      footer={
        data &&
        (data.state === 'failed' || !ended) && (
          <>
            {data.state === 'failed' && (
              <Button icon="refresh" loading={act.isPending} onClick={() => send('retry')}>
                {t('common.retry')}
              </Button>
            )}
            {!ended && (
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
            <Tag hue={hueOf[data.state] ?? 'gray'}>{lookup(`build.run.state_${data.state}`) ?? data.state}</Tag>
            <span>{formatDateTime(data.created_at, 'second')}</span>
            {data.finished_at && (
              <span>
                {t('build.run.took', {
                  time: formatDuration(Date.parse(data.finished_at) - Date.parse(data.created_at)),
                })}
              </span>
            )}
          </div>
          {/* A step that failed says it itself. */}
          {!!data.error && !data.steps?.some((s) => s.error) && <p className={styles.error}>{errorText(data.error)}</p>}
          <ol className={styles.steps}>
            {(data.steps ?? []).map((s, i) => {
              const own = /(?:^|\.)([^.[\]]+)(?:\[\d+\])?$/.exec(s.id)?.[1] ?? s.id;
              const definition = findStep(rule.steps, own)?.step;
              const seen = seenOf(s.input);
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
                      name={
                        s.state === 'failed'
                          ? 'error'
                          : s.state === 'waiting'
                            ? 'clock'
                            : s.state === 'skipped'
                              ? 'minus'
                              : 'check'
                      }
                      size={14}
                      className={s.state === 'failed' ? styles.bad : s.state === 'done' ? styles.good : undefined}
                    />
                    <span className={styles.stepName}>
                      {definition ? stepName(definition, parts) : textOf(parts.actions.get(s.type)?.label) || s.type}
                    </span>
                    <span className={styles.quiet}>{lookup(`build.run.step_${s.state}`) ?? s.state}</span>
                  </button>
                  {!!s.error && <p className={styles.error}>{errorText(s.error)}</p>}
                  {skippedBecause(s) && <p className={styles.quiet}>{skippedBecause(s)}</p>}
                  {step === i && (
                    <div className={styles.json}>
                      {scope && seen ? (
                        <SeenList list={seen} scope={scope} ctx={ctx} />
                      ) : (
                        <Block title={t('build.run.input')} value={s.input} />
                      )}
                      <Block title={t('build.run.output')} value={s.output} />
                    </div>
                  )}
                </li>
              );
            })}
          </ol>
        </div>
      )}
    </SidePanel>
  );
}

/** The parts of a condition that a step noted. */
function seenOf(input: Json | undefined): Seen[] | null {
  const list = input && typeof input === 'object' && !Array.isArray(input) ? input.condition : undefined;
  return Array.isArray(list) ? (list as unknown as Seen[]) : null;
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
