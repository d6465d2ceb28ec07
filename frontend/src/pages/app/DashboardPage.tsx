import { lazy, Suspense } from 'react';
import type { Dashboard } from '@/api/types';
import { SkeletonCards } from '@/kit';
import { loadMessages } from '@/locales';
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
  return (
    <Page flush crumbs={[{ label: textOf(app.name), to: base }, { label: textOf(entry.item.name) }]}>
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
