import { lazy, Suspense } from 'react';
import type { Dashboard } from '@/api/types';
import { LinkButton, SkeletonCards, usePhone } from '@/kit';
import { loadMessages, t } from '@/locales';
import { textOf } from '@/locales/text';
import { useApp } from '@/runtime/app/context';
import type { Entry } from '@/runtime/app/menu';
import { Page } from '../shell/Page';
import styles from './app.module.css';

const DashboardView = lazy(async () => {
  const [module] = await Promise.all([import('@/runtime/dashboard/DashboardView'), loadMessages('board')]);
  return { default: module.DashboardView };
});

/** A dashboard as a page of its app. */
export function DashboardPage({ entry, dashboard }: { entry: Entry; dashboard: Dashboard }) {
  const { app, base } = useApp();
  const phone = usePhone();
  return (
    <Page
      flush
      crumbs={[{ label: textOf(app.name), to: base }, { label: textOf(entry.item.name) }]}
      actions={
        app.role.admin &&
        !phone && (
          <LinkButton variant="plain" icon="pen" to={`${base}/edit/app/dashboards/${dashboard.id}`}>
            {t('shell.editBoard')}
          </LinkButton>
        )
      }
    >
      <Suspense
        fallback={
          <div className={styles.cards}>
            <SkeletonCards cards={8} />
          </div>
        }
      >
        <DashboardView dashboard={dashboard} />
      </Suspense>
    </Page>
  );
}
