import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useTasks } from '@/api/queries/tasks';
import type { Task, TaskOutcome, TaskTab } from '@/api/types';
import { EmptyState, ErrorState, Tabs } from '@/kit';
import { t } from '@/locales';
import { Page } from '../shell/Page';
import styles from './inbox.module.css';
import { TaskBatchBar, TaskBatchDialog } from './TaskBatch';
import { TaskDialog } from './TaskDialog';
import { TaskList, TaskListSkeleton } from './TaskList';

/** The member's tasks: to do, handled, asked of others. */
export function Tasks() {
  const [tab, setTab] = useState<TaskTab>('todo');
  const tasks = useTasks(tab);
  const [params, setParams] = useSearchParams();
  const open = tasks.data?.find((task) => task.id === params.get('task'));
  const show = (id: string | undefined) => setParams(id ? { task: id } : {}, { replace: true });

  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [batch, setBatch] = useState<{ tasks: Task[]; outcome: TaskOutcome } | null>(null);
  const all = tab === 'todo' ? (tasks.data ?? []) : [];
  // Ticked tasks that were ended meanwhile are no longer there.
  const chosen = all.filter((task) => picked.has(task.id));
  const pick = {
    ids: picked,
    onPick: (id: string, on: boolean) =>
      setPicked((was) => (on ? new Set(was).add(id) : new Set([...was].filter((one) => one !== id)))),
  };

  // After an outcome the next task is at hand.
  function next(done: Task) {
    const rest = (tasks.data ?? []).filter((task) => task.id !== done.id);
    const at = (tasks.data ?? []).findIndex((task) => task.id === done.id);
    show(tab === 'todo' ? rest[Math.min(at, rest.length - 1)]?.id : undefined);
  }
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
          <TaskListSkeleton rows={8} />
        ) : tasks.isError ? (
          <ErrorState error={tasks.error} onRetry={() => tasks.refetch()} />
        ) : tasks.data.length === 0 ? (
          <EmptyState
            icon="todo"
            title={tab === 'todo' ? t('home.noTasks') : tab === 'done' ? t('tasks.noneDone') : t('tasks.noneCreated')}
            help={tab === 'todo' ? t('home.noTasksHelp') : undefined}
          />
        ) : (
          <TaskList tasks={tasks.data} pick={all.length > 1 || chosen.length > 0 ? pick : undefined} />
        )}
      </div>
      {chosen.length > 0 && (
        <TaskBatchBar
          tasks={chosen}
          all={all}
          onPick={(ids) => setPicked(new Set(ids))}
          onDecide={(outcome) => setBatch({ tasks: chosen, outcome })}
        />
      )}
      {batch && <TaskBatchDialog {...batch} onClose={() => setBatch(null)} />}
      {open && <TaskDialog key={open.id} task={open} onClose={() => show(undefined)} onDone={next} />}
    </Page>
  );
}
