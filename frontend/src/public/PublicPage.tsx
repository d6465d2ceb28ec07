import { useEffect, useState } from 'react';
import { asProblem } from '@/api/client';
import { usePublicShare } from '@/api/queries/shares';
import { Button, EmptyState, ErrorState, Notice, PasswordInput, SkeletonForm } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import styles from './PublicPage.module.css';

/** What a public link opens: asks for its password first where it has one. */
export function PublicPage({ token }: { token: string }) {
  const [password, setPassword] = useState<string>();
  const share = usePublicShare(token, password);
  const name = share.data ? textOf(share.data.name) : undefined;
  useEffect(() => {
    document.title = name ?? 'Tenon';
  }, [name]);

  if (share.isPending) {
    return (
      <Sheet>
        <SkeletonForm fields={5} />
      </Sheet>
    );
  }
  if (share.isError) {
    const problem = asProblem(share.error);
    if (problem.status === 401 || problem.status === 403) {
      return (
        <Sheet>
          <PasswordForm wrong={password !== undefined} onSubmit={setPassword} />
        </Sheet>
      );
    }
    if (problem.status === 404 || problem.status === 410) {
      return (
        <Sheet>
          <EmptyState icon="link" title={t('share.closed')} help={problem.detail || t('share.closedHelp')} />
        </Sheet>
      );
    }
    return (
      <Sheet>
        <ErrorState error={problem} onRetry={() => share.refetch()} />
      </Sheet>
    );
  }
  if (share.data.password_required) {
    return (
      <Sheet title={name}>
        <PasswordForm wrong={password !== undefined} onSubmit={setPassword} />
      </Sheet>
    );
  }
  return <Sheet title={name} />;
}

function Sheet({ title, children }: { title?: string; children?: React.ReactNode }) {
  return (
    <main className={styles.page}>
      <div className={styles.sheet}>
        {title && <h1 className={styles.title}>{title}</h1>}
        {children}
      </div>
    </main>
  );
}

function PasswordForm({ wrong, onSubmit }: { wrong: boolean; onSubmit: (password: string) => void }) {
  const [text, setText] = useState('');
  return (
    <form
      className={styles.form}
      onSubmit={(e) => {
        e.preventDefault();
        if (text !== '') onSubmit(text);
      }}
    >
      {wrong && <Notice tone="danger">{t('share.wrongPassword')}</Notice>}
      <PasswordInput label={t('share.password')} help={t('share.passwordHelp')} autoFocus value={text} onChange={setText} />
      <Button type="submit" variant="primary" size="lg" block>
        {t('share.enter')}
      </Button>
    </form>
  );
}
