import { useState } from 'react';
import { NavLink, useMatch, useNavigate, useSearchParams } from 'react-router';
import { useApps, useRuntime } from '@/api/queries/apps';
import { useBootstrap } from '@/api/queries/session';
import type { AppSummary, RuntimeEntity } from '@/api/types';
import { AppIcon, cx, Drawer, EmptyState, Icon, type IconProps, SkeletonText } from '@/kit';
import { t } from '@/locales';
import { inSentence, textOf } from '@/locales/text';
import { findEntry, menuOf } from '@/runtime/app/menu';
import { useWorkspace } from '@/runtime/workspace';
import styles from './PhoneTabs.module.css';

/** The list that is open, when its reader may add to it. */
function useOpenList(app: AppSummary | undefined): RuntimeEntity | undefined {
  const slug = useMatch('/w/:ws/a/:app/:menu')?.params.menu;
  const runtime = useRuntime(app?.id);
  if (!slug || !runtime.data) return undefined;
  const target = findEntry(runtime.data, menuOf(runtime.data), slug)?.target;
  return target?.kind === 'entity' && target.entity.ops.includes('create') ? target.entity : undefined;
}

/** The bottom of the phone: home, tasks, new, inbox, me. A list is what its plus adds to. */
export function PhoneTabs({ app }: { app: AppSummary | undefined }) {
  const { base } = useWorkspace();
  const boot = useBootstrap();
  const list = useOpenList(app);
  const [, setParams] = useSearchParams();
  const [creating, setCreating] = useState(false);
  const create = () => {
    if (!list) return setCreating(true);
    setParams(
      (params) => {
        params.set('new', '1');
        params.delete('record');
        return params;
      },
      { replace: true },
    );
  };
  return (
    <nav className={styles.tabs} aria-label={t('shell.mainNav')}>
      <Tab to={base} end icon="home" label={t('shell.home')} />
      <Tab to={`${base}/tasks`} icon="todo" label={t('shell.tasks')} count={boot.data?.tasks} />
      <button
        type="button"
        className={styles.create}
        aria-label={list && t('palette.createRecord', { name: inSentence(textOf(list.name)) })}
        onClick={create}
      >
        <span className={styles.plus}>
          <Icon name="plus" size={20} />
        </span>
        <span>{list ? t('shell.add') : t('shell.create')}</span>
      </button>
      <Tab to={`${base}/messages`} icon="bell" label={t('shell.messages')} count={boot.data?.unread} />
      <Tab to={`${base}/me`} icon="user" label={t('shell.me')} />
      <Drawer opened={creating} onClose={() => setCreating(false)} title={t('shell.create')}>
        <CreateList app={app} onDone={() => setCreating(false)} />
      </Drawer>
    </nav>
  );
}

function Tab({
  to,
  end,
  icon,
  label,
  count,
}: {
  to: string;
  end?: boolean;
  icon: IconProps['name'];
  label: string;
  count?: number;
}) {
  return (
    <NavLink to={to} end={end} className={({ isActive }) => cx(styles.tab, isActive && styles.active)}>
      <span className={styles.icon}>
        <Icon name={icon} size={20} />
        {!!count && <span className={styles.badge}>{count > 99 ? '99+' : count}</span>}
      </span>
      <span>{label}</span>
    </NavLink>
  );
}

/** What a member may create: the records of an app, after choosing the app. */
function CreateList({ app, onDone }: { app: AppSummary | undefined; onDone: () => void }) {
  const { workspace } = useWorkspace();
  const apps = useApps(workspace.key);
  const [chosen, setChosen] = useState<AppSummary | undefined>(
    app ?? (apps.data?.length === 1 ? apps.data[0] : undefined),
  );
  if (chosen) return <CreateRecords app={chosen} onDone={onDone} />;
  if (apps.data?.length === 0)
    return <EmptyState compact title={t('home.noAppsMember')} help={t('home.noAppsMemberHelp')} />;
  return (
    <ul className={styles.list}>
      {apps.data?.map((one) => (
        <li key={one.id}>
          <button type="button" className={styles.row} onClick={() => setChosen(one)}>
            <AppIcon icon={one.icon} hue={one.hue} size={32} />
            <span className={styles.name}>{textOf(one.name)}</span>
            <Icon name="chevron-right" />
          </button>
        </li>
      ))}
    </ul>
  );
}

function CreateRecords({ app, onDone }: { app: AppSummary; onDone: () => void }) {
  const { base } = useWorkspace();
  const runtime = useRuntime(app.id);
  const navigate = useNavigate();
  if (!runtime.data) return <SkeletonText lines={4} />;
  const entries = menuOf(runtime.data);
  const entities = runtime.data.entities.filter((e) => e.ops.includes('create'));
  if (entities.length === 0) return <EmptyState compact title={t('errors.noAccess')} help={t('errors.noAccessHelp')} />;
  return (
    <ul className={styles.list}>
      {entities.map((entity) => (
        <li key={entity.id}>
          <button
            type="button"
            className={styles.row}
            onClick={() => {
              navigate(
                `${base}/a/${app.key}/${findEntry(runtime.data, entries, entity.key)?.slug ?? entity.key}?new=1`,
              );
              onDone();
            }}
          >
            <AppIcon icon={entity.icon ?? 'entity'} hue={entity.hue ?? app.hue} size={32} />
            <span className={styles.name}>{t('palette.createRecord', { name: inSentence(textOf(entity.name)) })}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
