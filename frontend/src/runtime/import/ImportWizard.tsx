import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { asProblem, post, upload } from '@/api/client';
import { fileUrl } from '@/api/queries/files';
import type { ReadOptions } from '@/api/queries/from-file';
import { jobFault, useCancelJob, useJob, useTakenRows } from '@/api/queries/imports';
import { invalidateEntity, recordsPath, useUndo } from '@/api/queries/records';
import type { ImportDryRun, ImportUpload, RuntimeEntity } from '@/api/types';
import { Button, Dialog, Icon, Notice, Progress, Select, Switch, Textarea, toast, usePhone } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { withUndoProgress } from '@/views/shared/undo-progress';
import { UndonePeople } from '../list/UndonePeople';
import { Counts } from './Counts';
import { type CountsOf, changes, rowsOf } from './counts';
import { FixRows } from './FixRows';
import { type Fixes, fixList } from './fixes';
import styles from './import.module.css';
import { MappingStep } from './MappingStep';
import { type About, columnIndex, type Draft, draftOf, faultOf, mappingOf, missing, modeOf, proposed } from './mapping';
import { ReadyMappings } from './ReadyMappings';

interface Result extends CountsOf {
  operation?: string;
  bad?: number;
  /** The file with the rows that were left out. */
  report?: string;
  /** Records that had come in when the import was broken off. */
  written?: number;
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
  const [how, setHow] = useState<ReadOptions>({});
  const [fixes, setFixes] = useState<Fixes>({});
  const [tried, setTried] = useState<Fixes>({});
  const take = (answer: ImportUpload) => {
    setUploaded(answer);
    setDraft(proposed(answer));
    setAbout({});
    setFixes({});
    setTried({});
  };
  const read = useMutation({
    mutationFn: (source: File | string) => {
      if (typeof source === 'string') return post<ImportUpload>(`${path}/upload`, { text: source });
      const form = new FormData();
      form.set('file', source, source.name);
      return upload<ImportUpload>(`${path}/upload`, form);
    },
    onSuccess: take,
  });
  const reread = useMutation({
    mutationFn: (read: ReadOptions) => post<ImportUpload>(`${path}/${uploaded?.upload}/read`, { read }),
    onSuccess: (answer, read) => {
      setHow(read);
      take(answer);
    },
  });
  const body = () => ({ read: how, mapping: mappingOf(draft, entity.key), fixes: fixList(fixes) });
  const check = useMutation({
    mutationFn: () => post<ImportDryRun>(`${path}/${uploaded?.upload}/dry-run`, body()),
    onSuccess: (answer) => {
      setChecked(answer);
      setTried(fixes);
    },
  });
  const run = useMutation({ mutationFn: () => post<{ job: string }>(`${path}/${uploaded?.upload}/run`, body()) });
  const job = useJob(run.data?.job);
  const cancel = useCancelJob();
  const mapping = mappingOf(draft, entity.key);
  const chosen = useTakenRows(ref, uploaded?.upload, how, mapping);
  const taken = mapping.rows || mapping.filter ? chosen.data : undefined;
  const error = read.error ?? reread.error ?? check.error ?? run.error;
  const problem = error ? asProblem(error) : null;
  const fault = problem?.errors[0]?.message ?? problem?.detail;
  const state = job.data?.state;
  const ended = state === 'done' || state === 'failed' || state === 'cancelled';
  const result = (job.data?.result ?? {}) as Result;
  const written = rowsOf(result) || (result.written ?? 0);
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
    setHow({});
    setPasted('');
    read.reset();
    reread.reset();
    check.reset();
    run.reset();
  }

  const steps = [t('transfer.stepUpload'), t('transfer.stepMap'), t('transfer.stepCheck'), t('transfer.stepRun')];
  const step = run.data ? 3 : checked ? 2 : uploaded ? 1 : 0;
  const footer = run.data ? (
    ended ? (
      <>
        {result.operation && (changes(result) || written > 0) && !undo.data && (
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
      {fixes === tried ? (
        <Button variant="primary" loading={run.isPending} disabled={!changes(checked)} onClick={() => run.mutate()}>
          {t('transfer.start', { n: rowsOf(checked) || checked.ok })}
        </Button>
      ) : (
        <Button variant="primary" loading={check.isPending} onClick={() => check.mutate()}>
          {t('transfer.checkAgain')}
        </Button>
      )}
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
              {jobFault(job.data) && <p>{jobFault(job.data)}</p>}
              {!!result.written && <p>{t('transfer.wrote', { n: result.written })}</p>}
              {!!result.bad && (
                <p>
                  {t('transfer.skipped', { n: result.bad })}
                  {result.report && (
                    <>
                      {' '}
                      <a className={styles.link} href={fileUrl(result.report)} download>
                        {t('transfer.leftRows')}
                      </a>
                    </>
                  )}
                </p>
              )}
              <Counts counts={result} />
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
            {checked.bad ? t('transfer.fixHelp') : same ? t('transfer.nothingNewHelp') : t('transfer.allFine')}
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
            <FixRows
              rows={checked.rows}
              columns={uploaded?.columns.map((c) => c.name) ?? []}
              bad={checked.bad}
              tried={tried}
              fixes={fixes}
              onFix={setFixes}
              onEnter={() => fixes !== tried && !check.isPending && check.mutate()}
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
          {(uploaded.sheets?.length ?? 0) > 1 && (
            <div className={styles.two}>
              <Select
                label={t('transfer.sheet')}
                value={uploaded.sheet}
                disabled={reread.isPending}
                onChange={(sheet) => sheet && reread.mutate({ ...how, sheet })}
                options={uploaded.sheets.map((name) => ({ value: name, label: name }))}
              />
            </div>
          )}
          <Switch
            checked={how.header !== -1}
            disabled={reread.isPending}
            onChange={(on) => reread.mutate({ ...how, header: on ? undefined : -1 })}
            label={t('transfer.names')}
          />
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
