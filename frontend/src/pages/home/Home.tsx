import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useApps } from '@/api/queries/apps';
import { useTasks } from '@/api/queries/tasks';
import {
  AppIcon,
  Button,
  EmptyState,
  ErrorState,
  IconButton,
  LinkButton,
  Menu,
  SearchInput,
  SkeletonCards,
  usePhone,
} from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { type Recent, useRecent } from '@/runtime/recent';
import { useWorkspace } from '@/runtime/workspace';
import { TaskList, TaskListSkeleton } from '../inbox/TaskList';
import { Page } from '../shell/Page';
import { useOpenSearch } from '../shell/search';
import { AppCard } from './AppCard';
import { CreateApp, type CreateWay } from './CreateApp';
import styles from './Home.module.css';

/** The first page of a workspace: what waits, what was open, all apps. */
export function Home() {
  const { workspace } = useWorkspace();
  const [creating, setCreating] = useState<CreateWay | null>(null);
  const phone = usePhone();
  const search = useOpenSearch();
  const tasks = useTasks('todo');
  const apps = useApps(workspace.key);
  const nothing = tasks.isError && apps.isError;
  return (
    <Page
      crumbs={[{ label: t('shell.home') }]}
      actions={
        <>
          {phone && <IconButton icon="search" label={t('shell.searchOrJump')} onClick={search} />}
          {workspace.admin && <NewAppButton onChoose={setCreating} />}
        </>
      }
    >
      <div className={styles.page}>
        {nothing ? (
          <ErrorState
            error={apps.error}
            onRetry={() => {
              void tasks.refetch();
              void apps.refetch();
            }}
          />
        ) : (
          <>
            <Todo />
            <RecentPages />
            <Apps onCreate={setCreating} />
          </>
        )}
      </div>
      {creating && <CreateApp way={creating} onClose={() => setCreating(null)} />}
    </Page>
  );
}

function NewAppButton({ onChoose }: { onChoose: (way: CreateWay) => void }) {
  const { base } = useWorkspace();
  const navigate = useNavigate();
  const phone = usePhone();
  return (
    <Menu
      position="bottom-end"
      width={280}
      items={[
        { label: t('home.blank'), description: t('home.blankHelp'), icon: 'plus', onSelect: () => onChoose('blank') },
        {
          label: t('home.fromTemplate'),
          description: t('home.fromTemplateHelp'),
          icon: 'template',
          onSelect: () => navigate(`${base}/templates`),
        },
        {
          label: t('home.fromExcel'),
          description: t('home.fromExcelHelp'),
          icon: 'excel',
          onSelect: () => onChoose('excel'),
        },
        {
          label: t('home.importApp'),
          description: t('home.importAppHelp'),
          icon: 'layers',
          onSelect: () => onChoose('archive'),
        },
      ]}
    >
      {/* On a phone the one solid button is that of the tabs below. */}
      <Button variant={phone ? 'default' : 'primary'} icon="plus">
        {t('home.newApp')}
      </Button>
    </Menu>
  );
}

function Todo() {
  const { base } = useWorkspace();
  const tasks = useTasks('todo');
  const shown = tasks.data?.slice(0, 6) ?? [];
  return (
    <section className={styles.section} aria-label={t('home.todo')}>
      <header className={styles.head}>
        <h2 className={styles.heading}>
          {t('home.todo')}
          {!!tasks.data?.length && <span className={styles.count}>{tasks.data.length}</span>}
        </h2>
        {!!tasks.data?.length && (
          <LinkButton
            to={`${base}/tasks`}
            size="sm"
            variant="plain"
            iconAfter="chevron-right"
            className={styles.headLink}
          >
            {t('home.allTasks')}
          </LinkButton>
        )}
      </header>
      {tasks.isPending ? (
        <div className={styles.list}>
          <TaskListSkeleton rows={3} />
        </div>
      ) : tasks.isError ? (
        <ErrorState compact error={tasks.error} onRetry={() => tasks.refetch()} />
      ) : shown.length === 0 ? (
        <p className={styles.quiet}>{t('home.noTasksHelp')}</p>
      ) : (
        <div className={styles.list}>
          <TaskList tasks={shown} />
        </div>
      )}
    </section>
  );
}

function RecentPages() {
  const { workspace } = useWorkspace();
  const recent = useRecent(workspace).slice(0, 6);
  if (recent.length === 0) return null;
  return (
    <section className={styles.section} aria-label={t('home.recent')}>
      <header className={styles.head}>
        <h2 className={styles.heading}>{t('home.recent')}</h2>
      </header>
      <ul className={styles.recents}>
        {recent.map((page) => (
          <li key={page.path}>
            <RecentLink page={page} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function RecentLink({ page }: { page: Recent }) {
  return (
    <Link to={page.path} className={styles.recent}>
      <AppIcon icon={page.icon} hue={page.hue} size={24} />
      <span className={styles.recentWords}>
        <span className={styles.recentTitle}>{textOf(page.title)}</span>
        {page.context && <span className={styles.recentContext}>{textOf(page.context)}</span>}
      </span>
    </Link>
  );
}

function Apps({ onCreate }: { onCreate: (way: CreateWay) => void }) {
  const { workspace } = useWorkspace();
  const apps = useApps(workspace.key);
  const [search, setSearch] = useState('');
  const needle = search.trim().toLowerCase();
  const shown = (apps.data ?? []).filter((app) => `${textOf(app.name)} ${app.key}`.toLowerCase().includes(needle));
  return (
    <section className={styles.section} aria-label={t('home.apps')}>
      <header className={styles.head}>
        <h2 className={styles.heading}>
          {t('home.apps')}
          {!!apps.data?.length && <span className={styles.count}>{apps.data.length}</span>}
        </h2>
        {(apps.data?.length ?? 0) > 6 && (
          <SearchInput
            size="sm"
            className={styles.search}
            value={search}
            onChange={setSearch}
            placeholder={t('home.searchApps')}
            aria-label={t('home.searchApps')}
          />
        )}
      </header>
      {apps.isPending ? (
        <SkeletonCards cards={4} min={250} />
      ) : apps.isError ? (
        <ErrorState compact error={apps.error} onRetry={() => apps.refetch()} />
      ) : apps.data.length === 0 ? (
        workspace.admin ? (
          <FirstApp onCreate={onCreate} />
        ) : (
          <EmptyState icon="app" title={t('home.noAppsMember')} help={t('home.noAppsMemberHelp')} />
        )
      ) : shown.length === 0 ? (
        <p className={styles.quiet}>{t('common.nothingFound', { query: search })}</p>
      ) : (
        <ul className={styles.cards}>
          {shown.map((app) => (
            <li key={app.id}>
              <AppCard app={app} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** The empty home: three ways to a first app, side by side. */
function FirstApp({ onCreate }: { onCreate: (way: CreateWay) => void }) {
  const { base } = useWorkspace();
  const ways = [
    { way: null, icon: 'template', hue: 'jade', title: t('home.fromTemplate'), help: t('home.fromTemplateHelp') },
    { way: 'excel', icon: 'excel', hue: 'green', title: t('home.fromExcel'), help: t('home.fromExcelHelp') },
    { way: 'blank', icon: 'plus', hue: 'gray', title: t('home.blank'), help: t('home.blankHelp') },
  ] as const;
  return (
    <>
      <p className={styles.quiet}>{t('home.noAppsHelp')}</p>
      <ul className={styles.cards}>
        {ways.map(({ way, icon, hue, title, help }) => {
          const words = (
            <>
              <AppIcon icon={icon} hue={hue} size={40} />
              <span className={styles.recentWords}>
                <span className={styles.wayTitle}>{title}</span>
                <span className={styles.recentContext}>{help}</span>
              </span>
            </>
          );
          return (
            <li key={icon}>
              {way ? (
                <button type="button" className={styles.way} onClick={() => onCreate(way)}>
                  {words}
                </button>
              ) : (
                <Link to={`${base}/templates`} className={styles.way}>
                  {words}
                </Link>
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}
