import { useState } from 'react';
import { asProblem } from '@/api/client';
import { departments, members } from '@/api/queries/workspaces';
import type { Member, MemberStatus } from '@/api/types';
import {
  Avatar,
  Button,
  confirm,
  Dialog,
  EmptyState,
  ErrorState,
  IconButton,
  LinkButton,
  Menu,
  MultiSelect,
  Notice,
  SearchInput,
  Select,
  Switch,
  Table,
  Tag,
  TextInput,
  toast,
  usePhone,
} from '@/kit';
import { t } from '@/locales';
import { useWorkspace } from '@/runtime/workspace';
import { AdminPage } from './AdminPage';
import styles from './admin.module.css';
import { inTreeOrder } from './departments-tree';
import { StaffImport } from './StaffImport';
import { roleOf, roleOptions, roleValue, useRoles } from './use-roles';

const hues: Record<MemberStatus, string> = { active: 'green', placeholder: 'amber', disabled: 'gray' };

export const statusName = (status: MemberStatus) =>
  status === 'active' ? t('admin.active') : status === 'disabled' ? t('admin.disabled') : t('admin.placeholder');

/** The people of the workspace. */
export function MembersPage() {
  const { workspace, base } = useWorkspace();
  const list = members.useList(workspace.key);
  const tree = departments.useList(workspace.key);
  const update = members.useUpdate(workspace.key);
  const remove = members.useDelete(workspace.key);
  const roles = useRoles(workspace.key);
  const phone = usePhone();
  const [search, setSearch] = useState('');
  const [department, setDepartment] = useState<string | null>(null);
  const [editing, setEditing] = useState<Member | 'new' | null>(null);
  const [importing, setImporting] = useState(false);
  const names = new Map((tree.data ?? []).map((d) => [d.id, d.name]));
  const needle = search.trim().toLowerCase();
  const shown = list.data?.filter(
    (m) =>
      `${m.name} ${m.email ?? ''}`.toLowerCase().includes(needle) &&
      (!department || m.departments.includes(department)),
  );
  const fail = (error: unknown) => toast(asProblem(error).message, { tone: 'danger' });

  async function takeOut(member: Member) {
    if (
      !(await confirm({
        title: t('admin.removeMember', { name: member.name }),
        body: t('admin.removeMemberHelp'),
        action: t('admin.remove'),
        danger: true,
      }))
    )
      return;
    remove.mutate(member.id, { onError: fail });
  }

  return (
    <AdminPage
      path="members"
      actions={
        <>
          {phone ? (
            <Menu
              position="bottom-end"
              items={[
                { label: t('admin.addMember'), icon: 'plus', onSelect: () => setEditing('new') },
                { label: t('admin.staffImport'), icon: 'upload', onSelect: () => setImporting(true) },
              ]}
            >
              <IconButton icon="dots" label={t('common.more')} />
            </Menu>
          ) : (
            <>
              <Button icon="upload" onClick={() => setImporting(true)}>
                {t('admin.staffImport')}
              </Button>
              <Button icon="plus" onClick={() => setEditing('new')}>
                {t('admin.addMember')}
              </Button>
            </>
          )}
          <LinkButton to={`${base}/admin/invitations`} variant="primary" icon="user-plus">
            {t('admin.invite')}
          </LinkButton>
        </>
      }
    >
      <div className={styles.bar}>
        <SearchInput
          size="sm"
          className={styles.search}
          value={search}
          onChange={setSearch}
          placeholder={t('admin.searchMembers')}
          aria-label={t('admin.searchMembers')}
        />
        <Select
          size="sm"
          className={styles.search}
          clearable
          aria-label={t('admin.department')}
          standing={t('admin.allDepartments')}
          value={department}
          onChange={setDepartment}
          options={inTreeOrder(tree.data ?? []).map(({ department: d, depth }) => ({
            value: d.id,
            label: `${'\u2003'.repeat(depth)}${d.name}`,
          }))}
        />
      </div>
      {list.isError ? (
        <ErrorState error={list.error} onRetry={() => list.refetch()} />
      ) : (
        <Table
          label={t('admin.members')}
          loading={list.isPending}
          rows={shown}
          rowKey={(m) => m.id}
          onRowClick={setEditing}
          empty={
            <EmptyState
              compact
              title={t('common.noResults')}
              help={search || department ? t('admin.noMembersHelp') : undefined}
            />
          }
          columns={[
            {
              key: 'name',
              title: t('admin.name'),
              render: (m) => (
                <span className={styles.person}>
                  <Avatar name={m.name} size={24} pending={m.status === 'placeholder'} />
                  <span>{m.name}</span>
                  {m.admin && <Tag hue="jade">{t('admin.admin')}</Tag>}
                </span>
              ),
            },
            { key: 'email', title: t('admin.email'), width: 240, wide: true, render: (m) => m.email },
            {
              key: 'departments',
              title: t('admin.department'),
              width: 128,
              wide: true,
              render: (m) =>
                m.departments
                  .map((id) => names.get(id))
                  .filter(Boolean)
                  .join(t('common.comma')),
            },
            {
              key: 'roles',
              title: t('admin.roles'),
              width: 168,
              wide: true,
              render: (m) => (
                <span className={styles.tags}>
                  {m.roles.slice(0, 3).map((r) => (
                    <Tag key={roleValue(r)} title={roles.appOf(r)}>
                      {roles.nameOf(r)}
                    </Tag>
                  ))}
                  {m.roles.length > 3 && <Tag>{`+${m.roles.length - 3}`}</Tag>}
                </span>
              ),
            },
            {
              key: 'status',
              title: t('admin.status'),
              width: 96,
              render: (m) => <Tag hue={hues[m.status]}>{statusName(m.status)}</Tag>,
            },
            {
              key: 'more',
              title: '',
              width: 64,
              render: (m) =>
                m.id !== workspace.member_id && (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: keeps the row from opening
                  // biome-ignore lint/a11y/noStaticElementInteractions: keeps the row from opening
                  <span onClick={(e) => e.stopPropagation()}>
                    <Menu
                      position="bottom-end"
                      items={[
                        { label: t('common.edit'), icon: 'pen', onSelect: () => setEditing(m) },
                        m.status !== 'placeholder' && {
                          label: m.status === 'disabled' ? t('admin.enable') : t('admin.disable'),
                          icon: m.status === 'disabled' ? 'play' : 'ban',
                          onSelect: () =>
                            update.mutate(
                              { id: m.id, status: m.status === 'disabled' ? 'active' : 'disabled' },
                              { onError: fail },
                            ),
                        },
                        { label: t('admin.remove'), icon: 'trash', danger: true, onSelect: () => void takeOut(m) },
                      ]}
                    >
                      <IconButton size="sm" icon="dots" label={t('common.more')} />
                    </Menu>
                  </span>
                ),
            },
          ]}
        />
      )}
      {importing && <StaffImport onClose={() => setImporting(false)} />}
      {editing && <MemberDialog member={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
    </AdminPage>
  );
}

function MemberDialog({ member, onClose }: { member: Member | null; onClose: () => void }) {
  const { workspace } = useWorkspace();
  const tree = departments.useList(workspace.key);
  const create = members.useCreate(workspace.key);
  const update = members.useUpdate(workspace.key);
  const roles = useRoles(workspace.key);
  const [name, setName] = useState(member?.name ?? '');
  const [email, setEmail] = useState(member?.email ?? '');
  const [admin, setAdmin] = useState(member?.admin ?? false);
  const [places, setPlaces] = useState(member?.departments ?? []);
  const [held, setHeld] = useState((member?.roles ?? []).map(roleValue));
  const busy = create.isPending || update.isPending;
  const problem = create.error || update.error ? asProblem(create.error ?? update.error) : null;

  function submit() {
    const change = {
      name: name.trim(),
      departments: places,
      roles: held.map(roleOf),
      admin,
      ...(email.trim() !== (member?.email ?? '') ? { email: email.trim() } : {}),
    };
    if (member) update.mutate({ id: member.id, ...change }, { onSuccess: onClose });
    else create.mutate(change, { onSuccess: onClose });
  }

  return (
    <Dialog
      opened
      onClose={onClose}
      title={member ? member.name : t('admin.addMember')}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" loading={busy} disabled={!name.trim()}>
            {t('common.save')}
          </Button>
        </>
      }
    >
      {problem && problem.errors.length === 0 && <Notice tone="danger">{problem.message}</Notice>}
      {!member && <Notice>{t('admin.addMemberHelp')}</Notice>}
      <TextInput
        label={t('admin.name')}
        value={name}
        onChange={setName}
        error={problem?.at('name')}
        data-autofocus
        required
      />
      {!member && (
        <TextInput label={t('admin.email')} value={email} onChange={setEmail} error={problem?.at('email')} optional />
      )}
      <MultiSelect
        label={t('admin.department')}
        value={places}
        onChange={setPlaces}
        error={problem?.at('departments')}
        options={inTreeOrder(tree.data ?? []).map(({ department, depth }) => ({
          value: department.id,
          label: depth > 0 ? `${'\u2003'.repeat(depth)}${department.name}` : department.name,
        }))}
      />
      <MultiSelect
        label={t('admin.roles')}
        value={held}
        onChange={setHeld}
        loading={roles.loading}
        options={roleOptions(roles.apps)}
        error={problem?.at('roles')}
      />
      <Switch
        checked={admin}
        onChange={setAdmin}
        label={t('admin.isAdmin')}
        help={t('admin.isAdminHelp')}
        disabled={member?.id === workspace.member_id || member?.status === 'placeholder'}
      />
    </Dialog>
  );
}
