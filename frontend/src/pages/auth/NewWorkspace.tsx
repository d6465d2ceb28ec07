import { useState } from 'react';
import { useNavigate } from 'react-router';
import { asProblem } from '@/api/client';
import { useCreateWorkspace } from '@/api/queries/workspaces';
import { Button, Notice, TextInput } from '@/kit';
import { t } from '@/locales';
import { useTitle } from '../useTitle';
import { AuthFrame } from './AuthFrame';
import styles from './auth.module.css';
import { useEnter } from './useEnter';

/** A key people can read from a name, or nothing when the name has no Latin letters. */
export function keyFrom(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[-0-9]+|-+$/g, '')
    .slice(0, 40);
}

export function NewWorkspace() {
  useTitle(t('shell.newWorkspace'));
  const [name, setName] = useState('');
  const [typedKey, setKey] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const create = useCreateWorkspace();
  const enter = useEnter();
  const navigate = useNavigate();
  const key = typedKey ?? keyFrom(name);
  const problem = create.error ? asProblem(create.error) : null;
  const keyFault = /^[a-z][a-z0-9-]*$/.test(key) ? undefined : t('shell.workspaceKeyHelp');

  async function submit() {
    setTried(true);
    if (name.trim() === '' || keyFault) return;
    try {
      await create.mutateAsync({ key, name: name.trim() });
    } catch {
      return; // shown below
    }
    await enter(`/w/${key}`);
  }

  return (
    <AuthFrame title={t('shell.newWorkspace')}>
      <form
        className={styles.form}
        noValidate
        onSubmit={(e) => {
          e.preventDefault();
          submit();
        }}
      >
        {problem && problem.errors.length === 0 && <Notice tone="danger">{problem.detail || problem.title}</Notice>}
        <TextInput
          label={t('shell.workspaceName')}
          required
          placeholder={t('auth.workspacePlaceholder')}
          autoFocus
          value={name}
          onChange={setName}
          error={tried ? (name.trim() === '' ? t('auth.workspaceRequired') : problem?.at('name')) : undefined}
        />
        <TextInput
          label={t('shell.workspaceKey')}
          required
          help={t('shell.workspaceKeyHelp')}
          value={key}
          onChange={setKey}
          error={tried ? (keyFault ?? problem?.at('key')) : undefined}
        />
        <Button type="submit" variant="primary" size="lg" block loading={create.isPending} className={styles.submit}>
          {t('common.create')}
        </Button>
        <Button variant="plain" onClick={() => navigate(-1)}>
          {t('common.cancel')}
        </Button>
      </form>
    </AuthFrame>
  );
}
