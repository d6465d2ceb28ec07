import { useState } from 'react';
import { useApps } from '@/api/queries/apps';
import { apiKeys, useAudit, useDirectory } from '@/api/queries/workspaces';
import type { AuditEntry } from '@/api/types';
import { Avatar, Button, Dialog, EmptyState, ErrorState, Select, Table } from '@/kit';
import { DateInput } from '@/kit/DateInput';
import { lookup, t } from '@/locales';
import { formatDateTime } from '@/locales/format';
import { textOf } from '@/locales/text';
import { useWorkspace } from '@/runtime/workspace';
import { AdminPage } from './AdminPage';
import styles from './admin.module.css';
import { instants } from './audit-days';

// Starts of the actions' names.
const kinds = (): Record<string, string> => ({
  sign_: t('admin.signIns'),
  'member.': t('admin.members'),
  'department.': t('admin.departments'),
  'invitation.': t('admin.invitations'),
  'api_key.': t('admin.api'),
  'webhook.': t('admin.webhooks'),
  'workspace.': t('admin.settings'),
  'app.': t('admin.app'),
  'form.': t('admin.forms'),
  'records.': t('admin.records'),
});

/** An action in words; one that this page does not know yet by its name. */
function actionName(action: string): string {
  return lookup(`admin.did.${action.replaceAll('.', '_')}`) ?? action;
}

/** What the log adds to an action, line by line. */
function detailsOf(entry: AuditEntry): [string, string][] {
  const detail = entry.detail && typeof entry.detail === 'object' && !Array.isArray(entry.detail) ? entry.detail : {};
  const show = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return [
    ...(entry.address ? [['address', entry.address] as [string, string]] : []),
    // The app has its own column, and what it is about its own line.
    ...Object.entries(detail).flatMap(([key, value]): [string, string][] =>
      key === 'app' || (key === 'name' && value === entry.target?.name) ? [] : [[key, show(value)]],
    ),
  ].filter(([, value]) => value !== '');
}

/** Who did what in the workspace, newest first. */
export function AuditPage() {
  const { workspace } = useWorkspace();
  const [action, setAction] = useState<string | null>(null);
  const [actor, setActor] = useState<string | null>(null);
  const [from, setFrom] = useState<string | null>(null);
  const [to, setTo] = useState<string | null>(null);
  const filtered = !!(action || actor || from || to);
  const pages = useAudit(workspace.key, {
    action: action ?? undefined,
    actor: actor ?? undefined,
    ...instants(from, to),
  });
  const directory = useDirectory(workspace.key);
  const apiKeyList = apiKeys.useList(workspace.key);
  const apps = useApps(workspace.key);
  const [open, setOpen] = useState<AuditEntry | null>(null);
  const appName = (id: string | null | undefined) => textOf(apps.data?.find((a) => a.id === id)?.name);
  // The log names an app by its key, and one that is gone can be named by nothing else.
  const targetOf = (e: AuditEntry) =>
    (e.target?.kind === 'app' && appName(e.target.id)) || e.target?.name || appName(e.app);
  function clear() {
    setAction(null);
    setActor(null);
    setFrom(null);
    setTo(null);
  }

  return (
    <AdminPage path="audit">
      <div className={styles.bar}>
        <Select
          size="sm"
          className={styles.filter}
          clearable
          aria-label={t('admin.action')}
          standing={t('admin.allActions')}
          value={action}
          onChange={setAction}
          options={Object.entries(kinds()).map(([value, label]) => ({ value, label }))}
        />
        <Select
          size="sm"
          className={styles.filter}
          clearable
          aria-label={t('admin.who')}
          standing={t('admin.everybody')}
          value={actor}
          onChange={setActor}
          loading={directory.isPending}
          options={[
            { value: 'system', label: t('admin.system'), icon: 'bolt' },
            ...(apiKeyList.data ?? []).map((k) => ({
              value: k.id,
              label: k.name,
              group: t('admin.api'),
              icon: 'key',
            })),
            ...(directory.data?.members ?? []).map((m) => ({
              value: m.id,
              label: m.name,
              group: t('admin.members'),
              before: <Avatar name={m.name} size={20} />,
            })),
          ]}
        />
        <DateInput
          size="sm"
          className={styles.filter}
          aria-label={t('admin.fromDay')}
          placeholder={t('admin.fromDay')}
          value={from}
          onChange={setFrom}
          max={to ?? undefined}
        />
        <DateInput
          size="sm"
          className={styles.filter}
          aria-label={t('admin.toDay')}
          placeholder={t('admin.toDay')}
          value={to}
          onChange={setTo}
          min={from ?? undefined}
        />
      </div>
      {pages.isError ? (
        <ErrorState error={pages.error} onRetry={() => pages.refetch()} />
      ) : (
        <Table
          label={t('admin.audit')}
          loading={pages.isPending}
          rows={pages.data?.pages.flatMap((p) => p.items)}
          rowKey={(e) => e.id}
          onRowClick={setOpen}
          empty={
            filtered ? (
              <EmptyState
                icon="search"
                title={t('admin.noAuditMatch')}
                action={
                  <Button icon="filter-off" onClick={clear}>
                    {t('admin.clearFilters')}
                  </Button>
                }
              />
            ) : (
              <EmptyState icon="history" title={t('admin.noAudit')} />
            )
          }
          footer={
            pages.hasNextPage && (
              <div className={styles.bar}>
                <Button variant="plain" loading={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
                  {t('common.showMore')}
                </Button>
              </div>
            )
          }
          columns={[
            { key: 'at', title: t('admin.time'), width: 'min(184px, 30vw)', render: (e) => formatDateTime(e.at) },
            {
              key: 'who',
              title: t('admin.who'),
              width: 'min(144px, 24vw)',
              render: (e) => e.actor?.name || t('admin.system'),
            },
            { key: 'action', title: t('admin.action'), render: (e) => actionName(e.action) },
            {
              key: 'target',
              title: t('admin.target'),
              wide: true,
              render: targetOf,
            },
          ]}
        />
      )}
      {open && (
        <Dialog
          opened
          onClose={() => setOpen(null)}
          title={actionName(open.action)}
          footer={<Button onClick={() => setOpen(null)}>{t('common.done')}</Button>}
        >
          <p>
            {open.actor?.name || t('admin.system')}
            {' · '}
            {formatDateTime(open.at, 'second')}
          </p>
          {detailsOf(open).length === 0 && !targetOf(open) ? (
            <p className={styles.quiet}>{t('admin.noDetail')}</p>
          ) : (
            <dl className={styles.details}>
              {targetOf(open) && (
                <div>
                  <dt>{t('admin.target')}</dt>
                  <dd>{targetOf(open)}</dd>
                </div>
              )}
              {detailsOf(open).map(([key, value]) => (
                <div key={key}>
                  <dt>{lookup(`admin.about.${key}`) ?? key}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          )}
        </Dialog>
      )}
    </AdminPage>
  );
}
