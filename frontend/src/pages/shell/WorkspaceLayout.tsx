import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { Outlet, useMatch, useNavigation, useParams } from 'react-router';
import { followEvents } from '@/api/events';
import { useApps } from '@/api/queries/apps';
import { useBootstrap } from '@/api/queries/session';
import { useHotkeys, usePhone } from '@/kit';
import { t } from '@/locales';
import { WorkspaceProvider } from '@/runtime/workspace';
import { NotFound } from '../errors/NotFound';
import { rememberWorkspace } from '../session';
import { PhoneTabs } from './PhoneTabs';
import { Sidebar } from './Sidebar';
import { SearchContext } from './search';
import styles from './WorkspaceLayout.module.css';

const loadPalette = () => import('./Palette').then((m) => ({ default: m.Palette }));
const Palette = lazy(loadPalette);

/** The frame of every page of a workspace: sidebar or bottom tabs, palette, live events. */
export function WorkspaceLayout() {
  const { ws = '' } = useParams();
  const boot = useBootstrap();
  const workspace = boot.data?.workspaces.find((w) => w.key === ws || w.id === ws);
  const me = boot.data?.me;
  if (!boot.data || !me) return null; // signing out
  if (!workspace) return <NotFound />;
  return (
    <WorkspaceProvider workspace={workspace} workspaces={boot.data.workspaces} me={me}>
      <Frame workspaceKey={workspace.key} />
    </WorkspaceProvider>
  );
}

function Frame({ workspaceKey }: { workspaceKey: string }) {
  const phone = usePhone();
  const client = useQueryClient();
  const navigation = useNavigation();
  const inApp = useMatch('/w/:ws/a/:app/*');
  const appEdit = useMatch('/w/:ws/a/:app/edit/*');
  const menuEdit = useMatch('/w/:ws/a/:app/:menu/edit/*');
  const apps = useApps(workspaceKey);
  const app = apps.data?.find((a) => a.key === inApp?.params.app || a.id === inApp?.params.app);
  const filling = useMatch('/w/:ws/a/:app/:menu/new');
  const [palette, setPalette] = useState(false);
  const [collapsed, setCollapsed] = useState(() => localStorage.getItem('tenon.sidebar') === 'collapsed');

  useEffect(() => rememberWorkspace(workspaceKey), [workspaceKey]);
  // There when it is called: the first letters after the shortcut are the search.
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette().catch(() => {}), 2000);
    return () => clearTimeout(timer);
  }, []);
  // One stream is enough: that of the app, once it is known which.
  const settled = !inApp || !apps.isPending;
  useEffect(() => (settled ? followEvents(client, app?.id) : undefined), [client, app?.id, settled]);
  // Lets boot.js ask for the app's definition before any code is here.
  const key = app?.key;
  const id = app?.id;
  useEffect(() => {
    if (key && id) localStorage.setItem(`tenon.app.${workspaceKey}.${key}`, id);
  }, [workspaceKey, key, id]);

  const search = useCallback(() => setPalette(true), []);
  function toggle() {
    localStorage.setItem('tenon.sidebar', collapsed ? 'open' : 'collapsed');
    setCollapsed(!collapsed);
  }
  useHotkeys({
    'mod+k': (e) => {
      e.preventDefault();
      setPalette((open) => !open);
    },
    'mod+\\': (e) => {
      e.preventDefault();
      toggle();
    },
  });

  // The builder brings a frame of its own.
  const bare = appEdit || menuEdit;
  return (
    <div className={styles.shell} data-busy={navigation.state === 'loading' || undefined}>
      <a className={styles.skip} href="#main">
        {t('shell.skip')}
      </a>
      {!phone && !bare && <Sidebar app={app} collapsed={collapsed} onToggle={toggle} onSearch={search} />}
      <main id="main" className={styles.main} tabIndex={-1}>
        <SearchContext value={search}>
          <Outlet />
        </SearchContext>
      </main>
      {/* While a form is filled in, its own actions are the only ones at the bottom. */}
      {phone && !bare && !filling && <PhoneTabs app={app} />}
      {palette && (
        <Suspense>
          <Palette app={app} onClose={() => setPalette(false)} onToggleSidebar={toggle} />
        </Suspense>
      )}
    </div>
  );
}
