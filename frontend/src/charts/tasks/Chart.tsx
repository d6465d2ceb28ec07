import { Link } from 'react-router';
import { cx, Icon } from '@/kit';
import { formatDay } from '@/locales/format';
import type { ChartProps } from '../define';
import styles from './tasks.module.css';

/** Tasks that wait for the reader, or that the reader gave out. */
export function Chart({ config, data, host }: ChartProps) {
  const tasks = (data.tasks ?? []).slice(0, Number(config.limit ?? 10));
  return (
    <ul className={styles.list}>
      {tasks.map((task) => (
        <li key={task.id}>
          <Link className={styles.row} to={host.taskPath?.(task) ?? '.'}>
            <Icon
              name={task.priority === 'urgent' || task.priority === 'high' ? 'flag' : 'todo'}
              className={styles.icon}
            />
            <span className={styles.title}>{task.title}</span>
            {task.due && (
              <span className={cx(styles.due, task.due < new Date().toISOString() && styles.late)}>
                {formatDay(task.due)}
              </span>
            )}
          </Link>
        </li>
      ))}
    </ul>
  );
}
