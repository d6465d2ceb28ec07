import { useMemo, useState } from 'react';
import { apiUrl, asProblem } from '@/api/client';
import { useApps, useRuntime } from '@/api/queries/apps';
import { apiKeys } from '@/api/queries/workspaces';
import type { ApiKey, RuntimeField } from '@/api/types';
import {
  Button,
  Checkbox,
  confirm,
  Dialog,
  EmptyState,
  ErrorState,
  IconButton,
  LinkButton,
  Notice,
  Select,
  Table,
  Tabs,
  TextInput,
  toast,
} from '@/kit';
import { t } from '@/locales';
import { formatDateTime, formatRelative } from '@/locales/format';
import { textOf } from '@/locales/text';
import { useWorkspace } from '@/runtime/workspace';
import { AdminPage } from './AdminPage';
import styles from './admin.module.css';
import { CopyField } from './CopyField';
import { type SampleLanguage, samples } from './samples';

const ops = ['read', 'create', 'update', 'delete', 'import', 'export', 'manage'] as const;
const opName = (op: (typeof ops)[number]) =>
  ({
    read: t('admin.opRead'),
    create: t('admin.opCreate'),
    update: t('admin.opUpdate'),
    delete: t('admin.opDelete'),
    import: t('common.import'),
    export: t('common.export'),
    manage: t('admin.opManage'),
  })[op];

/** API keys, and how to call the API with one. */
export function ApiPage() {
  const { workspace } = useWorkspace();
  const list = apiKeys.useList(workspace.key);
  const remove = apiKeys.useDelete(workspace.key);
  const apps = useApps(workspace.key);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<ApiKey | null>(null);
  const appName = (id: string | undefined) =>
    id ? textOf(apps.data?.find((a) => a.id === id)?.name) || id : t('admin.allApps');

  async function revoke(key: ApiKey) {
    if (
      !(await confirm({
        title: t('admin.revokeKey', { name: key.name }),
        body: t('admin.revokeKeyHelp'),
        action: t('admin.revoke'),
        danger: true,
      }))
    )
      return;
    remove.mutate(key.id, { onError: (error) => toast(asProblem(error).message, { tone: 'danger' }) });
  }

  const add = (
    <Button variant="primary" icon="plus" onClick={() => setMaking(true)}>
      {t('admin.newKey')}
    </Button>
  );
  return (
    <AdminPage path="api" actions={list.data?.length !== 0 && add}>
      {list.isError ? (
        <ErrorState error={list.error} onRetry={() => list.refetch()} />
      ) : (
        <Table
          label={t('admin.api')}
          loading={list.isPending}
          rows={list.data}
          rowKey={(k) => k.id}
          empty={<EmptyState compact title={t('admin.noKeys')} help={t('admin.noKeysHelp')} action={add} />}
          columns={[
            { key: 'name', title: t('admin.name'), render: (k) => k.name },
            {
              key: 'scope',
              title: t('admin.scope'),
              wide: true,
              render: (k) =>
                k.scopes
                  .map((s) =>
                    [
                      appName(s.app),
                      ops
                        .filter((op) => s.ops?.includes(op))
                        .map(opName)
                        .join(t('common.comma')),
                    ]
                      .filter(Boolean)
                      .join(' · '),
                  )
                  .join(t('common.comma')),
            },
            {
              key: 'used',
              title: t('admin.lastUsed'),
              render: (k) => (k.last_used_at ? formatRelative(k.last_used_at) : t('admin.never')),
            },
            {
              key: 'until',
              title: t('admin.validUntil'),
              wide: true,
              render: (k) => (k.expires_at ? formatDateTime(k.expires_at) : t('admin.unlimited')),
            },
            {
              key: 'x',
              title: '',
              width: 64,
              render: (k) => (
                <IconButton size="sm" icon="trash" label={t('admin.revoke')} onClick={() => void revoke(k)} />
              ),
            },
          ]}
        />
      )}
      <Examples secret={made?.secret} />
      {making && (
        <KeyDialog
          onClose={() => setMaking(false)}
          onMade={(key) => {
            setMaking(false);
            setMade(key);
          }}
        />
      )}
      {made?.secret && (
        <Dialog
          opened
          sticky
          onClose={() => setMade({ ...made, secret: made.secret })}
          title={made.name}
          footer={
            <Button variant="primary" onClick={() => setMade(null)}>
              {t('common.done')}
            </Button>
          }
        >
          <Notice tone="warning">{t('admin.secretOnce')}</Notice>
          <CopyField text={made.secret} />
        </Dialog>
      )}
    </AdminPage>
  );
}

function KeyDialog({ onClose, onMade }: { onClose: () => void; onMade: (key: ApiKey) => void }) {
  const { workspace } = useWorkspace();
  const apps = useApps(workspace.key);
  const create = apiKeys.useCreate(workspace.key);
  const [name, setName] = useState('');
  const [app, setApp] = useState<string | null>(null);
  const [picked, setPicked] = useState<string[]>(['read']);
  const [days, setDays] = useState<string | null>(null);
  const problem = create.error ? asProblem(create.error) : null;
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t('admin.newKey')}
      onSubmit={() => {
        const expires = days ? new Date(Date.now() + Number(days) * 86_400_000).toISOString() : null;
        create.mutate(
          { name: name.trim(), scopes: [{ app: app ?? undefined, ops: picked }], expires_at: expires },
          { onSuccess: onMade },
        );
      }}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button
            type="submit"
            variant="primary"
            loading={create.isPending}
            disabled={!name.trim() || picked.length === 0}
          >
            {t('common.create')}
          </Button>
        </>
      }
    >
      {problem && <Notice tone="danger">{problem.message}</Notice>}
      <TextInput
        label={t('admin.name')}
        value={name}
        onChange={setName}
        data-autofocus
        required
        placeholder={t('admin.keyNameExample')}
      />
      <Select
        label={t('admin.app')}
        clearable
        standing={t('admin.allApps')}
        value={app}
        onChange={setApp}
        options={(apps.data ?? []).map((a) => ({ value: a.id, label: textOf(a.name) }))}
      />
      <fieldset className={styles.choices}>
        <legend className={styles.legend}>{t('admin.mayDo')}</legend>
        <div className={styles.boxes}>
          {ops.map((op) => (
            <Checkbox
              key={op}
              checked={picked.includes(op)}
              onChange={(on) => setPicked(on ? [...picked, op] : picked.filter((o) => o !== op))}
              label={opName(op)}
            />
          ))}
        </div>
      </fieldset>
      <Select
        label={t('admin.validFor')}
        clearable
        standing={t('admin.unlimited')}
        value={days}
        onChange={setDays}
        options={['30', '90', '365'].map((n) => ({ value: n, label: t('admin.days', { n: Number(n) }) }))}
      />
    </Dialog>
  );
}

/** A value that a field of some kind would take. */
function example(field: RuntimeField): unknown {
  const choice = field.choices?.[0]?.key;
  if (choice) return field.kind === 'list' ? [choice] : choice;
  switch (field.kind) {
    case 'number':
      return 100;
    case 'bool':
    case 'boolean':
      return true;
    case 'date':
      return '2026-11-22';
    case 'time':
      return '2026-11-22T09:30:00+08:00';
    default:
      return field.type === 'phone' ? '13800138000' : field.type === 'email' ? 'li@example.com' : textOf(field.name);
  }
}

function Examples({ secret }: { secret?: string }) {
  const { workspace } = useWorkspace();
  const apps = useApps(workspace.key);
  const [picked, setPicked] = useState<string | null>(null);
  const [wanted, setWanted] = useState<string | null>(null);
  const [language, setLanguage] = useState<SampleLanguage>('curl');
  const published = (apps.data ?? []).filter((a) => a.version > 0);
  const app = published.find((a) => a.id === picked) ?? published[0];
  const runtime = useRuntime(app?.id);
  const entities = runtime.data?.entities ?? [];
  const entity = entities.find((e) => e.key === wanted) ?? entities[0];
  const code = useMemo(() => {
    if (!app || !entity) return null;
    const plain = entity.fields.filter(
      (f) =>
        f.writable &&
        !f.link &&
        ![
          'subform',
          'member',
          'members',
          'department',
          'departments',
          'attachment',
          'image',
          'signature',
          'json',
          'location',
          'address',
        ].includes(f.type),
    );
    const shown = [...plain.filter((f) => f.required), ...plain.filter((f) => !f.required)].slice(0, 4);
    return samples({
      origin: location.origin,
      app: app.id,
      entity: entity.key,
      key: secret ?? 'YOUR_API_KEY',
      values: Object.fromEntries(shown.map((f) => [f.key, example(f)])),
    });
  }, [app, entity, secret]);
  if (!app || !entity || !code) return null;
  return (
    <section className={styles.pad}>
      <h2 className={styles.heading}>{t('admin.examples')}</h2>
      <div className={styles.two}>
        <Select
          label={t('admin.app')}
          value={app.id}
          onChange={setPicked}
          options={published.map((a) => ({ value: a.id, label: textOf(a.name) }))}
        />
        <Select
          label={t('admin.form')}
          value={entity.key}
          onChange={setWanted}
          options={entities.map((e) => ({ value: e.key, label: textOf(e.name), description: e.key }))}
        />
      </div>
      <Tabs<SampleLanguage>
        aria-label={t('admin.examples')}
        value={language}
        onChange={setLanguage}
        tabs={[
          { value: 'curl', label: 'curl' },
          { value: 'js', label: 'JavaScript' },
          { value: 'go', label: 'Go' },
          { value: 'python', label: 'Python' },
        ]}
      />
      <CopyField code text={code[language]} />
      <div className={styles.row}>
        <LinkButton external size="sm" icon="download" to={apiUrl(`/apps/${app.id}/openapi.json`)}>
          {t('admin.openapi')}
        </LinkButton>
      </div>
    </section>
  );
}
