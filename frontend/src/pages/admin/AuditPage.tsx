import { useState } from 'react';
import { useApps } from '@/api/queries/apps';
import { useAudit } from '@/api/queries/workspaces';
import type { AuditEntry } from '@/api/types';
import { Button, Dialog, EmptyState, ErrorState, Select, Table } from '@/kit';
import { t } from '@/locales';
import { formatDateTime } from '@/locales/format';
import { textOf } from '@/locales/text';
import { useWorkspace } from '@/runtime/workspace';
import { AdminPage } from './AdminPage';
import styles from './admin.module.css';

const kinds = (): Record<string, string> => ({
  'member.': t('admin.members'),
  'department.': t('admin.departments'),
  'invitation.': t('admin.invitations'),
  'key.': t('admin.api'),
  'webhook.': t('admin.webhooks'),
  'workspace.': t('admin.settings'),
  'app.': t('admin.app'),
});

/** Who did what in the workspace, newest first. */
export function AuditPage() {
  const { workspace } = useWorkspace();
  const [action, setAction] = useState<string | null>(null);
  const pages = useAudit(workspace.key, { action: action ?? undefined });
  const apps = useApps(workspace.key);
  const [open, setOpen] = useState<AuditEntry | null>(null);
  return (
    <AdminPage path="audit">
      <div className={styles.bar}>
        <Select
          size="sm"
          className={styles.search}
          clearable
          aria-label={t('admin.action')}
          placeholder={t('admin.allActions')}
          value={action}
          onChange={setAction}
          options={Object.entries(kinds()).map(([value, label]) => ({ value, label }))}
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
          empty={<EmptyState icon="history" title={t('admin.noAudit')} />}
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
            { key: 'at', title: t('admin.time'), width: 160, render: (e) => formatDateTime(e.at, 'second') },
            { key: 'who', title: t('admin.who'), width: 140, render: (e) => e.actor?.name || t('admin.system') },
            { key: 'action', title: t('admin.action'), render: (e) => e.action },
            {
              key: 'target',
              title: t('admin.target'),
              wide: true,
              render: (e) => e.target?.name || (e.app ? textOf(apps.data?.find((a) => a.id === e.app)?.name) : ''),
            },
          ]}
        />
      )}
      {open && (
        <Dialog opened size="lg" onClose={() => setOpen(null)} title={open.action}>
          <pre className={styles.code}>{JSON.stringify(open.detail ?? {}, null, 2)}</pre>
        </Dialog>
      )}
    </AdminPage>
  );
}
