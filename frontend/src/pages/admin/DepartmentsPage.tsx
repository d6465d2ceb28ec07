import { useState } from 'react';
import { asProblem } from '@/api/client';
import { departments, members } from '@/api/queries/workspaces';
import type { Department } from '@/api/types';
import {
  Button,
  confirm,
  cx,
  Dialog,
  EmptyState,
  ErrorState,
  Icon,
  IconButton,
  Notice,
  Select,
  SkeletonRows,
  TextInput,
  toast,
} from '@/kit';
import { t } from '@/locales';
import { useWorkspace } from '@/runtime/workspace';
import { AdminPage } from './AdminPage';
import styles from './admin.module.css';
import { inTreeOrder, withBelow } from './departments-tree';

/** The tree of departments with their heads. */
export function DepartmentsPage() {
  const { workspace } = useWorkspace();
  const list = departments.useList(workspace.key);
  const people = members.useList(workspace.key);
  const remove = departments.useDelete(workspace.key);
  const [editing, setEditing] = useState<Partial<Department> | null>(null);
  const names = new Map((people.data ?? []).map((m) => [m.id, m.name]));

  async function drop(d: Department) {
    if (
      !(await confirm({
        title: t('admin.deleteDepartment', { name: d.name }),
        body: t('admin.deleteDepartmentHelp'),
        action: t('common.delete'),
        danger: true,
      }))
    )
      return;
    remove.mutate(d.id, { onError: (error) => toast(asProblem(error).message, { tone: 'danger' }) });
  }

  const add = (
    <Button variant="primary" icon="plus" onClick={() => setEditing({})}>
      {t('admin.addDepartment')}
    </Button>
  );
  return (
    <AdminPage path="departments" actions={list.data?.length !== 0 && add}>
      {list.isPending ? (
        <SkeletonRows columns={[{ width: 280 }]} rowHeight={40} inset={16} />
      ) : list.isError ? (
        <ErrorState error={list.error} onRetry={() => list.refetch()} />
      ) : list.data.length === 0 ? (
        <EmptyState
          icon="department"
          title={t('admin.noDepartments')}
          help={t('admin.noDepartmentsHelp')}
          action={add}
        />
      ) : (
        <ul>
          {inTreeOrder(list.data).map(({ department: d, depth }) => {
            const within = withBelow(list.data, d.id);
            const count = people.data?.filter((m) => m.departments.some((id) => within.has(id))).length ?? 0;
            return (
              <li key={d.id} className={styles.node} style={{ paddingLeft: 16 + depth * 20 }}>
                <Icon name="department" className={styles.hidden} />
                <span className={styles.nodeName}>{d.name}</span>
                {d.head && (
                  <span className={cx(styles.quiet, styles.roomy)}>
                    {t('admin.headIs', { name: names.get(d.head) ?? '' })}
                  </span>
                )}
                <span className={styles.quiet}>{t('admin.people', { n: count })}</span>
                <IconButton
                  size="sm"
                  icon="plus"
                  label={t('admin.addBelow')}
                  onClick={() => setEditing({ parent: d.id })}
                />
                <IconButton size="sm" icon="pen" label={t('common.edit')} onClick={() => setEditing(d)} />
                <IconButton size="sm" icon="trash" label={t('common.delete')} onClick={() => void drop(d)} />
              </li>
            );
          })}
        </ul>
      )}
      {editing && <DepartmentDialog start={editing} all={list.data ?? []} onClose={() => setEditing(null)} />}
    </AdminPage>
  );
}

function DepartmentDialog({
  start,
  all,
  onClose,
}: {
  start: Partial<Department>;
  all: Department[];
  onClose: () => void;
}) {
  const { workspace } = useWorkspace();
  const people = members.useList(workspace.key);
  const create = departments.useCreate(workspace.key);
  const update = departments.useUpdate(workspace.key);
  const [name, setName] = useState(start.name ?? '');
  const [parent, setParent] = useState<string | null>(start.parent ?? null);
  const [head, setHead] = useState<string | null>(start.head ?? null);
  const error = create.error ?? update.error;
  const problem = error ? asProblem(error) : null;
  const below = start.id ? withBelow(all, start.id) : new Set<string>();
  return (
    <Dialog
      opened
      size="sm"
      onClose={onClose}
      title={start.id ? t('admin.editDepartment') : t('admin.addDepartment')}
      onSubmit={() => {
        const change = { name: name.trim(), parent, head };
        if (start.id) update.mutate({ id: start.id, ...change }, { onSuccess: onClose });
        else create.mutate(change, { onSuccess: onClose });
      }}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button
            type="submit"
            variant="primary"
            loading={create.isPending || update.isPending}
            disabled={!name.trim()}
          >
            {t('common.save')}
          </Button>
        </>
      }
    >
      {problem && problem.errors.length === 0 && <Notice tone="danger">{problem.message}</Notice>}
      <TextInput
        label={t('admin.name')}
        value={name}
        onChange={setName}
        error={problem?.at('name')}
        data-autofocus
        required
      />
      <Select
        label={t('admin.parent')}
        clearable
        standing={t('admin.topLevel')}
        value={parent}
        onChange={setParent}
        error={problem?.at('parent')}
        options={inTreeOrder(all)
          .filter(({ department }) => !below.has(department.id))
          .map(({ department, depth }) => ({
            value: department.id,
            label: `${'\u2003'.repeat(depth)}${department.name}`,
          }))}
      />
      <Select
        label={t('admin.head')}
        clearable
        searchable
        value={head}
        onChange={setHead}
        error={problem?.at('head')}
        options={(people.data ?? []).map((m) => ({ value: m.id, label: m.name }))}
      />
    </Dialog>
  );
}
