import type { RecordData, RuntimeField } from '@/api/types';
import { fieldOf, isEmpty } from '@/fields';
import { t } from '@/locales';
import { civilDate, formatDay, formatTime } from '@/locales/format';
import type { ChartProps } from '../define';
import { fieldNamed } from '../shared/values';
import styles from './agenda.module.css';

export interface CalendarListConfig {
  entity: string;
  date_field: string;
  title_field?: string;
  columns?: string[];
}

/** Records under the day they are on. */
export function Chart({ config, data, host }: ChartProps<CalendarListConfig>) {
  const query = data.queries.main;
  const entity = query && host.entity(query.entity);
  const date = fieldNamed(entity, config.date_field);
  if (!query || !entity || !date) return null;
  const title = fieldNamed(entity, config.title_field);
  const columns = (config.columns ?? [])
    .map((c) => fieldNamed(entity, c))
    .filter((f): f is RuntimeField => !!f?.readable);
  const days = new Map<string, RecordData[]>();
  for (const record of query.records ?? []) {
    const value = record[date.key];
    const day = typeof value !== 'string' ? '' : date.kind === 'time' ? civilDate(new Date(value)) : value;
    days.set(day, [...(days.get(day) ?? []), record]);
  }
  return (
    <div className={styles.agenda}>
      {[...days].map(([day, records]) => (
        <section key={day} className={styles.day}>
          <h3 className={styles.date}>{day ? formatDay(day) : t('board.blank')}</h3>
          <ul className={styles.list}>
            {records.map((record) => (
              <li key={record.id} className={styles.item}>
                <button type="button" className={styles.row} onClick={() => host.openRecord?.(entity.key, record.id)}>
                  {date.kind === 'time' && typeof record[date.key] === 'string' && (
                    <span className={styles.time}>{formatTime(String(record[date.key]))}</span>
                  )}
                  <span className={styles.title}>
                    {title ? fieldOf(title.type).format(record[title.key], title, host.ctx) : record._title}
                  </span>
                  {columns
                    .filter((f) => !isEmpty(record[f.key]))
                    .map((f) => {
                      const { Cell } = fieldOf(f.type);
                      return (
                        <span key={f.key} className={styles.fact}>
                          <Cell value={record[f.key]} field={f} ctx={host.ctx} record={record.id} variant="card" />
                        </span>
                      );
                    })}
                </button>
                {!!data.actions?.length && host.actions?.(entity, record, data.actions)}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
