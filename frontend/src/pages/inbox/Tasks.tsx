import { useState } from 'react';
import { useTasks } from '@/api/queries/tasks';
import type { TaskTab } from '@/api/types';
import { EmptyState, ErrorState, SkeletonRows, Tabs } from '@/kit';
import { t } from '@/locales';
import { Page } from '../shell/Page';
import styles from './inbox.module.css';
import { TaskList } from './TaskList';

/** The member's tasks: to do, handled, asked of others. */
export function Tasks() {
  const [tab, setTab] = useState<TaskTab>('todo');
  const tasks = useTasks(tab);
  return (
    <Page
      flush
      crumbs={[{ label: t('shell.tasks') }]}
      toolbar={
        <div className={styles.tabs}>
          <Tabs
            variant="pill"
            aria-label={t('shell.tasks')}
            value={tab}
            onChange={setTab}
            tabs={[
              { value: 'todo', label: t('tasks.todo') },
              { value: 'done', label: t('tasks.done') },
              { value: 'created', label: t('tasks.created') },
            ]}
          />
        </div>
      }
    >
      <div className={styles.scroll}>
        {tasks.isPending ? (
          <SkeletonRows columns={3} />
        ) : tasks.isError ? (
          <ErrorState error={tasks.error} onRetry={() => tasks.refetch()} />
        ) : tasks.data.length === 0 ? (
          <EmptyState
            icon="todo"
            title={tab === 'todo' ? t('home.noTasks') : tab === 'done' ? t('tasks.noneDone') : t('tasks.noneCreated')}
            help={tab === 'todo' ? t('home.noTasksHelp') : undefined}
          />
        ) : (
          <TaskList tasks={tasks.data} />
        )}
      </div>
    </Page>
  );
}
