import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { asProblem, post, upload } from '@/api/client';
import { useCancelJob, useJob } from '@/api/queries/imports';
import { invalidateEntity, recordsPath, useUndo } from '@/api/queries/records';
import type { RuntimeEntity } from '@/api/types';
import { Button, Dialog, Icon, MultiSelect, Notice, Progress, Select, Switch, Table, Textarea, toast } from '@/kit';
import { t } from '@/locales';
import { formatNumber } from '@/locales/format';
import { textOf } from '@/locales/text';
import { UndonePeople } from '../list/UndonePeople';
import styles from './import.module.css';
import { type DryRun, type ImportMode, importable, mappingOf, missing, proposed, type Uploaded } from './mapping';

interface Result {
  operation?: string;
  created?: number;
  updated?: number;
  bad?: number;
}

/** Brings records in from a file or a pasted table: match, try, run, and undo. */
export function ImportWizard({ app, entity, onClose }: { app: string; entity: RuntimeEntity; onClose: () => void }) {
  const client = useQueryClient();
  const ref = { app, entity: entity.key };
  const path = recordsPath(ref).replace(/\/records$/, '/import');
  const input = useRef<HTMLInputElement>(null);
  const [pasted, setPasted] = useState('');
  const [chosen, setChosen] = useState<Record<string, string>>({});
  const [mode, setMode] = useState<ImportMode>('create');
  const [match, setMatch] = useState<string[]>([]);
  const [rules, setRules] = useState(false);
  const [checked, setChecked] = useState<DryRun | null>(null);
  const [uploaded, setUploaded] = useState<Uploaded | null>(null);
  const read = useMutation({
    mutationFn: (source: File | string) => {
      if (typeof source === 'string') return post<Uploaded>(`${path}/upload`, { text: source });
      const form = new FormData();
      form.set('file', source, source.name);
      return upload<Uploaded>(`${path}/upload`, form);
    },
    onSuccess: (answer) => {
      setUploaded(answer);
      setChosen(proposed(answer));
      setMatch(answer.mapping?.match ?? []);
      if (answer.mapping?.match?.length) setMode('upsert');
    },
  });
  const body = () => (uploaded ? { mapping: mappingOf(uploaded, entity, chosen, mode, match, rules) } : {});
  const check = useMutation({
    mutationFn: () => post<DryRun>(`${path}/${uploaded?.upload}/dry-run`, body()),
    onSuccess: setChecked,
  });
  const run = useMutation({ mutationFn: () => post<{ job: string }>(`${path}/${uploaded?.upload}/run`, body()) });
  const job = useJob(run.data?.job);
  const cancel = useCancelJob();
  const undo = useUndo(app);
  const error = read.error ?? check.error ?? run.error;
  const problem = error ? asProblem(error) : null;
  const state = job.data?.state;
  const ended = state === 'done' || state === 'failed' || state === 'cancelled';
  const result = (job.data?.result ?? {}) as Result;
  const lacking = missing(entity, chosen, mode);
  const fields = importable(entity);

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the job ends
  useEffect(() => {
    if (ended) invalidateEntity(client, ref);
  }, [ended]);

  function again() {
    setChecked(null);
    setUploaded(null);
    setPasted('');
    read.reset();
    check.reset();
    run.reset();
  }

  const footer = run.data ? (
    ended ? (
      <>
        {result.operation && !undo.data && (
          <Button
            icon="undo"
            loading={undo.isPending}
            onClick={() =>
              undo.mutate(result.operation as string, {
                onError: (e) => toast(asProblem(e).message, { tone: 'danger' }),
              })
            }
          >
            {t('transfer.undo')}
          </Button>
        )}
        <Button onClick={again}>{t('transfer.another')}</Button>
        <Button variant="primary" onClick={onClose}>
          {t('common.done')}
        </Button>
      </>
    ) : (
      <Button loading={cancel.isPending} onClick={() => run.data && cancel.mutate(run.data.job)}>
        {t('common.cancel')}
      </Button>
    )
  ) : checked ? (
    <>
      <Button onClick={() => setChecked(null)}>{t('common.back')}</Button>
      <Button variant="primary" loading={run.isPending} disabled={checked.ok === 0} onClick={() => run.mutate()}>
        {t('transfer.start', { n: checked.ok })}
      </Button>
    </>
  ) : uploaded ? (
    <>
      <Button onClick={again}>{t('common.back')}</Button>
      <Button
        variant="primary"
        loading={check.isPending}
        disabled={Object.keys(chosen).length === 0 || lacking.length > 0 || (mode !== 'create' && match.length === 0)}
        onClick={() => check.mutate()}
      >
        {t('transfer.check')}
      </Button>
    </>
  ) : (
    <>
      <Button onClick={onClose}>{t('common.cancel')}</Button>
      <Button variant="primary" loading={read.isPending} disabled={!pasted.trim()} onClick={() => read.mutate(pasted)}>
        {t('transfer.read')}
      </Button>
    </>
  );

  return (
    <Dialog
      opened
      size="xl"
      sticky={!!uploaded}
      onClose={onClose}
      title={t('transfer.title', { name: textOf(entity.name) })}
      footer={footer}
    >
      {problem && <Notice tone="danger">{problem.errors[0]?.message ?? problem.message}</Notice>}
      {run.data ? (
        <>
          {!ended && (
            <Progress
              value={job.data?.total ? job.data.progress / job.data.total : undefined}
              label={t('transfer.running')}
            />
          )}
          {!ended && <p>{t('transfer.progress', { done: job.data?.progress ?? 0, total: job.data?.total ?? 0 })}</p>}
          {ended && (
            <Notice
              tone={state === 'done' ? 'success' : 'warning'}
              title={
                state === 'done'
                  ? t('transfer.done', { n: (result.created ?? 0) + (result.updated ?? 0) })
                  : state === 'cancelled'
                    ? t('transfer.cancelled')
                    : t('transfer.failed')
              }
            >
              {!!result.bad && t('transfer.skipped', { n: result.bad })}
              {typeof job.data?.error === 'string' ? job.data.error : job.data?.error?.detail}
            </Notice>
          )}
          {undo.data && (
            <Notice tone="info" title={t('transfer.undone', { n: undo.data.reverted })}>
              {undo.data.kept.length > 0 && t('transfer.keptSome', { n: undo.data.kept.length })}
              <UndonePeople result={undo.data} />
            </Notice>
          )}
        </>
      ) : checked ? (
        <>
          <Notice
            tone={checked.bad ? 'warning' : 'success'}
            title={`${t('transfer.ok')} ${formatNumber(checked.ok)} · ${t('transfer.bad')} ${formatNumber(checked.bad)}`}
          >
            {checked.bad ? t('transfer.someBad') : t('transfer.allFine')}
          </Notice>
          {rules && checked.rules.length > 0 && (
            <div>
              <h3 className={styles.heading}>{t('transfer.rulesRun')}</h3>
              <ul>
                {checked.rules.map((r) => (
                  <li key={r.id}>{t('transfer.ruleRuns', { name: textOf(r.name), n: r.runs })}</li>
                ))}
              </ul>
            </div>
          )}
          {checked.rows.length > 0 && (
            <Table
              label={t('transfer.bad')}
              rows={checked.rows}
              rowKey={(r) => String(r.row)}
              columns={[
                { key: 'row', title: t('transfer.row'), width: 72, render: (r) => formatNumber(r.row) },
                {
                  key: 'errors',
                  title: t('transfer.problem'),
                  render: (r) => r.errors.map((e) => (e.column ? `${e.column}: ${e.message}` : e.message)).join(' '),
                },
              ]}
            />
          )}
        </>
      ) : uploaded ? (
        <>
          <p className={styles.quiet}>{t('transfer.rows', { n: uploaded.rows })}</p>
          {lacking.length > 0 && (
            <Notice tone="warning">
              {lacking.map((f) => t('transfer.requiredMissing', { name: textOf(f.name) })).join(' ')}
            </Notice>
          )}
          <Table
            label={t('transfer.stepMap')}
            rows={uploaded.columns}
            rowKey={(c) => c.key}
            columns={[
              { key: 'name', title: t('transfer.column'), width: '28%', render: (c) => c.name },
              {
                key: 'samples',
                title: t('transfer.samples'),
                wide: true,
                render: (c) => <span className={styles.quiet}>{c.samples.slice(0, 3).join(' · ')}</span>,
              },
              {
                key: 'field',
                title: t('transfer.field'),
                width: '36%',
                render: (c) => (
                  <Select
                    size="sm"
                    clearable
                    searchable
                    aria-label={`${c.name}: ${t('transfer.field')}`}
                    placeholder={t('transfer.skip')}
                    value={chosen[c.key] ?? null}
                    onChange={(field) => {
                      const { [c.key]: _old, ...rest } = chosen;
                      setChosen(field ? { ...rest, [c.key]: field } : rest);
                    }}
                    options={fields.map((f) => ({
                      value: f.key,
                      label: textOf(f.name),
                      disabled: chosen[c.key] !== f.key && Object.values(chosen).includes(f.key),
                    }))}
                  />
                ),
              },
            ]}
          />
          <div className={styles.two}>
            <Select<ImportMode>
              label={t('transfer.mode')}
              value={mode}
              onChange={(v) => v && setMode(v)}
              options={[
                { value: 'create', label: t('transfer.modeInsert') },
                { value: 'update', label: t('transfer.modeUpdate') },
                { value: 'upsert', label: t('transfer.modeUpsert') },
              ]}
            />
            {mode !== 'create' && (
              <MultiSelect
                label={t('transfer.match')}
                value={match}
                onChange={setMatch}
                error={match.length === 0 ? t('transfer.matchRequired') : undefined}
                options={fields
                  .filter((f) => Object.values(chosen).includes(f.key))
                  .map((f) => ({ value: f.key, label: textOf(f.name) }))}
              />
            )}
          </div>
          <Switch
            checked={rules}
            onChange={setRules}
            label={t('transfer.runRules')}
            help={t('transfer.runRulesHelp')}
          />
          {check.isPending && <Progress label={t('transfer.checking')} />}
        </>
      ) : (
        <>
          <button
            type="button"
            className={styles.drop}
            onClick={() => input.current?.click()}
            onDragOver={(e) => e.preventDefault()}
            onDrop={(e) => {
              e.preventDefault();
              const file = e.dataTransfer.files[0];
              if (file) read.mutate(file);
            }}
          >
            <Icon name="excel" size={24} />
            <span>{t('transfer.file')}</span>
            <span className={styles.quiet}>{t('transfer.fileHelp')}</span>
          </button>
          <input
            ref={input}
            type="file"
            hidden
            accept=".xlsx,.csv,.tsv"
            onChange={(e) => {
              const file = e.target.files?.[0];
              if (file) read.mutate(file);
            }}
          />
          {read.isPending && <Progress label={t('transfer.reading')} />}
          <Textarea
            label={t('transfer.orPaste')}
            placeholder={t('transfer.paste')}
            minRows={5}
            value={pasted}
            onChange={setPasted}
          />
        </>
      )}
    </Dialog>
  );
}
