import { useState } from 'react';
import { useParams } from 'react-router';
import { asProblem } from '@/api/client';
import { useAcceptInvitation, useInvitationInfo } from '@/api/queries/session';
import { Button, LinkButton, Notice, PasswordInput, SkeletonForm, TextInput } from '@/kit';
import { t } from '@/locales';
import { useTitle } from '../useTitle';
import { AuthFrame } from './AuthFrame';
import styles from './auth.module.css';
import { emailFault, passwordFault } from './check';
import { useEnter } from './useEnter';

export function Join() {
  const { token = '' } = useParams();
  const invitation = useInvitationInfo(token);
  useTitle(invitation.data ? t('auth.joinTitle', { workspace: invitation.data.workspace }) : t('auth.joinSubmit'));
  if (invitation.isPending) {
    return (
      <AuthFrame title={t('auth.joinSubmit')} help={t('auth.joinHelp')}>
        <div className={styles.form}>
          <SkeletonForm fields={3} narrow />
        </div>
      </AuthFrame>
    );
  }
  if (invitation.isError) {
    const problem = asProblem(invitation.error);
    const gone = problem.status === 404 || problem.status === 410;
    return (
      <AuthFrame
        title={gone ? t('auth.joinInvalid') : problem.title}
        help={gone ? t('auth.joinInvalidHelp') : problem.detail}
      >
        <div className={styles.form}>
          {!gone && problem.requestId && (
            <p className={styles.quiet}>{t('common.requestId', { id: problem.requestId })}</p>
          )}
          {!gone && (
            <Button
              variant="primary"
              size="lg"
              block
              loading={invitation.isFetching}
              onClick={() => void invitation.refetch()}
            >
              {t('common.retry')}
            </Button>
          )}
          <LinkButton to="/sign-in" size="lg" block>
            {t('auth.toSignIn')}
          </LinkButton>
        </div>
      </AuthFrame>
    );
  }
  return <JoinForm token={token} workspace={invitation.data.workspace} initialName={invitation.data.name ?? ''} />;
}

function JoinForm({ token, workspace, initialName }: { token: string; workspace: string; initialName: string }) {
  const [name, setName] = useState(initialName);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const accept = useAcceptInvitation(token);
  const enter = useEnter();
  const problem = accept.error ? asProblem(accept.error) : null;
  const own = {
    name: name.trim() === '' ? t('auth.nameRequired') : undefined,
    email: emailFault(email),
    // It may be that of an account that is there already.
    password: password === '' ? t('auth.passwordRequired') : passwordFault(password),
  };

  async function submit() {
    setTried(true);
    if (own.name || own.email || own.password) return;
    try {
      await accept.mutateAsync({ name: name.trim(), email: email.trim(), password });
    } catch {
      return; // shown below
    }
    await enter();
  }

  return (
    <AuthFrame title={t('auth.joinTitle', { workspace })} help={t('auth.joinHelp')}>
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
          label={t('auth.name')}
          autoComplete="name"
          placeholder={t('auth.namePlaceholder')}
          value={name}
          onChange={setName}
          error={tried ? (own.name ?? problem?.at('name')) : undefined}
        />
        <TextInput
          label={t('auth.email')}
          type="email"
          autoComplete="username"
          placeholder={t('auth.emailPlaceholder')}
          value={email}
          onChange={setEmail}
          error={tried ? (own.email ?? problem?.at('email')) : undefined}
        />
        <PasswordInput
          label={t('auth.password')}
          help={t('auth.passwordHint')}
          autoComplete="new-password"
          value={password}
          onChange={setPassword}
          error={tried ? (own.password ?? problem?.at('password')) : undefined}
        />
        <Button type="submit" variant="primary" size="lg" block loading={accept.isPending} className={styles.submit}>
          {t('auth.joinSubmit')}
        </Button>
      </form>
    </AuthFrame>
  );
}
