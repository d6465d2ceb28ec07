import { NavLink, useNavigate } from 'react-router';
import { asProblem } from '@/api/client';
import { useApps, useRuntime } from '@/api/queries/apps';
import { useBootstrap } from '@/api/queries/session';
import type { AppSummary } from '@/api/types';
import { AppIcon, cx, Icon, IconButton, Kbd, Menu, ResizeHandle, Tooltip, useStoredSize } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useWorkspace } from '@/runtime/workspace';
import { AppMenu } from './AppMenu';
import { NavRow } from './NavRow';
import { NotificationsButton } from './NotificationsButton';
import { ProfileButton } from './ProfileButton';
import styles from './Sidebar.module.css';
import { WorkspaceButton } from './WorkspaceButton';

export interface SidebarProps {
  app: AppSummary | undefined;
  collapsed: boolean;
  onToggle: () => void;
  onSearch: () => void;
}

/** The left column: workspace, search, the member's own pages, then the app's menu or all apps. */
export function Sidebar({ app, collapsed, onToggle, onSearch }: SidebarProps) {
  const { workspace, base } = useWorkspace();
  const boot = useBootstrap();
  const apps = useApps(workspace.key);
  const runtime = useRuntime(app?.id);
  const denied = runtime.isError && asProblem(runtime.error).status === 403;
  const navigate = useNavigate();
  const [width, setWidth] = useStoredSize('sidebar', 232, 200, 340);
  const others = (apps.data ?? []).filter((a) => a.id !== app?.id);

  return (
    <aside
      className={cx(styles.sidebar, collapsed && styles.collapsed)}
      style={collapsed ? undefined : { width }}
      aria-label={t('shell.sidebar')}
    >
      <div className={styles.top}>
        <WorkspaceButton collapsed={collapsed} />
        {!collapsed && <NotificationsButton />}
      </div>
      {collapsed ? (
        <>
          <IconButton icon="search" label={t('shell.searchOrJump')} shortcut="mod+k" onClick={onSearch} />
          <NotificationsButton />
        </>
      ) : (
        <button type="button" className={styles.search} onClick={onSearch}>
          <Icon name="search" />
          <span>{t('shell.searchOrJump')}</span>
          <Kbd keys="mod+k" />
        </button>
      )}
      <nav aria-label={t('shell.mainNav')} className={styles.nav}>
        <NavRow to={base} end icon="home" label={t('shell.home')} collapsed={collapsed} />
        <NavRow
          to={`${base}/tasks`}
          icon="todo"
          label={t('shell.tasks')}
          count={boot.data?.tasks}
          collapsed={collapsed}
        />
        {workspace.admin && !app && (
          <NavRow to={`${base}/admin`} icon="gear" label={t('shell.admin')} collapsed={collapsed} />
        )}
      </nav>

      {app ? (
        <section className={styles.section}>
          <div className={styles.appRow}>
            {collapsed ? (
              <Tooltip label={textOf(app.name)} position="right">
                <NavLink to={`${base}/a/${app.key}`} end className={styles.appLink} aria-label={textOf(app.name)}>
                  <AppIcon icon={app.icon} hue={app.hue} size={24} />
                </NavLink>
              </Tooltip>
            ) : (
              <>
                <Menu
                  width={240}
                  items={[
                    { title: t('shell.switchApp') },
                    ...others.map((other) => ({
                      label: textOf(other.name),
                      before: <AppIcon icon={other.icon} hue={other.hue} size={20} />,
                      onSelect: () => navigate(`${base}/a/${other.key}`),
                    })),
                    others.length > 0 && { divider: true as const },
                    { label: t('shell.allApps'), icon: 'grid', onSelect: () => navigate(base) },
                  ]}
                >
                  <button type="button" className={styles.app}>
                    <AppIcon icon={app.icon} hue={app.hue} size={20} />
                    <span className={styles.appName}>{textOf(app.name)}</span>
                    <Icon name="chevron-down" size={14} />
                  </button>
                </Menu>
                {app.role.admin && !denied && (
                  <IconButton
                    size="sm"
                    icon="pen"
                    label={t('shell.editApp')}
                    onClick={() => navigate(`${base}/a/${app.key}/edit`)}
                  />
                )}
              </>
            )}
          </div>
          <AppMenu app={app} collapsed={collapsed} />
        </section>
      ) : (
        <section className={styles.section}>
          {!collapsed && !!apps.data?.length && <h2 className={styles.heading}>{t('shell.apps')}</h2>}
          <nav aria-label={t('shell.apps')} className={styles.nav}>
            {apps.data?.map((one) => (
              <NavRow
                key={one.id}
                to={`${base}/a/${one.key}`}
                label={textOf(one.name)}
                before={<AppIcon icon={one.icon} hue={one.hue} size={20} />}
                collapsed={collapsed}
              />
            ))}
          </nav>
        </section>
      )}

      <div className={styles.bottom}>
        <ProfileButton collapsed={collapsed} />
        <IconButton
          size="sm"
          icon="sidebar"
          label={collapsed ? t('shell.expand') : t('shell.collapse')}
          shortcut="mod+\"
          aria-expanded={!collapsed}
          onClick={onToggle}
        />
      </div>
      {!collapsed && <ResizeHandle side="right" size={width} min={200} max={340} onResize={setWidth} />}
    </aside>
  );
}
