import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { asProblem } from '@/api/client';
import { useSignIn } from '@/api/queries/session';
import { Button, Notice, PasswordInput, TextInput } from '@/kit';
import { t } from '@/locales';
import { useTitle } from '../useTitle';
import { AuthFrame } from './AuthFrame';
import styles from './auth.module.css';
import { emailFault } from './check';
import { useEnter } from './useEnter';

export function SignIn() {
  useTitle(t('auth.signIn'));
  const [params] = useSearchParams();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const signIn = useSignIn();
  const enter = useEnter();
  const faults = { email: emailFault(email), password: password === '' ? t('auth.passwordRequired') : undefined };
  const problem = signIn.error ? asProblem(signIn.error) : null;

  async function submit() {
    setTried(true);
    if (faults.email || faults.password) return;
    try {
      await signIn.mutateAsync({ email: email.trim(), password });
    } catch {
      return; // shown below
    }
    await enter(params.get('next'));
  }

  return (
    <AuthFrame title={t('auth.signInTitle')} help={t('auth.tagline')}>
      <form
        className={styles.form}
        noValidate
        onSubmit={(e) => {
          e.preventDefault();
          submit();
        }}
      >
        {problem && <Notice tone="danger">{problem.detail || problem.title}</Notice>}
        <TextInput
          label={t('auth.email')}
          type="email"
          name="email"
          autoComplete="username"
          autoFocus
          placeholder={t('auth.emailPlaceholder')}
          value={email}
          onChange={setEmail}
          error={tried ? faults.email : undefined}
        />
        <PasswordInput
          label={t('auth.password')}
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
          error={tried ? faults.password : undefined}
        />
        <Button type="submit" variant="primary" size="lg" block loading={signIn.isPending} className={styles.submit}>
          {t('auth.signIn')}
        </Button>
        {problem && <p className={styles.quiet}>{t('auth.forgot')}</p>}
      </form>
    </AuthFrame>
  );
}
