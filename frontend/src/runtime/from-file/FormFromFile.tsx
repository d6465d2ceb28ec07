import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { asProblem, post } from '@/api/client';
import { keys } from '@/api/keys';
import { type MadeForm, proposeForm, type ReadOptions, useMakeForm, useReread } from '@/api/queries/from-file';
import { jobFault, useJob } from '@/api/queries/imports';
import type { FormProposal, ProposedForm, UndoResult } from '@/api/types';
import { Button, Dialog, Notice, Progress, Table, toast, toastUndo } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { Proposal } from './Proposal';
import { Source } from './Source';

export interface FormFromFileProps {
  title: string;
  /** The app that gets the form; a new app is made only when there is a table to put into it. */
  app: (source: File | string) => Promise<string>;
  onClose: () => void;
  /** The form is there and filled. */
  onMade: (made: MadeForm, app: string) => void;
  /** It was taken back. */
  onUndone: (app: string) => void;
}

/** A table becomes a form: look at what was recognised, change it, create and import. */
export function FormFromFile({ title, app, onClose, onMade, onUndone }: FormFromFileProps) {
  const client = useQueryClient();
  const [target, setTarget] = useState<string | null>(null);
  const [proposal, setProposal] = useState<FormProposal | null>(null);
  const [read, setRead] = useState<ReadOptions>({});
  const [form, setForm] = useState<ProposedForm | null>(null);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [share, setShare] = useState<number | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const reread = useReread();
  const make = useMakeForm();
  const job = useJob(make.data?.job);
  const told = useRef(false);
  const state = job.data?.state;
  const done = state === 'done' ? (job.data?.result as unknown as MadeForm) : null;
  const failed = state === 'failed' || state === 'cancelled';
  const running = make.isPending || (!!make.data && !done && !failed);
  const taken = form?.columns.filter((c) => !left.has(c.column)) ?? [];
  const named = form ? textOf(form.name).trim() : '';
  const valid = named !== '' && taken.length > 0 && taken.every((c) => textOf(c.name).trim() !== '');
  const bad = done?.import?.bad ?? 0;

  function accept(answer: FormProposal) {
    setProposal(answer);
    setForm(answer.form);
    setLeft(new Set());
  }

  async function take(source: File | string) {
    setFault(null);
    setShare(0);
    try {
      const id = target ?? (await app(source));
      setTarget(id);
      accept(await proposeForm(id, source, setShare));
    } catch (error) {
      setFault(asProblem(error).message);
    } finally {
      setShare(null);
    }
  }

  function change(next: ReadOptions) {
    if (!target || !proposal) return;
    setRead(next);
    reread.mutate({ app: target, upload: proposal.upload, read: next }, { onSuccess: accept });
  }

  async function undo(made: MadeForm, id: string) {
    try {
      const result = await post<UndoResult>(`/apps/${encodeURIComponent(id)}/operations/${made.operation}/undo`);
      toast(t('make.undone', { n: result.reverted }), { tone: 'success' });
      // The list must be left before the app forgets it.
      onUndone(id);
      await client.invalidateQueries({ queryKey: keys.app(id) });
    } catch (error) {
      toast(asProblem(error).message, { tone: 'danger' });
    }
  }

  async function land(made: MadeForm) {
    if (!target) return;
    // The new list can open only once the app knows its form.
    await client.invalidateQueries({ queryKey: keys.app(target) });
    toastUndo(
      t('make.made', { name: named, n: made.import?.created ?? 0 }),
      t('make.undo'),
      () => void undo(made, target),
    );
    onMade(made, target);
    onClose();
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when all rows are in
  useEffect(() => {
    if (!done || bad > 0 || told.current) return;
    told.current = true;
    void land(done);
  }, [done, bad]);

  const problem =
    fault ??
    (reread.error && asProblem(reread.error).message) ??
    (make.error && (asProblem(make.error).errors[0]?.message ?? asProblem(make.error).message)) ??
    (failed ? (jobFault(job.data) ?? t('make.failed')) : null);

  return (
    <Dialog
      opened
      size={proposal ? 'xl' : 'md'}
      sticky={!!proposal || share !== null}
      onClose={onClose}
      title={title}
      onSubmit={() => {
        if (!proposal || !target || !form || !valid || running) return;
        make.mutate({ app: target, upload: proposal.upload, read, form: { ...form, columns: taken } });
      }}
      footer={
        done && bad > 0 ? (
          <>
            <Button
              icon="undo"
              onClick={() => {
                if (target) void undo(done, target);
                onClose();
              }}
            >
              {t('make.undo')}
            </Button>
            <Button variant="primary" onClick={() => void land(done)}>
              {t('make.see')}
            </Button>
          </>
        ) : (
          <>
            {proposal && !running && (
              <Button
                onClick={() => {
                  setProposal(null);
                  setRead({});
                  make.reset();
                }}
              >
                {t('common.back')}
              </Button>
            )}
            <Button onClick={onClose}>{t('common.cancel')}</Button>
            {proposal && (
              <Button type="submit" variant="primary" disabled={!valid || reread.isPending} loading={running}>
                {t('make.create', { n: proposal.rows })}
              </Button>
            )}
          </>
        )
      }
    >
      {problem && <Notice tone="danger">{problem}</Notice>}
      {running ? (
        <>
          <Progress
            value={job.data?.total ? job.data.progress / job.data.total : undefined}
            label={t('make.creating')}
          />
          <p aria-live="polite">
            {job.data?.total
              ? t('make.importing', { done: job.data.progress, total: job.data.total })
              : t('make.creating')}
          </p>
        </>
      ) : done && bad > 0 ? (
        <>
          <Notice tone="warning" title={t('make.madeBad', { name: named, n: done.import?.created ?? 0, bad })} />
          <Table
            label={t('make.badRows')}
            rows={done.import?.refused?.slice(0, 50) ?? []}
            rowKey={(r) => String(r.row)}
            columns={[
              { key: 'row', title: t('make.row'), width: 72, render: (r) => r.row },
              {
                key: 'problem',
                title: t('make.problem'),
                render: (r) => r.errors.map((e) => (e.column ? `${e.column}: ${e.message}` : e.message)).join(' '),
              },
            ]}
          />
        </>
      ) : proposal && form ? (
        <Proposal
          proposal={proposal}
          form={form}
          left={left}
          read={read}
          busy={reread.isPending}
          onForm={setForm}
          onLeft={setLeft}
          onRead={change}
        />
      ) : (
        <Source share={share} onTake={(source) => void take(source)} onFault={setFault} />
      )}
    </Dialog>
  );
}
