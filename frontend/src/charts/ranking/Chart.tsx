import { Avatar, cx } from '@/kit';
import type { ChartProps } from '../define';
import { drillOf, partOf, type SeriesConfig } from '../shared/drill';
import { fieldNamed, groupLabel, measureText } from '../shared/values';
import styles from './ranking.module.css';

/** Names from highest to lowest. */
export function Chart({ config, data, host }: ChartProps<SeriesConfig>) {
  const query = data.queries.main;
  const entity = query && host.entity(query.entity);
  const group = query?.groups?.[0];
  const measure = query?.measures?.[0];
  if (!query || !group || !measure) return null;
  const rows = query.rows ?? [];
  const most = Math.max(0, ...rows.map((r) => Number(r[measure.as] ?? 0)));
  const people = fieldNamed(entity, group.field)?.type === 'member' || group.field === 'owner';
  return (
    <ol className={styles.list}>
      {rows.map((row, i) => {
        const name = groupLabel(row[group.as] ?? null, group, entity, host);
        const value = Number(row[measure.as] ?? 0);
        const inner = (
          <>
            <span className={cx(styles.place, i < 3 && styles.top)}>{i + 1}</span>
            {people && <Avatar name={name} size={20} />}
            <span className={styles.name}>{name}</span>
            <span className={styles.track}>
              <span className={styles.bar} style={{ width: `${most > 0 ? Math.max(1, (value / most) * 100) : 0}%` }} />
            </span>
            <span className={styles.value}>{measureText(row[measure.as], measure, entity)}</span>
          </>
        );
        return (
          <li key={String(row[group.as])}>
            {host.drill ? (
              <button
                type="button"
                className={styles.row}
                onClick={() => host.drill?.(drillOf(config, [partOf(group, row)]))}
              >
                {inner}
              </button>
            ) : (
              <span className={styles.row}>{inner}</span>
            )}
          </li>
        );
      })}
    </ol>
  );
}
