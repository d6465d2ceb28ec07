import { useDeferredValue, useMemo } from 'react';
import { Outlet, useLocation, useParams } from 'react-router';
import { useApps, useRuntime } from '@/api/queries/apps';
import type { AppSummary } from '@/api/types';
import { ErrorState, LinkButton } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { AppProvider } from '@/runtime/app/context';
import { useWorkspace } from '@/runtime/workspace';
import { NotFound } from '../errors/NotFound';
import { Page } from '../shell/Page';
import styles from './app.module.css';
import { Forward } from './Forward';
import { Loading } from './Loading';

function Failed({ app, error, onRetry }: { app?: AppSummary; error: unknown; onRetry: () => void }) {
  const { base } = useWorkspace();
  return (
    <Page flush crumbs={[{ label: app ? textOf(app.name) : t('shell.apps') }]}>
      <div className={styles.failed}>
        <ErrorState
          error={error}
          onRetry={onRetry}
          secondary={<LinkButton to={base}>{t('errors.backHome')}</LinkButton>}
        />
      </div>
    </Page>
  );
}

/** Everything below an app's address: loads the published app once. */
export function AppLayout() {
  const { app: key = '' } = useParams();
  const { workspace, base } = useWorkspace();
  const apps = useApps(workspace.key);
  const app = apps.data?.find((a) => a.key === key) ?? apps.data?.find((a) => a.id === key);
  const runtime = useRuntime(app?.id);
  // A whole page is drawn from this: in pieces, so that the browser can answer in between.
  const loaded = useMemo(() => app && runtime.data && { app, runtime: runtime.data }, [app, runtime.data]);
  const opened = useDeferredValue(loaded);
  const location = useLocation();

  // An address by id becomes the readable one.
  const readable =
    app && app.key !== key ? location.pathname.replace(`${base}/a/${key}`, `${base}/a/${app.key}`) : null;
  if (apps.isError) return <Failed error={apps.error} onRetry={() => apps.refetch()} />;
  if (apps.data && !app && !apps.isFetching) return <NotFound />;
  if (runtime.isError) return <Failed app={app} error={runtime.error} onRetry={() => runtime.refetch()} />;
  if (!loaded || opened?.app.id !== loaded.app.id) {
    return <Loading name={app && textOf(app.name)} />;
  }
  return (
    <AppProvider workspace={workspace} app={opened.app} runtime={opened.runtime}>
      {readable && <Forward to={readable + location.search} />}
      <Outlet />
    </AppProvider>
  );
}
