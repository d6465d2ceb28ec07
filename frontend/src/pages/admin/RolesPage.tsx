import { useState } from 'react';
import { asProblem } from '@/api/client';
import { departments, members } from '@/api/queries/workspaces';
import type { AppSummary, Department, Member, Role } from '@/api/types';
import {
  AppIcon,
  Button,
  Delayed,
  Dialog,
  EmptyState,
  ErrorState,
  LinkButton,
  MultiSelect,
  Skeleton,
  Table,
  Tag,
  toast,
  usePhone,
} from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useWorkspace } from '@/runtime/workspace';
import { AdminPage } from './AdminPage';
import styles from './admin.module.css';
import { useRoles } from './use-roles';

/** Who holds which role, app by app. */
export function RolesPage() {
  const { workspace, base } = useWorkspace();
  const roles = useRoles(workspace.key);
  const people = members.useList(workspace.key);
  const units = departments.useList(workspace.key);
  const [assigning, setAssigning] = useState<{ app: AppSummary; role: Role } | null>(null);
  const holders = (app: string, role: string) =>
    (people.data ?? []).filter((m) => m.roles.some((r) => r.app === app && r.role === role));
  const unitsWith = (app: string, role: string) =>
    (units.data ?? []).filter((d) => d.roles?.some((r) => r.app === app && r.role === role));
  return (
    <AdminPage path="roles">
      {roles.error || people.isError ? (
        <ErrorState
          error={roles.error ?? people.error}
          onRetry={() => {
            roles.retry();
            void people.refetch();
          }}
        />
      ) : roles.loading ? (
        <>
          <header className={styles.bar}>
            <Delayed>
              <Skeleton width={120} height={20} />
            </Delayed>
          </header>
          <RoleTable label={t('admin.roles')} holders={() => []} units={() => []} onAssign={() => {}} />
        </>
      ) : roles.apps.length === 0 ? (
        <EmptyState icon="shield" title={t('admin.noRoles')} help={t('admin.noRolesHelp')} />
      ) : (
        roles.apps.map(({ app, roles: all }) => (
          <section key={app.id}>
            <header className={styles.bar}>
              <AppIcon icon={app.icon} hue={app.hue} size={20} />
              <h2 className={styles.heading}>{textOf(app.name)}</h2>
              <span className={styles.grow} />
              <LinkButton size="sm" variant="plain" className={styles.atEdge} to={`${base}/a/${app.key}/edit`}>
                {t('admin.editRoles')}
              </LinkButton>
            </header>
            <RoleTable
              label={textOf(app.name)}
              roles={all}
              holders={(role) => holders(app.id, role.id)}
              units={(role) => unitsWith(app.id, role.id)}
              onAssign={(role) => setAssigning({ app, role })}
            />
          </section>
        ))
      )}
      {assigning && (
        <AssignDialog
          {...assigning}
          start={holders(assigning.app.id, assigning.role.id).map((m) => m.id)}
          onClose={() => setAssigning(null)}
        />
      )}
    </AdminPage>
  );
}

/** The roles of one app with those who hold them; without roles it is on its way. */
function RoleTable({
  label,
  roles,
  holders,
  units,
  onAssign,
}: {
  label: string;
  roles?: Role[];
  holders: (role: Role) => Member[];
  /** The departments that have it: all in them and below. */
  units: (role: Role) => Department[];
  onAssign: (role: Role) => void;
}) {
  const phone = usePhone();
  return (
    <Table
      label={label}
      loading={!roles}
      rows={roles}
      rowKey={(role) => role.id}
      onRowClick={onAssign}
      empty={<p className={styles.pad}>{t('admin.noRoles')}</p>}
      columns={[
        { key: 'name', title: t('admin.role'), width: phone ? 120 : 180, render: (role) => textOf(role.name) },
        {
          key: 'help',
          title: t('admin.what'),
          wide: true,
          render: (role) => <span className={styles.quiet}>{textOf(role.help)}</span>,
        },
        {
          key: 'who',
          title: t('admin.members'),
          width: 240,
          render: (role) => {
            const who = holders(role);
            const within = units(role);
            return who.length + within.length === 0 ? (
              <span className={styles.quiet}>{t('admin.nobody')}</span>
            ) : (
              <span className={styles.tags}>
                {within.map((d) => (
                  <Tag key={d.id} hue="blue">
                    {d.name}
                  </Tag>
                ))}
                {who.slice(0, 4).map((m) => (
                  <Tag key={m.id}>{m.name}</Tag>
                ))}
                {who.length > 4 && <Tag>{`+${who.length - 4}`}</Tag>}
              </span>
            );
          },
        },
        {
          key: 'assign',
          title: '',
          wide: true,
          width: 112,
          align: 'right',
          render: (role) => (
            <Button
              size="sm"
              onClick={(e) => {
                e.stopPropagation();
                onAssign(role);
              }}
            >
              {t('admin.assign')}
            </Button>
          ),
        },
      ]}
    />
  );
}

function AssignDialog({
  app,
  role,
  start,
  onClose,
}: {
  app: AppSummary;
  role: Role;
  start: string[];
  onClose: () => void;
}) {
  const { workspace } = useWorkspace();
  const people = members.useList(workspace.key);
  const update = members.useUpdate(workspace.key);
  const [picked, setPicked] = useState(start);
  const [busy, setBusy] = useState(false);

  async function save() {
    setBusy(true);
    try {
      for (const m of people.data ?? []) {
        const has = m.roles.some((r) => r.app === app.id && r.role === role.id);
        if (has === picked.includes(m.id)) continue;
        const rest = m.roles.filter((r) => r.app !== app.id || r.role !== role.id);
        await update.mutateAsync({ id: m.id, roles: has ? rest : [...rest, { app: app.id, role: role.id }] });
      }
      onClose();
    } catch (error) {
      toast(asProblem(error).message, { tone: 'danger' });
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog
      opened
      onClose={onClose}
      title={`${textOf(app.name)} · ${textOf(role.name)}`}
      onSubmit={() => void save()}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" loading={busy}>
            {t('common.save')}
          </Button>
        </>
      }
    >
      <MultiSelect
        label={t('admin.members')}
        help={textOf(role.help) || undefined}
        searchable
        value={picked}
        onChange={setPicked}
        options={(people.data ?? []).map((m) => ({ value: m.id, label: m.name, description: m.email ?? undefined }))}
      />
    </Dialog>
  );
}
