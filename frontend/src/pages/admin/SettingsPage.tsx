import { useState } from 'react';
import { asProblem } from '@/api/client';
import { useOutbox, useSettings, useTestMail, useUpdateSettings } from '@/api/queries/workspaces';
import type { OutboxMail, WorkspaceSettings } from '@/api/types';
import {
  Button,
  Dialog,
  ErrorState,
  Notice,
  NumberInput,
  Select,
  SkeletonForm,
  Table,
  Tag,
  TextInput,
  toast,
} from '@/kit';
import { t } from '@/locales';
import { formatDateTime } from '@/locales/format';
import { useWorkspace } from '@/runtime/workspace';
import { zoneOptions } from '../time-zones';
import { AdminPage } from './AdminPage';
import styles from './admin.module.css';
import { Secrets } from './Secrets';

/** Name, time zone and mail of the workspace. */
export function SettingsPage() {
  const { workspace } = useWorkspace();
  const settings = useSettings(workspace.key);
  // On its way together with the settings: it stands below them and would jump.
  useOutbox(workspace.key);
  return (
    <AdminPage path="settings">
      <div className={styles.pad}>
        {settings.isPending ? (
          <>
            <SkeletonForm columns={1} fields={2} help />
            <SkeletonForm columns={2} fields={6} title help />
          </>
        ) : settings.isError ? (
          <ErrorState error={settings.error} onRetry={() => settings.refetch()} />
        ) : (
          <>
            <General settings={settings.data} />
            <MailServer settings={settings.data} />
            <Secrets />
          </>
        )}
      </div>
      {!settings.isPending && <Outbox />}
    </AdminPage>
  );
}

// Addresses as examples: the same in every language.
const examples = { host: 'smtp.example.com', from: 'crm@example.com' };

function General({ settings }: { settings: WorkspaceSettings }) {
  const { workspace } = useWorkspace();
  const update = useUpdateSettings(workspace.key);
  const [name, setName] = useState(settings.name);
  const [zone, setZone] = useState(settings.time_zone);
  const [zones] = useState(() => zoneOptions(settings.time_zone));
  const problem = update.error ? asProblem(update.error) : null;
  return (
    <section className={styles.group}>
      {problem && problem.errors.length === 0 && <Notice tone="danger">{problem.message}</Notice>}
      <TextInput label={t('admin.workspaceName')} value={name} onChange={setName} error={problem?.at('name')} />
      <Select
        label={t('admin.timeZone')}
        help={t('admin.timeZoneHelp')}
        searchable
        value={zone}
        onChange={(v) => v && setZone(v)}
        error={problem?.at('time_zone')}
        options={zones}
      />
      <div className={styles.row}>
        <Button
          variant="primary"
          loading={update.isPending}
          disabled={!name.trim() || (name === settings.name && zone === settings.time_zone)}
          onClick={() =>
            update.mutate(
              { name: name.trim(), time_zone: zone },
              { onSuccess: () => toast(t('common.saved'), { tone: 'success' }) },
            )
          }
        >
          {t('common.save')}
        </Button>
      </div>
    </section>
  );
}

function MailServer({ settings }: { settings: WorkspaceSettings }) {
  const { workspace, me } = useWorkspace();
  const update = useUpdateSettings(workspace.key);
  const test = useTestMail(workspace.key);
  const outbox = useOutbox(workspace.key);
  const [host, setHost] = useState(settings.smtp?.host ?? '');
  const [port, setPort] = useState<number | null>(settings.smtp?.port ?? 587);
  const [user, setUser] = useState(settings.smtp?.user ?? '');
  const [password, setPassword] = useState('');
  const [from, setFrom] = useState(settings.smtp?.from ?? '');
  const [tls, setTls] = useState(settings.smtp?.tls || 'starttls');
  const [to, setTo] = useState(me.email);
  const error = update.error ?? test.error;
  const problem = error ? asProblem(error) : null;
  const known = settings.smtp;
  const changed =
    password !== '' ||
    host.trim() !== (known?.host ?? '') ||
    port !== (known?.port ?? 587) ||
    user !== (known?.user ?? '') ||
    from !== (known?.from ?? '') ||
    tls !== (known?.tls || 'starttls');
  const save = (smtp: WorkspaceSettings['smtp']) =>
    update.mutate({ smtp }, { onSuccess: () => toast(t('common.saved'), { tone: 'success' }) });
  return (
    <section className={styles.group}>
      <h2 className={styles.heading}>{t('admin.mailServer')}</h2>
      <p className={styles.quiet}>{t('admin.mailServerHelp')}</p>
      {problem && <Notice tone="danger">{problem.errors[0]?.message ?? problem.message}</Notice>}
      <div className={styles.two}>
        <TextInput label={t('admin.host')} value={host} onChange={setHost} placeholder={examples.host} />
        <NumberInput
          label={t('admin.port')}
          thousands={false}
          value={port}
          onChange={(v) => setPort(v === null ? null : Number(v))}
        />
        <TextInput label={t('admin.user')} value={user} onChange={setUser} autoComplete="off" />
        <TextInput
          label={t('admin.password')}
          type="password"
          value={password}
          onChange={setPassword}
          autoComplete="new-password"
          placeholder={settings.smtp ? t('admin.passwordKept') : undefined}
        />
        <TextInput label={t('admin.from')} value={from} onChange={setFrom} placeholder={examples.from} />
        <Select
          label={t('admin.encryption')}
          value={tls}
          onChange={(v) => v && setTls(v)}
          options={[
            { value: 'starttls', label: 'STARTTLS' },
            { value: 'tls', label: 'TLS' },
            { value: 'none', label: t('admin.noEncryption') },
          ]}
        />
      </div>
      <div className={styles.row}>
        <Button
          variant="primary"
          loading={update.isPending}
          disabled={!host.trim() || !port || !changed}
          onClick={() =>
            save({ host: host.trim(), port: port ?? 0, user, from, tls, ...(password ? { password } : {}) })
          }
        >
          {t('common.save')}
        </Button>
        {settings.smtp && (
          <Button variant="danger" onClick={() => save(null)}>
            {t('admin.removeServer')}
          </Button>
        )}
      </div>
      {settings.smtp && (
        <div className={styles.row}>
          <TextInput className={styles.search} aria-label={t('admin.testTo')} value={to} onChange={setTo} />
          <Button
            icon="send"
            loading={test.isPending}
            disabled={!to.trim()}
            onClick={() =>
              test.mutate(to.trim(), {
                onSuccess: () => {
                  toast(t('admin.testQueued'), { tone: 'success' });
                  void outbox.refetch();
                },
              })
            }
          >
            {t('admin.testMail')}
          </Button>
        </div>
      )}
    </section>
  );
}

const mailState = (m: Mail) =>
  t(
    m.state === 'sent'
      ? 'admin.mailSent'
      : m.state === 'failed'
        ? 'admin.mailFailed'
        : m.state === 'ready'
          ? 'admin.mailWaiting'
          : 'admin.mailKept',
  );

type Mail = OutboxMail & { state?: string; error?: string };

function Outbox() {
  const { workspace } = useWorkspace();
  const list = useOutbox(workspace.key);
  const [open, setOpen] = useState<Mail | null>(null);
  return (
    <section>
      <header className={styles.bar}>
        <h2 className={styles.heading}>{t('admin.outbox')}</h2>
        <span className={styles.grow} />
        <Button size="sm" variant="plain" icon="refresh" loading={list.isFetching} onClick={() => list.refetch()}>
          {t('common.refresh')}
        </Button>
      </header>
      {list.isError ? (
        <ErrorState compact error={list.error} onRetry={() => list.refetch()} />
      ) : (
        <Table<Mail>
          label={t('admin.outbox')}
          loading={list.isPending}
          rows={list.data}
          rowKey={(m) => m.id}
          onRowClick={setOpen}
          empty={<p className={styles.pad}>{t('admin.noMail')}</p>}
          columns={[
            { key: 'subject', title: t('admin.subject'), render: (m) => m.subject },
            { key: 'to', title: t('admin.to'), render: (m) => m.to },
            {
              key: 'state',
              title: t('admin.status'),
              width: 96,
              render: (m) => <Tag hue={m.error ? 'red' : m.state === 'sent' ? 'green' : 'gray'}>{mailState(m)}</Tag>,
            },
            { key: 'at', title: t('admin.time'), wide: true, width: 160, render: (m) => formatDateTime(m.created_at) },
          ]}
        />
      )}
      {open && (
        <Dialog opened size="lg" onClose={() => setOpen(null)} title={open.subject}>
          {open.error && <Notice tone="danger">{open.error}</Notice>}
          <pre className={styles.code}>{open.body}</pre>
        </Dialog>
      )}
    </section>
  );
}
