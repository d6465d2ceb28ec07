import { useRuntime } from '@/api/queries/apps';
import type { RuntimeEntity } from '@/api/types';
import { Button, Delayed, EmptyState, ErrorState, LinkButton, SkeletonRows } from '@/kit';
import { t } from '@/locales';
import { AppProvider } from '@/runtime/app/context';
import { ListActions, ListBody, ListProvider, ListToolbar, useList, ViewTabs } from '@/runtime/list';
import { useBuilder } from '../context';
import { useFrame } from '../frame/frame-context';
import styles from './DataPage.module.css';

/** The records of the published form, as members work with them. */
export function DataPage({ entity: id }: { entity: string }) {
  const { app, workspace, base } = useBuilder();
  const { publish } = useFrame();
  const runtime = useRuntime(app.version > 0 ? app.id : undefined);
  const entity = runtime.data?.entities.find((e) => e.id === id);
  if (app.version === 0 || (runtime.isSuccess && !entity)) {
    return (
      <div className={styles.centre}>
        <EmptyState
          icon="database"
          title={t('build.data.unpublished')}
          help={t('build.data.unpublishedHelp')}
          action={<Button onClick={publish}>{t('build.publish')}</Button>}
        />
      </div>
    );
  }
  if (runtime.isError) return <ErrorState error={runtime.error} onRetry={() => runtime.refetch()} />;
  if (!runtime.data || !entity) {
    return (
      <Delayed>
        <div className={styles.page}>
          <div className={styles.blank} />
          <SkeletonRows />
        </div>
      </Delayed>
    );
  }
  return (
    <AppProvider workspace={workspace} app={app} runtime={runtime.data}>
      <Records entity={entity} path={`${base.replace(/\/edit$/, '')}/${entity.key}`} />
    </AppProvider>
  );
}

function Records({ entity, path }: { entity: RuntimeEntity; path: string }) {
  const list = useList(entity, path);
  return (
    <ListProvider value={list}>
      <div className={styles.page}>
        <div className={styles.bar}>
          <ViewTabs />
          <span className={styles.actions}>
            <LinkButton to={path} icon="external">
              {t('build.data.open')}
            </LinkButton>
            <ListActions outlined />
          </span>
        </div>
        <ListToolbar />
        <ListBody />
      </div>
    </ListProvider>
  );
}
