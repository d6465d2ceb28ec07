import { Link } from 'react-router';
import { useApps } from '@/api/queries/apps';
import type { AppSummary, Task } from '@/api/types';
import { Checkbox, cx, Delayed, Icon, Skeleton, Tag } from '@/kit';
import { t } from '@/locales';
import { daysUntil, formatDay, formatList, formatRelative } from '@/locales/format';
import { textOf } from '@/locales/text';
import { useWorkspace } from '@/runtime/workspace';
import styles from './TaskList.module.css';

/** Whom a task waits for, when that is not the reader: nothing of one's own. */
export function waitsFor(task: Task, me: string | undefined): string | null {
  if (task.state !== 'open' || task.assignees.some((one) => one.id === me)) return null;
  const names = task.assignees.map((one) => one.name).filter(Boolean);
  return names.length > 0 ? t('tasks.waitsFor', { names: formatList(names) }) : null;
}

/** When a task is due, in words and in the colour of its urgency. */
export function DueTag({ due }: { due: string }) {
  const days = daysUntil(due);
  if (days < 0) return <Tag hue="red">{t('home.overdue', { n: -days })}</Tag>;
  if (days === 0) return <Tag hue="amber">{t('home.dueToday')}</Tag>;
  if (days === 1) return <span className={styles.due}>{t('home.dueTomorrow')}</span>;
  return <span className={styles.due}>{t('home.due', { day: formatDay(due) })}</span>;
}

/** Where a task leads: to its outcomes, or to the record that it asks for. */
export function taskAddress(task: Task, base: string, app: AppSummary | undefined): string {
  return app && task.entity && task.record_id && task.outcomes.length === 0
    ? `${base}/a/${app.key}/${task.entity}/r/${task.record_id}`
    : `${base}/tasks?task=${task.id}`;
}

/** Which tasks are ticked, to be ended together. */
export interface TaskPick {
  ids: ReadonlySet<string>;
  onPick: (id: string, on: boolean) => void;
}

/** Tasks as rows: what, about which record, until when. */
export function TaskList({ tasks, pick }: { tasks: Task[]; pick?: TaskPick }) {
  const { workspace, base } = useWorkspace();
  const apps = useApps(workspace.key);
  return (
    <ul>
      {tasks.map((task) => {
        const app = apps.data?.find((a) => a.id === task.app || a.key === task.app);
        const urgent = task.priority === 'urgent' || task.priority === 'high';
        return (
          <li key={task.id} className={cx(pick && styles.picking)}>
            {pick && (
              <Checkbox
                className={styles.pick}
                aria-label={t('tasks.pick', { title: task.title })}
                checked={pick.ids.has(task.id)}
                onChange={(on) => pick.onPick(task.id, on)}
              />
            )}
            <Link to={taskAddress(task, base, app)} className={styles.row}>
              {(urgent || !pick) && (
                <Icon name={urgent ? 'flag' : 'todo'} className={cx(styles.icon, urgent && styles.urgent)} />
              )}
              <span className={styles.title}>{task.title}</span>
              <span className={styles.about}>
                {[
                  waitsFor(task, workspace.member_id),
                  task.record_title && !task.title.includes(task.record_title) ? task.record_title : null,
                  app ? textOf(app.name) : null,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
              <span className={styles.when}>
                {task.due && task.state !== 'done' ? (
                  <DueTag due={task.due} />
                ) : (
                  <span className={styles.due}>
                    {task.completed_at
                      ? t('tasks.doneAt', { when: formatRelative(task.completed_at) })
                      : t('tasks.createdAt', { when: formatRelative(task.created_at) })}
                  </span>
                )}
              </span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

/** Rows of tasks that are on their way. */
export function TaskListSkeleton({ rows }: { rows: number }) {
  return (
    <Delayed>
      <ul>
        {Array.from({ length: rows }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: bars have no identity
          <li key={i}>
            <div className={styles.row}>
              <Skeleton width={16} height={16} />
              <span className={styles.title}>
                <Skeleton width={i % 2 ? 148 : 180} />
              </span>
              <span className={styles.about}>
                <Skeleton width={i % 2 ? 200 : 164} />
              </span>
              <Skeleton width={56} />
            </div>
          </li>
        ))}
      </ul>
    </Delayed>
  );
}
