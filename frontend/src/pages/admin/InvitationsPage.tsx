import { QRCodeSVG } from 'qrcode.react';
import { useMemo, useState } from 'react';
import { asProblem } from '@/api/client';
import { departments, invitations, members } from '@/api/queries/workspaces';
import type { Invitation } from '@/api/types';
import {
  Button,
  confirm,
  Dialog,
  EmptyState,
  ErrorState,
  IconButton,
  MultiSelect,
  Notice,
  Select,
  Table,
  Tag,
  toast,
  useTheme,
} from '@/kit';
import { t } from '@/locales';
import { formatDateTime } from '@/locales/format';
import { useWorkspace } from '@/runtime/workspace';
import { AdminPage } from './AdminPage';
import styles from './admin.module.css';
import { CopyField } from './CopyField';
import { inTreeOrder } from './departments-tree';
import { roleOf, roleOptions, roleValue, useRoles } from './use-roles';

/** Links by which people join. */
export function InvitationsPage() {
  const { workspace } = useWorkspace();
  const list = invitations.useList(workspace.key);
  const remove = invitations.useDelete(workspace.key);
  const people = members.useList(workspace.key);
  const roles = useRoles(workspace.key);
  const [making, setMaking] = useState(false);
  const [shown, setShown] = useState<Invitation | null>(null);

  async function revoke(one: Invitation) {
    if (
      !(await confirm({
        title: t('admin.revokeInvitation'),
        body: t('admin.revokeInvitationHelp'),
        action: t('admin.revoke'),
        danger: true,
      }))
    )
      return;
    remove.mutate(one.id, { onError: (error) => toast(asProblem(error).message, { tone: 'danger' }) });
  }

  const add = (
    <Button variant="primary" icon="user-plus" onClick={() => setMaking(true)}>
      {t('admin.newInvitation')}
    </Button>
  );
  return (
    <AdminPage path="invitations" actions={list.data?.length !== 0 && add}>
      {list.isError ? (
        <ErrorState error={list.error} onRetry={() => list.refetch()} />
      ) : (
        <Table
          label={t('admin.invitations')}
          loading={list.isPending}
          rows={list.data}
          rowKey={(one) => one.id}
          onRowClick={setShown}
          empty={
            <EmptyState
              icon="user-plus"
              title={t('admin.noInvitations')}
              help={t('admin.noInvitationsHelp')}
              action={add}
            />
          }
          columns={[
            {
              key: 'for',
              title: t('admin.for'),
              render: (one) => people.data?.find((m) => m.id === one.member_id)?.name ?? t('admin.anybody'),
            },
            {
              key: 'roles',
              title: t('admin.roles'),
              wide: true,
              render: (one) => (
                <span className={styles.tags}>
                  {one.roles.slice(0, 3).map((r) => (
                    <Tag key={roleValue(r)} title={roles.appOf(r)}>
                      {roles.nameOf(r)}
                    </Tag>
                  ))}
                  {one.roles.length > 3 && <Tag>{`+${one.roles.length - 3}`}</Tag>}
                </span>
              ),
            },
            {
              key: 'uses',
              title: t('admin.uses'),
              width: 120,
              render: (one) => t('admin.usesOf', { n: one.uses, max: one.max_uses }),
            },
            { key: 'made', title: t('admin.created'), wide: true, render: (one) => formatDateTime(one.created_at) },
            { key: 'until', title: t('admin.validUntil'), render: (one) => formatDateTime(one.expires_at) },
            {
              key: 'x',
              title: '',
              width: 64,
              render: (one) => (
                <IconButton
                  size="sm"
                  icon="trash"
                  label={t('admin.revoke')}
                  onClick={(e) => {
                    e.stopPropagation();
                    void revoke(one);
                  }}
                />
              ),
            },
          ]}
        />
      )}
      {making && (
        <InviteDialog
          onClose={() => setMaking(false)}
          onMade={(made) => {
            setMaking(false);
            setShown(made);
          }}
        />
      )}
      {shown && <LinkDialog invitation={shown} onClose={() => setShown(null)} />}
    </AdminPage>
  );
}

function LinkDialog({ invitation, onClose }: { invitation: Invitation; onClose: () => void }) {
  const { workspace } = useWorkspace();
  const { scheme } = useTheme();
  // Codes are dark on light in every theme: scanners expect it.
  const colors = useMemo(() => {
    const style = getComputedStyle(document.documentElement);
    return {
      bg: style.getPropertyValue('--plate').trim(),
      fg: style.getPropertyValue(scheme === 'dark' ? '--canvas' : '--ink').trim(),
    };
  }, [scheme]);
  const url = invitation.url ?? '';
  return (
    <Dialog
      opened
      size="sm"
      onClose={onClose}
      title={t('admin.inviteTo', { name: workspace.name })}
      footer={<Button onClick={onClose}>{t('common.done')}</Button>}
    >
      {url ? (
        <>
          <p>{t('admin.linkHelp', { until: formatDateTime(invitation.expires_at) })}</p>
          <div className={styles.qr}>
            <QRCodeSVG value={url} size={176} bgColor={colors.bg} fgColor={colors.fg} title={t('admin.qr')} />
          </div>
          <CopyField text={url} />
        </>
      ) : (
        <Notice>{t('admin.linkGone')}</Notice>
      )}
    </Dialog>
  );
}

function InviteDialog({ onClose, onMade }: { onClose: () => void; onMade: (made: Invitation) => void }) {
  const { workspace } = useWorkspace();
  const create = invitations.useCreate(workspace.key);
  const tree = departments.useList(workspace.key);
  const people = members.useList(workspace.key);
  const roles = useRoles(workspace.key);
  const [member, setMember] = useState<string | null>(null);
  const [places, setPlaces] = useState<string[]>([]);
  const [held, setHeld] = useState<string[]>([]);
  const [days, setDays] = useState('7');
  const [uses, setUses] = useState('1');
  const problem = create.error ? asProblem(create.error) : null;
  const waiting = (people.data ?? []).filter((m) => m.status === 'placeholder');

  function submit() {
    create.mutate(
      {
        departments: places,
        member_id: member ?? undefined,
        expires_days: Number(days),
        // Who is named can join once only.
        max_uses: member ? 1 : Number(uses),
        roles: held.map(roleOf),
      },
      { onSuccess: onMade },
    );
  }

  return (
    <Dialog
      opened
      onClose={onClose}
      title={t('admin.newInvitation')}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" loading={create.isPending}>
            {t('admin.makeLink')}
          </Button>
        </>
      }
    >
      {problem && <Notice tone="danger">{problem.message}</Notice>}
      {waiting.length > 0 && (
        <Select
          label={t('admin.claim')}
          help={member ? t('admin.claimHelp') : undefined}
          clearable
          searchable
          standing={t('admin.anybody')}
          value={member}
          onChange={setMember}
          options={waiting.map((m) => ({ value: m.id, label: m.name }))}
        />
      )}
      <MultiSelect
        label={t('admin.roles')}
        value={held}
        onChange={setHeld}
        loading={roles.loading}
        options={roleOptions(roles.apps)}
      />
      <MultiSelect
        label={t('admin.department')}
        value={places}
        onChange={setPlaces}
        options={inTreeOrder(tree.data ?? []).map(({ department }) => ({
          value: department.id,
          label: department.name,
        }))}
      />
      {!member && (
        <Select
          label={t('admin.maxUses')}
          value={uses}
          onChange={(v) => setUses(v ?? '1')}
          options={['1', '10', '50', '200'].map((n) => ({ value: n, label: t('admin.people', { n: Number(n) }) }))}
        />
      )}
      <Select
        label={t('admin.validFor')}
        value={days}
        onChange={(v) => setDays(v ?? '7')}
        options={['1', '7', '30'].map((n) => ({ value: n, label: t('admin.days', { n: Number(n) }) }))}
      />
    </Dialog>
  );
}
