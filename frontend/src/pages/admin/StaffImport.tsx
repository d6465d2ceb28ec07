import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { asProblem, post, upload } from '@/api/client';
import { keys } from '@/api/keys';
import type { StaffColumns, StaffResult, StaffUndone, StaffUpload } from '@/api/types';
import { Button, Dialog, Icon, MultiSelect, Notice, Progress, Select, Table, toast } from '@/kit';
import { t } from '@/locales';
import { formatList, formatNumber } from '@/locales/format';
import { useWorkspace } from '@/runtime/workspace';
import styles from './admin.module.css';
import { roleOf, roleOptions, useRoles } from './use-roles';

const parts = ['name', 'email', 'department', 'manager'] as const;

/** Brings people in from a table: say which columns are what, try, add, and take back. */
export function StaffImport({ onClose }: { onClose: () => void }) {
  const { workspace } = useWorkspace();
  const client = useQueryClient();
  const roles = useRoles(workspace.key);
  const input = useRef<HTMLInputElement>(null);
  const [table, setTable] = useState<StaffUpload | null>(null);
  const [columns, setColumns] = useState<StaffColumns>({ name: '' });
  const [held, setHeld] = useState<string[]>([]);
  const at = `/workspaces/${encodeURIComponent(workspace.key)}/members/import`;
  const changed = () => client.invalidateQueries({ queryKey: keys.workspace(workspace.key) });
  const read = useMutation({
    mutationFn: (file: File) => {
      const form = new FormData();
      form.set('file', file, file.name);
      return upload<StaffUpload>(`${at}/upload`, form);
    },
    onSuccess: (answer) => {
      setTable(answer);
      setColumns(answer.staff);
    },
  });
  const body = () => ({ staff: columns, roles: held.map(roleOf) });
  const check = useMutation({ mutationFn: () => post<StaffResult>(`${at}/${table?.upload}/dry-run`, body()) });
  const run = useMutation({
    mutationFn: () => post<StaffResult>(`${at}/${table?.upload}/run`, body()),
    onSuccess: changed,
  });
  const undo = useMutation({
    mutationFn: (done: StaffResult['done']) => post<StaffUndone>(`${at}/undo`, done),
    onSuccess: changed,
    onError: (error) => toast(asProblem(error).message, { tone: 'danger' }),
  });
  const failed = read.error ?? check.error ?? run.error;
  const result = run.data ?? check.data;

  const footer = run.data ? (
    <>
      {!undo.data && run.data.added + run.data.changed + run.data.departments > 0 && (
        <Button icon="undo" loading={undo.isPending} onClick={() => undo.mutate(run.data.done)}>
          {t('admin.staffUndo')}
        </Button>
      )}
      <Button variant="primary" onClick={onClose}>
        {t('common.done')}
      </Button>
    </>
  ) : check.data ? (
    <>
      <Button onClick={check.reset}>{t('common.back')}</Button>
      <Button
        variant="primary"
        loading={run.isPending}
        disabled={check.data.added + check.data.changed + check.data.departments === 0}
        onClick={() => run.mutate()}
      >
        {t('admin.staffRun')}
      </Button>
    </>
  ) : (
    <>
      <Button onClick={onClose}>{t('common.cancel')}</Button>
      {table && (
        <Button variant="primary" loading={check.isPending} disabled={!columns.name} onClick={() => check.mutate()}>
          {t('admin.staffTry')}
        </Button>
      )}
    </>
  );

  return (
    <Dialog opened size="lg" sticky={!!table} onClose={onClose} title={t('admin.staffImport')} footer={footer}>
      {failed && <Notice tone="danger">{asProblem(failed).errors[0]?.message ?? asProblem(failed).message}</Notice>}
      {undo.data ? (
        <Notice
          tone="info"
          title={t('admin.staffUndone', { n: undo.data.members, departments: undo.data.departments })}
        >
          {undo.data.kept.length > 0 && t('admin.staffKept', { names: formatList(undo.data.kept) })}
        </Notice>
      ) : result ? (
        <>
          <Notice
            tone={result.bad > 0 ? 'warning' : 'success'}
            title={run.data ? t('admin.staffDone') : t('admin.staffTried', { n: result.rows })}
          >
            {[
              t('admin.staffAdded', { n: result.added }),
              t('admin.staffChanged', { n: result.changed }),
              t('admin.staffUnchanged', { n: result.unchanged }),
              t('admin.staffDepartments', { n: result.departments }),
              ...(result.bad > 0 ? [t('admin.staffBad', { n: result.bad })] : []),
            ].join(' · ')}
          </Notice>
          {result.refused.length > 0 && (
            <Table
              label={t('admin.staffProblems')}
              rows={result.refused}
              rowKey={(r) => String(r.row)}
              columns={[
                { key: 'row', title: t('admin.staffRow'), width: 72, render: (r) => formatNumber(r.row) },
                {
                  key: 'errors',
                  title: t('admin.staffProblem'),
                  render: (r) => r.errors.map((e) => e.message).join(' '),
                },
              ]}
            />
          )}
        </>
      ) : table ? (
        <>
          <p className={styles.quiet}>{t('admin.staffRows', { name: table.name, n: table.rows })}</p>
          {parts.map((part) => (
            <Select
              key={part}
              label={t(`admin.staffColumn_${part}`)}
              help={part === 'manager' ? t('admin.staffManagerHelp') : undefined}
              required={part === 'name'}
              clearable={part !== 'name'}
              placeholder={t('admin.staffNoColumn')}
              value={columns[part] || null}
              onChange={(name) => setColumns({ ...columns, [part]: name ?? '' })}
              options={table.columns.map((c) => ({ value: c, label: c }))}
            />
          ))}
          <MultiSelect
            label={t('admin.roles')}
            value={held}
            onChange={setHeld}
            loading={roles.loading}
            options={roleOptions(roles.apps)}
          />
          <Table<string[]>
            label={t('admin.staffPreview')}
            rows={table.preview}
            rowKey={(cells) => String(table.preview.indexOf(cells))}
            columns={table.columns.map((title, i) => ({ key: title, title, render: (cells) => cells[i] }))}
          />
        </>
      ) : (
        <>
          <Notice>{t('admin.staffHelp')}</Notice>
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
            <span>{t('admin.staffFile')}</span>
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
          {read.isPending && <Progress label={t('admin.staffReading')} />}
        </>
      )}
    </Dialog>
  );
}
