import { lazy, type ReactNode, Suspense, useCallback, useEffect, useState } from 'react';
import { asProblem, type Problem } from '@/api/client';
import { fetchPublicShare } from '@/api/queries/shares';
import type { PublicShare } from '@/api/types';
import { Button } from '@/kit/Button';
import { cx } from '@/kit/cx';
import { EmptyState } from '@/kit/EmptyState';
import { ErrorState } from '@/kit/ErrorState';
import { Logo } from '@/kit/Logo';
import { Notice } from '@/kit/Notice';
import { SkeletonForm } from '@/kit/Skeleton';
import { PasswordInput } from '@/kit/TextInput';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import styles from './PublicPage.module.css';

// The product's name, for links that do not say whose they are.
const product = 'Tenon';

// Forms are what most links open: theirs is on its way while the link itself is
// still being read. The rest is downloaded when it is shown.
const formCode = import('./PublicForm');
const PublicForm = lazy(async () => ({ default: (await formCode).PublicForm }));
const PublicView = lazy(async () => ({ default: (await import('./PublicView')).PublicView }));
const PublicRecord = lazy(async () => ({ default: (await import('./PublicRecord')).PublicRecord }));

type State = { share: PublicShare } | { problem: Problem } | null;

/** What a public link opens: asks for its password first where it has one. */
export function PublicPage({ token }: { token: string }) {
  const [password, setPassword] = useState<string>();
  const [state, setState] = useState<State>(null);
  const load = useCallback(
    (signal?: AbortSignal) =>
      fetchPublicShare(token, password, signal).then(
        (share) => setState({ share }),
        (error) => {
          if (!signal?.aborted) setState({ problem: asProblem(error) });
        },
      ),
    [token, password],
  );
  useEffect(() => {
    const abort = new AbortController();
    load(abort.signal);
    return () => abort.abort();
  }, [load]);

  const name = state && 'share' in state ? textOf(state.share.name) : undefined;
  useEffect(() => {
    document.title = name ?? product;
  }, [name]);

  if (!state) {
    return (
      <Sheet>
        <SkeletonForm fields={5} title />
      </Sheet>
    );
  }
  if ('problem' in state) {
    const { problem } = state;
    const over = problem.code === 'share.window' || problem.code === 'share.used_up';
    const locked = !over && (problem.status === 401 || problem.status === 403);
    return (
      <Sheet title={locked ? t('share.protected') : undefined} brand={<Mark />} width="narrow">
        {over ? (
          <EmptyState icon="clock" title={t('share.over')} help={problem.detail || t('share.closedHelp')} />
        ) : locked ? (
          <PasswordForm wrong={password !== undefined} onSubmit={setPassword} />
        ) : problem.status === 404 || problem.status === 410 ? (
          <EmptyState icon="link" title={t('share.closed')} help={problem.detail || t('share.closedHelp')} />
        ) : (
          <ErrorState error={problem} onRetry={() => load()} />
        )}
      </Sheet>
    );
  }
  if (state.share.password_required) {
    return (
      <Sheet title={name} width="narrow">
        <PasswordForm wrong={password !== undefined} onSubmit={setPassword} />
      </Sheet>
    );
  }
  const { share } = state;
  const shown = { token, password, share };
  return (
    <Sheet title={name} brand={share.workspace} width={share.kind === 'view' ? 'wide' : undefined}>
      <Suspense fallback={<SkeletonForm fields={5} />}>
        {share.kind === 'form' ? (
          <PublicForm {...shown} />
        ) : share.kind === 'view' ? (
          <PublicView {...shown} />
        ) : (
          <PublicRecord {...shown} />
        )}
      </Suspense>
    </Sheet>
  );
}

function Sheet({
  title,
  brand,
  width,
  children,
}: {
  title?: string;
  /** Whose page it is. */
  brand?: ReactNode;
  width?: 'wide' | 'narrow';
  children?: ReactNode;
}) {
  return (
    <main className={styles.page}>
      <div className={cx(styles.sheet, width && styles[width])}>
        {brand && <p className={styles.brand}>{brand}</p>}
        {title && <h1 className={styles.title}>{title}</h1>}
        {children}
      </div>
    </main>
  );
}

function Mark() {
  return (
    <span className={styles.mark}>
      <Logo size={16} />
      {product}
    </span>
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
      <PasswordInput
        label={t('share.password')}
        help={t('share.passwordHelp')}
        autoFocus
        value={text}
        onChange={setText}
      />
      <Button type="submit" variant="primary" size="lg" block>
        {t('share.enter')}
      </Button>
    </form>
  );
}
