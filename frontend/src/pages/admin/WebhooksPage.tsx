import { useState } from 'react';
import { asProblem } from '@/api/client';
import { useApps, useRuntime } from '@/api/queries/apps';
import { useDeliveries, useResendDelivery, webhooks } from '@/api/queries/workspaces';
import type { Webhook, WebhookDelivery } from '@/api/types';
import {
  Button,
  Checkbox,
  confirm,
  Dialog,
  Drawer,
  EmptyState,
  ErrorState,
  IconButton,
  Notice,
  Select,
  Switch,
  Table,
  Tag,
  TextInput,
  toast,
} from '@/kit';
import { t } from '@/locales';
import { formatDateTime } from '@/locales/format';
import { textOf } from '@/locales/text';
import { useWorkspace } from '@/runtime/workspace';
import { AdminPage } from './AdminPage';
import styles from './admin.module.css';
import { CopyField } from './CopyField';

const events = ['record.created', 'record.updated', 'record.deleted', 'record.restored'] as const;
const eventName = (e: string) =>
  ({
    'record.created': t('admin.evCreated'),
    'record.updated': t('admin.evUpdated'),
    'record.deleted': t('admin.evDeleted'),
    'record.restored': t('admin.evRestored'),
  })[e] ?? e;
const scheme = 'https://';
const fail = (error: unknown) => toast(asProblem(error).message, { tone: 'danger' });

/** What is pushed to other systems. */
export function WebhooksPage() {
  const { workspace } = useWorkspace();
  const list = webhooks.useList(workspace.key);
  const update = webhooks.useUpdate(workspace.key);
  const remove = webhooks.useDelete(workspace.key);
  const apps = useApps(workspace.key);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<Webhook | null>(null);
  const [open, setOpen] = useState<Webhook | null>(null);

  async function drop(hook: Webhook) {
    if (
      !(await confirm({
        title: t('admin.deleteWebhook'),
        body: t('admin.deleteWebhookHelp'),
        action: t('common.delete'),
        danger: true,
      }))
    )
      return;
    remove.mutate(hook.id, { onError: fail });
  }

  const add = (
    <Button variant="primary" icon="plus" onClick={() => setMaking(true)}>
      {t('admin.newWebhook')}
    </Button>
  );
  return (
    <AdminPage path="webhooks" actions={list.data?.length !== 0 && add}>
      {list.isError ? (
        <ErrorState error={list.error} onRetry={() => list.refetch()} />
      ) : (
        <Table
          label={t('admin.webhooks')}
          loading={list.isPending}
          rows={list.data}
          rowKey={(h) => h.id}
          onRowClick={setOpen}
          empty={
            <EmptyState icon="webhook" title={t('admin.noWebhooks')} help={t('admin.noWebhooksHelp')} action={add} />
          }
          columns={[
            { key: 'url', title: t('admin.url'), render: (h) => h.url },
            {
              key: 'app',
              title: t('admin.app'),
              width: 144,
              wide: true,
              render: (h) => textOf(apps.data?.find((a) => a.id === h.app)?.name),
            },
            {
              key: 'events',
              title: t('admin.events'),
              width: 240,
              wide: true,
              render: (h) => (h.events.length ? h.events.map(eventName).join(t('common.comma')) : t('admin.allEvents')),
            },
            {
              key: 'on',
              title: t('admin.enabled'),
              width: 72,
              render: (h) => (
                // biome-ignore lint/a11y/useKeyWithClickEvents: keeps the row from opening
                // biome-ignore lint/a11y/noStaticElementInteractions: keeps the row from opening
                <span className={styles.middle} onClick={(e) => e.stopPropagation()}>
                  <Switch
                    checked={h.enabled}
                    aria-label={t('admin.enabled')}
                    onChange={(enabled) => update.mutate({ id: h.id, enabled }, { onError: fail })}
                  />
                </span>
              ),
            },
            {
              key: 'x',
              title: '',
              width: 64,
              render: (h) => (
                <IconButton
                  size="sm"
                  icon="trash"
                  label={t('common.delete')}
                  onClick={(e) => {
                    e.stopPropagation();
                    void drop(h);
                  }}
                />
              ),
            },
          ]}
        />
      )}
      {making && (
        <WebhookDialog
          onClose={() => setMaking(false)}
          onMade={(hook) => {
            setMaking(false);
            setMade(hook);
          }}
        />
      )}
      {made?.secret && (
        <Dialog opened sticky onClose={() => setMade(null)} title={made.url}>
          <Notice tone="warning">{t('admin.webhookSecret')}</Notice>
          <CopyField text={made.secret} />
        </Dialog>
      )}
      {open && <Deliveries hook={open} onClose={() => setOpen(null)} />}
    </AdminPage>
  );
}

function WebhookDialog({ onClose, onMade }: { onClose: () => void; onMade: (hook: Webhook) => void }) {
  const { workspace } = useWorkspace();
  const apps = useApps(workspace.key);
  const create = webhooks.useCreate(workspace.key);
  const published = (apps.data ?? []).filter((a) => a.version > 0);
  const [app, setApp] = useState<string | null>(null);
  const chosen = app ?? published[0]?.id ?? null;
  const runtime = useRuntime(chosen ?? undefined);
  const [entity, setEntity] = useState<string | null>(null);
  const [url, setUrl] = useState('');
  const [picked, setPicked] = useState<string[]>([...events]);
  const problem = create.error ? asProblem(create.error) : null;
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t('admin.newWebhook')}
      onSubmit={() =>
        chosen &&
        create.mutate({ app: chosen, entity, url: url.trim(), events: picked, enabled: true }, { onSuccess: onMade })
      }
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button
            type="submit"
            variant="primary"
            loading={create.isPending}
            disabled={!chosen || !url.trim() || picked.length === 0}
          >
            {t('common.create')}
          </Button>
        </>
      }
    >
      {problem && problem.errors.length === 0 && <Notice tone="danger">{problem.message}</Notice>}
      <TextInput
        label={t('admin.url')}
        value={url}
        onChange={setUrl}
        error={problem?.at('url')}
        placeholder={scheme}
        data-autofocus
        required
      />
      <Select
        label={t('admin.app')}
        value={chosen}
        onChange={(v) => {
          setApp(v);
          setEntity(null);
        }}
        options={published.map((a) => ({ value: a.id, label: textOf(a.name) }))}
      />
      <Select
        label={t('admin.form')}
        clearable
        standing={t('admin.allForms')}
        value={entity}
        onChange={setEntity}
        options={(runtime.data?.entities ?? []).map((e) => ({ value: e.key, label: textOf(e.name) }))}
      />
      <fieldset className={styles.choices}>
        <legend className={styles.legend}>{t('admin.events')}</legend>
        <div className={styles.boxes}>
          {events.map((e) => (
            <Checkbox
              key={e}
              checked={picked.includes(e)}
              onChange={(on) => setPicked(on ? [...picked, e] : picked.filter((o) => o !== e))}
              label={eventName(e)}
            />
          ))}
        </div>
      </fieldset>
    </Dialog>
  );
}

function Deliveries({ hook, onClose }: { hook: Webhook; onClose: () => void }) {
  const { workspace } = useWorkspace();
  const list = useDeliveries(workspace.key, hook.id);
  const resend = useResendDelivery(workspace.key);
  const [open, setOpen] = useState<WebhookDelivery | null>(null);
  return (
    <Drawer opened flush width={640} onClose={onClose} title={t('admin.deliveries')}>
      {list.isError ? (
        <ErrorState error={list.error} onRetry={() => list.refetch()} />
      ) : (
        <Table
          label={t('admin.deliveries')}
          loading={list.isPending}
          rows={list.data}
          rowKey={(d) => d.id}
          onRowClick={setOpen}
          empty={<EmptyState compact title={t('admin.noDeliveries')} />}
          columns={[
            {
              key: 'event',
              title: t('admin.event'),
              render: (d) => (
                <span className={styles.twoLines}>
                  <span>{eventName(d.event)}</span>
                  {!d.status && d.response && <span className={styles.quiet}>{d.response}</span>}
                </span>
              ),
            },
            {
              key: 'status',
              title: t('admin.status'),
              width: 72,
              render: (d) => (
                <Tag hue={d.status && d.status < 300 ? 'green' : d.status || d.state === 'failed' ? 'red' : 'gray'}>
                  {d.status ? String(d.status) : d.state === 'failed' ? t('admin.givenUp') : t('admin.waiting')}
                </Tag>
              ),
            },
            {
              key: 'tries',
              title: t('admin.tries'),
              wide: true,
              width: 72,
              render: (d) => t('admin.attempts', { n: d.attempts ?? 0 }),
            },
            { key: 'at', title: t('admin.time'), width: 152, render: (d) => formatDateTime(d.created_at) },
            {
              key: 'again',
              title: '',
              width: 64,
              render: (d) => (
                <IconButton
                  size="sm"
                  icon="refresh"
                  label={t('admin.resend')}
                  onClick={(e) => {
                    e.stopPropagation();
                    resend.mutate(d.id, {
                      onSuccess: () => toast(t('admin.resent'), { tone: 'success' }),
                      onError: fail,
                    });
                  }}
                />
              ),
            },
          ]}
        />
      )}
      {open && (
        <Dialog opened size="lg" onClose={() => setOpen(null)} title={eventName(open.event)}>
          <h3 className={styles.heading}>{t('admin.request')}</h3>
          <pre className={styles.code}>{JSON.stringify(open.request ?? null, null, 2)}</pre>
          <h3 className={styles.heading}>{t('admin.response')}</h3>
          <pre className={styles.code}>{open.response || '–'}</pre>
        </Dialog>
      )}
    </Drawer>
  );
}
