import { useEffect } from 'react';
import { useLocation, useParams } from 'react-router';
import type { AppSummary } from '@/api/types';
import { textOf } from '@/locales/text';
import { useApp } from '@/runtime/app/context';
import { type Entry, findEntry } from '@/runtime/app/menu';
import { noteRecent, type Whose } from '@/runtime/recent';
import { NotFound } from '../errors/NotFound';
import { DashboardPage } from './DashboardPage';
import { Forward } from './Forward';
import { RecordNew } from './RecordNew';
import { RecordsPage } from './RecordsPage';

/** What a menu entry opens. */
export function MenuPage() {
  const { menu: slug = '' } = useParams();
  const { search } = useLocation();
  const { app, runtime, menu, base, workspace } = useApp();
  const entry = findEntry(runtime, menu, slug);
  useRecentEntry(workspace, entry && entry.target?.kind !== 'url' ? entry : undefined, `${base}/${entry?.slug}`, app);
  if (!entry?.target) return <NotFound />;
  if (entry.slug && entry.slug !== slug) return <Forward to={`${base}/${entry.slug}${search}`} />;
  switch (entry.target.kind) {
    case 'entity':
      return <RecordsPage key={entry.item.id} entry={entry} entity={entry.target.entity} view={entry.target.view} />;
    case 'form':
      return <RecordNew key={entry.item.id} />;
    case 'dashboard':
      return <DashboardPage key={entry.item.id} entry={entry} dashboard={entry.target.dashboard} />;
    default:
      return <NotFound />;
  }
}

/** Notes a visit for "recent"; the title follows a rename at the next visit. */
export function useRecentEntry(workspace: Whose, entry: Entry | undefined, path: string, app: AppSummary) {
  const title = entry ? textOf(entry.item.name) : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a visit is noted once per address and name
  useEffect(() => {
    if (!entry) return;
    const target = entry.target;
    const icon =
      entry.item.icon ??
      (target?.kind === 'entity' ? target.entity.icon : target?.kind === 'dashboard' ? 'chart' : app.icon);
    const hue = target?.kind === 'entity' ? (target.entity.hue ?? app.hue) : app.hue;
    noteRecent(workspace, { path, title: entry.item.name, context: app.name, icon, hue });
  }, [workspace, path, title]);
}
