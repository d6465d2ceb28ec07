import { useState } from 'react';
import { asProblem } from '@/api/client';
import { usePutSecret, useRemoveSecret, useSecrets } from '@/api/queries/workspaces';
import { Button, confirm, ErrorState, Notice, SkeletonText, TextInput, toast } from '@/kit';
import { t } from '@/locales';
import { useWorkspace } from '@/runtime/workspace';
import styles from './admin.module.css';

/** Signing keys and tokens that rules use by name. They go in and never come out again. */
export function Secrets() {
  const { workspace } = useWorkspace();
  const list = useSecrets(workspace.key);
  const put = usePutSecret(workspace.key);
  const remove = useRemoveSecret(workspace.key);
  const [name, setName] = useState('');
  const [secret, setSecret] = useState('');
  const problem = put.error ? asProblem(put.error) : null;

  async function forget(which: string) {
    if (
      !(await confirm({
        title: t('admin.removeSecret', { name: which }),
        body: t('admin.removeSecretHelp'),
        action: t('common.delete'),
        danger: true,
      }))
    )
      return;
    remove.mutate(which, { onError: (error) => toast(asProblem(error).message, { tone: 'danger' }) });
  }

  return (
    <section className={styles.group}>
      <h2 className={styles.heading}>{t('admin.secrets')}</h2>
      <p className={styles.quiet}>{t('admin.secretsHelp')}</p>
      {problem && <Notice tone="danger">{problem.errors[0]?.message ?? problem.message}</Notice>}
      {list.isPending ? (
        <SkeletonText lines={2} />
      ) : list.isError ? (
        <ErrorState compact error={list.error} onRetry={() => list.refetch()} />
      ) : (
        list.data.map((kept) => (
          <div key={kept} className={styles.row}>
            <code>{`$secret.${kept}`}</code>
            <span className={styles.grow} />
            <Button size="sm" variant="danger" onClick={() => forget(kept)}>
              {t('common.delete')}
            </Button>
          </div>
        ))
      )}
      <div className={styles.two}>
        <TextInput
          label={t('admin.secretName')}
          help={t('admin.secretNameHelp')}
          value={name}
          onChange={setName}
          autoComplete="off"
        />
        <TextInput
          label={t('admin.secretText')}
          type="password"
          value={secret}
          onChange={setSecret}
          autoComplete="new-password"
        />
      </div>
      <div className={styles.row}>
        <Button
          loading={put.isPending}
          disabled={!name.trim() || !secret}
          onClick={() =>
            put.mutate(
              { name: name.trim(), secret },
              {
                onSuccess: () => {
                  toast(t('common.saved'), { tone: 'success' });
                  setName('');
                  setSecret('');
                },
              },
            )
          }
        >
          {t('admin.keepSecret')}
        </Button>
      </div>
    </section>
  );
}
