import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { asProblem, del, post } from '@/api/client';
import { keys } from '@/api/keys';
import { useApps } from '@/api/queries/apps';
import { recordsPath } from '@/api/queries/records';
import { useDirectory, useRecycleBin } from '@/api/queries/workspaces';
import type { RecycleItem } from '@/api/types';
import {
  Button,
  Checkbox,
  confirm,
  EmptyState,
  ErrorState,
  IconButton,
  Notice,
  Table,
  Tag,
  toast,
  usePhone,
} from '@/kit';
import { t } from '@/locales';
import { formatRelative } from '@/locales/format';
import { textOf } from '@/locales/text';
import { useWorkspace } from '@/runtime/workspace';
import { AdminPage } from './AdminPage';
import styles from './admin.module.css';
import { type BinAct, RecycleBatchBar, RecycleBatchDialog } from './RecycleBatch';

// How many deleted records of one form the server lists.
const perForm = 100;

const recordPath = (item: RecycleItem) =>
  `${recordsPath({ app: item.app ?? '', entity: item.entity ?? '' })}/${encodeURIComponent(item.id)}`;

/** Whether a form has as many lines as are listed at most, so that older ones may be left out. */
function full(items: RecycleItem[]): boolean {
  const counts = new Map<string, number>();
  for (const item of items) {
    if (item.kind !== 'record') continue;
    const form = `${item.app}/${item.entity}`;
    counts.set(form, (counts.get(form) ?? 0) + 1);
  }
  return [...counts.values()].some((n) => n >= perForm);
}

/** Deleted apps and records, to bring back or, records, to delete for good. */
export function RecyclePage() {
  const { workspace } = useWorkspace();
  const list = useRecycleBin(workspace.key);
  const apps = useApps(workspace.key);
  const directory = useDirectory(workspace.key);
  const phone = usePhone();
  const client = useQueryClient();
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [batch, setBatch] = useState<{ items: RecycleItem[]; act: BinAct } | null>(null);
  const all = list.data ?? [];
  // Ticked lines that were dealt with meanwhile are no longer there.
  const chosen = all.filter((item) => picked.has(item.id));
  const bringBack = (item: RecycleItem) =>
    item.kind === 'app'
      ? post<unknown>(`/workspaces/${encodeURIComponent(workspace.key)}/recycle-bin/apps/${item.id}/restore`)
      : post<unknown>(`${recordPath(item)}/restore`);
  const deleteForGood = (item: RecycleItem) => del(`${recordPath(item)}?purge=true`);
  const restore = useMutation({
    mutationFn: bringBack,
    onSuccess: (_done, item) => {
      toast(t('admin.restored', { name: item.name }), { tone: 'success' });
      client.invalidateQueries({ queryKey: keys.workspace(workspace.key) });
      if (item.app) client.invalidateQueries({ queryKey: keys.app(item.app) });
    },
    onError: (error) => toast(asProblem(error).message, { tone: 'danger' }),
  });
  const purge = useMutation({
    mutationFn: deleteForGood,
    onSuccess: (_done, item) => {
      toast(t('admin.purged', { name: item.name }), { tone: 'success' });
      client.invalidateQueries({ queryKey: keys.recycleBin(workspace.key) });
    },
  });
  async function askPurge(item: RecycleItem) {
    if (
      await confirm({
        title: t('admin.purgeTitle', { name: item.name }),
        body: t('admin.purgeHelp'),
        action: t('admin.purge'),
        danger: true,
      })
    )
      purge.mutate(item);
  }
  const deleter = (item: RecycleItem) => directory.data?.members.find((m) => m.id === item.deleted_by)?.name ?? '';
  return (
    <AdminPage path="recycle-bin">
      {list.isError ? (
        <ErrorState error={list.error} onRetry={() => list.refetch()} />
      ) : (
        <>
          {full(list.data ?? []) && (
            <div className={styles.bar}>
              <Notice>{t('admin.binLimit', { n: perForm })}</Notice>
            </div>
          )}
          <Table
            label={t('admin.recycle')}
            loading={list.isPending}
            rows={list.data}
            rowKey={(i) => i.id}
            empty={<EmptyState icon="trash" title={t('admin.emptyBin')} help={t('admin.emptyBinHelp')} />}
            columns={[
              {
                key: 'pick',
                title: (
                  <Checkbox
                    aria-label={t('common.selectAll')}
                    checked={chosen.length > 0 && chosen.length === all.length}
                    indeterminate={chosen.length > 0}
                    onChange={(on) => setPicked(new Set(on ? all.map((item) => item.id) : []))}
                  />
                ),
                width: 44,
                render: (i) => (
                  <Checkbox
                    aria-label={t('admin.pick', { name: i.name })}
                    checked={picked.has(i.id)}
                    onChange={(on) =>
                      setPicked((was) => (on ? new Set(was).add(i.id) : new Set([...was].filter((id) => id !== i.id))))
                    }
                  />
                ),
              },
              {
                key: 'name',
                title: t('admin.name'),
                render: (i) => (
                  <>
                    {i.name}
                    {phone && (
                      <span className={styles.below}>
                        {[formatRelative(i.deleted_at), deleter(i)].filter(Boolean).join(' · ')}
                      </span>
                    )}
                    {purge.isError && purge.variables.id === i.id && (
                      <span className={styles.refused} role="alert">
                        {asProblem(purge.error).message}
                      </span>
                    )}
                  </>
                ),
              },
              {
                key: 'kind',
                title: t('admin.kind'),
                width: 88,
                render: (i) => (
                  <Tag hue={i.kind === 'app' ? 'blue' : 'gray'}>
                    {i.kind === 'app' ? t('admin.app') : t('admin.record')}
                  </Tag>
                ),
              },
              {
                key: 'app',
                title: t('admin.app'),
                wide: true,
                render: (i) =>
                  [textOf(apps.data?.find((a) => a.id === i.app)?.name), i.entity_name].filter(Boolean).join(' · '),
              },
              {
                key: 'at',
                title: t('admin.deletedAt'),
                width: 144,
                wide: true,
                render: (i) => formatRelative(i.deleted_at),
              },
              {
                key: 'by',
                title: t('admin.deletedBy'),
                width: 128,
                wide: true,
                render: deleter,
              },
              {
                key: 'x',
                title: '',
                width: 144,
                align: 'right',
                render: (i) => (
                  <span className={styles.does}>
                    {i.kind === 'record' && (
                      <IconButton
                        size="sm"
                        icon="trash"
                        danger
                        label={t('admin.purge')}
                        loading={purge.isPending && purge.variables.id === i.id}
                        onClick={() => askPurge(i)}
                      />
                    )}
                    <Button
                      size="sm"
                      loading={restore.isPending && restore.variables?.id === i.id}
                      onClick={() => restore.mutate(i)}
                    >
                      {t('admin.restore')}
                    </Button>
                  </span>
                ),
              },
            ]}
          />
          {chosen.length > 0 && (
            <div className={styles.dock}>
              <RecycleBatchBar
                items={chosen}
                all={all}
                onPick={(ids) => setPicked(new Set(ids))}
                onAct={(act) => setBatch({ items: chosen, act })}
              />
            </div>
          )}
          {batch && (
            <RecycleBatchDialog
              {...batch}
              run={batch.act === 'restore' ? bringBack : deleteForGood}
              onClose={() => setBatch(null)}
            />
          )}
        </>
      )}
    </AdminPage>
  );
}
