import { asProblem } from '@/api/client';
import { departments, members } from '@/api/queries/workspaces';
import type { Department, Member, Role } from '@/api/types';
import { Avatar, EmptyState, ErrorState, Icon, IconButton, Notice, Select, SkeletonRows, Tag, toast } from '@/kit';
import { t } from '@/locales';
import { useBuilder } from '../context';
import styles from './roles.module.css';

interface Held {
  app: string;
  role: string;
}

/** Who has the role: members one by one, and whole departments. In force at once, without publishing. */
export function RoleMembers({ role }: { role: Role }) {
  const { workspace } = useBuilder();
  if (workspace.admin) return <Given role={role} />;
  return (
    <div className={styles.content}>
      <EmptyState icon="lock" title={t('build.role.membersDenied')} help={t('build.role.membersDeniedHelp')} />
    </div>
  );
}

function Given({ role }: { role: Role }) {
  const { app, workspace } = useBuilder();
  const people = members.useList(workspace.key);
  const units = departments.useList(workspace.key);
  const changeMember = members.useUpdate(workspace.key);
  const changeUnit = departments.useUpdate(workspace.key);
  const has = (list: Held[] | undefined) => (list ?? []).some((r) => r.app === app.id && r.role === role.id);
  const inside = (people.data ?? []).filter((m) => has(m.roles));
  const outside = (people.data ?? []).filter((m) => !has(m.roles) && m.status !== 'disabled');
  const rolesOf = (d: Department) => (d as Department & { roles?: Held[] }).roles;
  const unitsIn = (units.data ?? []).filter((d) => has(rolesOf(d)));
  const unitsOut = (units.data ?? []).filter((d) => !has(rolesOf(d)));
  const failed = { onError: (error: unknown) => toast(asProblem(error).message, { tone: 'danger' }) };
  const next = (list: Held[] | undefined, on: boolean): Held[] => [
    ...(list ?? []).filter((r) => !(r.app === app.id && r.role === role.id)),
    ...(on ? [{ app: app.id, role: role.id }] : []),
  ];
  const setMember = (m: Member, on: boolean) => changeMember.mutate({ id: m.id, roles: next(m.roles, on) }, failed);
  const setUnit = (d: Department, on: boolean) =>
    changeUnit.mutate({ id: d.id, roles: next(rolesOf(d), on) } as Partial<Department> & { id: string }, failed);

  if (people.isError) {
    return (
      <div className={styles.content}>
        <ErrorState error={people.error} onRetry={() => people.refetch()} />
      </div>
    );
  }
  return (
    <div className={styles.content}>
      <div className={styles.narrow}>
        {app.version === 0 && <Notice tone="warning">{t('build.role.publishFirst')}</Notice>}
        <Notice>{t('build.role.membersHelp')}</Notice>
        <Select
          aria-label={t('build.role.addMember')}
          placeholder={t('build.role.addMember')}
          searchable
          value={null}
          options={[
            ...outside.map((m) => ({
              value: `m:${m.id}`,
              label: m.name,
              before: <Avatar name={m.name} pending={m.status === 'placeholder'} />,
              description: m.email ?? undefined,
              group: t('build.role.people'),
            })),
            ...unitsOut.map((d) => ({
              value: `d:${d.id}`,
              label: d.name,
              icon: 'building' as const,
              group: t('build.role.departments'),
            })),
          ]}
          onChange={(v) => {
            const id = v?.slice(2);
            const member = v?.startsWith('m:') ? outside.find((m) => m.id === id) : undefined;
            const unit = v?.startsWith('d:') ? unitsOut.find((d) => d.id === id) : undefined;
            if (member) setMember(member, true);
            if (unit) setUnit(unit, true);
          }}
        />
        {people.isPending ? (
          <SkeletonRows columns={2} rows={4} rowHeight={44} inset={0} />
        ) : inside.length + unitsIn.length === 0 ? (
          <EmptyState compact title={t('build.role.noMembers')} />
        ) : (
          <ul>
            {unitsIn.map((unit) => (
              <li key={unit.id} className={styles.person}>
                <Icon name="building" />
                <span className={styles.personName}>{unit.name}</span>
                <Tag>{t('build.role.department')}</Tag>
                <IconButton
                  size="sm"
                  icon="x"
                  label={t('common.removeItem', { name: unit.name })}
                  onClick={() => setUnit(unit, false)}
                />
              </li>
            ))}
            {inside.map((member) => (
              <li key={member.id} className={styles.person}>
                <Avatar name={member.name} pending={member.status === 'placeholder'} />
                <span className={styles.personName}>
                  {member.name} <span className={styles.quiet}>{member.email}</span>
                </span>
                <IconButton
                  size="sm"
                  icon="x"
                  label={t('common.removeItem', { name: member.name })}
                  onClick={() => setMember(member, false)}
                />
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
