import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { asProblem, post, upload } from '@/api/client';
import { useCancelJob, useJob, useTakenRows } from '@/api/queries/imports';
import { invalidateEntity, recordsPath, useUndo } from '@/api/queries/records';
import type { ImportDryRun, ImportUpload, RuntimeEntity } from '@/api/types';
import { Button, Dialog, Icon, Notice, Progress, Table, Textarea, toast, usePhone } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { withUndoProgress } from '@/views/shared/undo-progress';
import { UndonePeople } from '../list/UndonePeople';
import { Counts } from './Counts';
import { type CountsOf, changes, rowsOf } from './counts';
import styles from './import.module.css';
import { MappingStep } from './MappingStep';
import { type About, columnIndex, type Draft, draftOf, faultOf, mappingOf, missing, modeOf, proposed } from './mapping';
import { ReadyMappings } from './ReadyMappings';

interface Result extends CountsOf {
  operation?: string;
  bad?: number;
}

/** Brings records in from a file or a pasted table: match, try, run, and undo. */
export function ImportWizard({ app, entity, onClose }: { app: string; entity: RuntimeEntity; onClose: () => void }) {
  const client = useQueryClient();
  const phone = usePhone();
  const ref = { app, entity: entity.key };
  const path = recordsPath(ref).replace(/\/records$/, '/import');
  const input = useRef<HTMLInputElement>(null);
  const [pasted, setPasted] = useState('');
  const [draft, setDraft] = useState<Draft>(() => draftOf({}));
  const [about, setAbout] = useState<About>({});
  const [checked, setChecked] = useState<ImportDryRun | null>(null);
  const [uploaded, setUploaded] = useState<ImportUpload | null>(null);
  const read = useMutation({
    mutationFn: (source: File | string) => {
      if (typeof source === 'string') return post<ImportUpload>(`${path}/upload`, { text: source });
      const form = new FormData();
      form.set('file', source, source.name);
      return upload<ImportUpload>(`${path}/upload`, form);
    },
    onSuccess: (answer) => {
      setUploaded(answer);
      setDraft(proposed(answer));
      setAbout({});
    },
  });
  const body = () => ({ mapping: mappingOf(draft, entity.key) });
  const check = useMutation({
    mutationFn: () => post<ImportDryRun>(`${path}/${uploaded?.upload}/dry-run`, body()),
    onSuccess: setChecked,
  });
  const run = useMutation({ mutationFn: () => post<{ job: string }>(`${path}/${uploaded?.upload}/run`, body()) });
  const job = useJob(run.data?.job);
  const cancel = useCancelJob();
  const mapping = mappingOf(draft, entity.key);
  const chosen = useTakenRows(ref, uploaded?.upload, mapping);
  const taken = mapping.rows || mapping.filter ? chosen.data : undefined;
  const error = read.error ?? check.error ?? run.error;
  const problem = error ? asProblem(error) : null;
  const fault = problem?.errors[0]?.message ?? problem?.detail;
  const state = job.data?.state;
  const ended = state === 'done' || state === 'failed' || state === 'cancelled';
  const result = (job.data?.result ?? {}) as Result;
  const written = rowsOf(result);
  const undo = useUndo(app, (run) => withUndoProgress(app, written, run));
  const same = checked !== null && checked.bad === 0 && !changes(checked);
  const ready =
    uploaded !== null &&
    missing(entity, draft).length === 0 &&
    mappingOf(draft, entity.key).columns?.length !== 0 &&
    (modeOf(draft) === 'create' || draft.match.length > 0) &&
    draft.columns.every((c) => !faultOf(c, uploaded.columns)) &&
    draft.rows.every(([name]) => name === '' || columnIndex(uploaded.columns, name) >= 0);

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

  const steps = [t('transfer.stepUpload'), t('transfer.stepMap'), t('transfer.stepCheck'), t('transfer.stepRun')];
  const step = run.data ? 3 : checked ? 2 : uploaded ? 1 : 0;
  const footer = run.data ? (
    ended ? (
      <>
        {result.operation && changes(result) && !undo.data && (
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
        {t('transfer.stop')}
      </Button>
    )
  ) : checked ? (
    <>
      <Button onClick={() => setChecked(null)}>{t('common.back')}</Button>
      <Button variant="primary" loading={run.isPending} disabled={!changes(checked)} onClick={() => run.mutate()}>
        {t('transfer.start', { n: rowsOf(checked) || checked.ok })}
      </Button>
    </>
  ) : uploaded ? (
    <>
      <Button onClick={again}>{t('common.back')}</Button>
      <Button variant="primary" loading={check.isPending} disabled={!ready} onClick={() => check.mutate()}>
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
      title={
        <>
          {t('transfer.title', { name: textOf(entity.name) })}{' '}
          <span className={styles.step}>
            {t('transfer.step', { n: step + 1, of: steps.length, name: steps[step] as string })}
          </span>
        </>
      }
      footer={footer}
      className={styles.body}
    >
      {problem && (
        <Notice tone="danger" title={problem.title}>
          {fault && fault !== problem.title && <p>{fault}</p>}
          {problem.requestId && <p className={styles.quiet}>{t('common.requestId', { id: problem.requestId })}</p>}
        </Notice>
      )}
      {run.data ? (
        <>
          {!ended && (
            <Progress
              value={job.data?.total ? job.data.progress / job.data.total : undefined}
              label={t('transfer.running')}
            />
          )}
          {!ended && (
            <div>
              <p>
                {job.data?.total
                  ? t('transfer.progress', { done: job.data.progress, total: job.data.total })
                  : t('transfer.running')}
              </p>
              <p className={styles.quiet}>{t('transfer.goesOn')}</p>
            </div>
          )}
          {ended && (
            <Notice
              tone={state === 'done' ? 'success' : 'warning'}
              title={
                state === 'done'
                  ? changes(result)
                    ? t('transfer.done', { n: written })
                    : t('transfer.nothingNew')
                  : state === 'cancelled'
                    ? t('transfer.cancelled')
                    : t('transfer.failed')
              }
            >
              {!!result.bad && <p>{t('transfer.skipped', { n: result.bad })}</p>}
              <Counts counts={result} />
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
            title={
              same
                ? t('transfer.nothingNew')
                : `${t('transfer.ok', { n: rowsOf(checked) || checked.ok })} · ${t('transfer.badRows', { n: checked.bad })}`
            }
          >
            {checked.bad ? t('transfer.someBad') : same ? t('transfer.nothingNewHelp') : t('transfer.allFine')}
          </Notice>
          <Counts counts={checked} />
          {draft.rules && checked.rules.length > 0 && (
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
                { key: 'row', title: t('transfer.row'), width: 72, align: 'right', render: (r) => r.row },
                {
                  key: 'errors',
                  title: t('transfer.problem'),
                  render: (r) =>
                    r.errors
                      .map((e) =>
                        e.column ? t('transfer.problemOf', { column: e.column, message: e.message }) : e.message,
                      )
                      .join(' '),
                },
              ]}
            />
          )}
        </>
      ) : uploaded ? (
        <>
          <div className={styles.top}>
            <span className={styles.quiet}>{t('transfer.rows', { n: uploaded.rows })}</span>
            <ReadyMappings
              app={app}
              entity={entity}
              table={uploaded}
              draft={draft}
              about={about}
              onUse={(next, from) => {
                setDraft(next);
                setAbout(from);
                check.reset();
              }}
            />
          </div>
          {about.name && (
            <Notice tone="info" title={t('transfer.readyUsed', { name: textOf(about.name) })}>
              {about.help && textOf(about.help)}
            </Notice>
          )}
          <MappingStep
            entity={entity}
            // What a field becomes is shown of the rows that come in.
            table={taken ? { ...uploaded, preview: taken.preview } : uploaded}
            taken={taken}
            problem={chosen.error ? asProblem(chosen.error).message : undefined}
            draft={draft}
            onChange={setDraft}
          />
          {check.isPending && <Progress label={t('transfer.checking')} />}
        </>
      ) : (
        <>
          <button
            type="button"
            className={styles.drop}
            data-autofocus
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
            <span className={styles.quiet}>{phone ? t('transfer.fileKinds') : t('transfer.fileHelp')}</span>
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
