import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { asProblem } from '@/api/client';
import { useSetup } from '@/api/queries/session';
import { Button, Notice, PasswordInput, TextInput } from '@/kit';
import { t } from '@/locales';
import { useTitle } from '../useTitle';
import { AuthFrame } from './AuthFrame';
import styles from './auth.module.css';
import { emailFault, passwordFault } from './check';
import { useEnter } from './useEnter';

export function Setup() {
  useTitle(t('auth.setupTitle'));
  const [params] = useSearchParams();
  // The terminal prints an address that carries the code.
  const given = params.get('token') ?? '';
  const [token, setToken] = useState(given);
  const [workspace, setWorkspace] = useState('');
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const setup = useSetup();
  const enter = useEnter();
  const problem = setup.error ? asProblem(setup.error) : null;

  const faults = {
    token: token.trim() === '' ? t('auth.tokenRequired') : problem?.at('token'),
    workspace: workspace.trim() === '' ? t('auth.workspaceRequired') : problem?.at('workspace'),
    name: name.trim() === '' ? t('auth.nameRequired') : problem?.at('name'),
    email: emailFault(email) ?? problem?.at('email'),
    password: passwordFault(password) ?? problem?.at('password'),
  };
  const own =
    token.trim() === '' ||
    workspace.trim() === '' ||
    name.trim() === '' ||
    emailFault(email) ||
    passwordFault(password);

  async function submit() {
    setTried(true);
    if (own) return;
    try {
      await setup.mutateAsync({
        token: token.trim(),
        workspace: workspace.trim(),
        name: name.trim(),
        email: email.trim(),
        password,
      });
    } catch {
      return; // shown below
    }
    await enter();
  }

  const shown = (fault: string | undefined) => (tried ? fault : undefined);
  return (
    <AuthFrame title={t('auth.setupTitle')} help={t('auth.setupHelp')}>
      <form
        className={styles.form}
        noValidate
        onSubmit={(e) => {
          e.preventDefault();
          submit();
        }}
      >
        {problem && problem.errors.length === 0 && <Notice tone="danger">{problem.detail || problem.title}</Notice>}
        {(given === '' || problem?.at('token')) && (
          <TextInput
            label={t('auth.setupToken')}
            help={t('auth.setupTokenHelp')}
            autoComplete="off"
            autoFocus
            value={token}
            onChange={setToken}
            error={shown(faults.token)}
          />
        )}
        <TextInput
          label={t('auth.workspace')}
          placeholder={t('auth.workspacePlaceholder')}
          autoComplete="organization"
          value={workspace}
          onChange={setWorkspace}
          error={shown(faults.workspace)}
        />
        <TextInput
          label={t('auth.name')}
          placeholder={t('auth.namePlaceholder')}
          autoComplete="name"
          value={name}
          onChange={setName}
          error={shown(faults.name)}
        />
        <TextInput
          label={t('auth.email')}
          type="email"
          autoComplete="username"
          placeholder={t('auth.emailPlaceholder')}
          value={email}
          onChange={setEmail}
          error={shown(faults.email)}
        />
        <PasswordInput
          label={t('auth.passwordNew')}
          help={t('auth.passwordHint')}
          autoComplete="new-password"
          value={password}
          onChange={setPassword}
          error={shown(faults.password)}
        />
        <Button type="submit" variant="primary" size="lg" block loading={setup.isPending} className={styles.submit}>
          {t('auth.setupSubmit')}
        </Button>
      </form>
    </AuthFrame>
  );
}
