import { Button, cx, Icon } from '@/kit';
import { t } from '@/locales';
import { formatDate } from '@/locales/format';
import { CalendarItem } from './CalendarItem';
import styles from './calendar.module.css';
import { type CalendarGridProps, timeText, weekdays } from './MonthGrid';

/** A small month or week to choose a day from, and the day's records below. */
export function PhoneMonth({
  days,
  day,
  today,
  spans,
  start,
  cards,
  ctx,
  openId,
  hueOf,
  label,
  onDay,
  onUnscheduled,
  ...actions
}: CalendarGridProps & { onDay: (day: string) => void; onUnscheduled: () => void }) {
  const on = (one: string) => spans.filter((s) => s.from <= one && s.to >= one);
  const here = on(day);
  const month = day.slice(0, 7);
  return (
    <div className={styles.phone}>
      <section className={styles.phoneGrid} aria-label={label}>
        {weekdays('narrow').map((name, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: days of the week are their places
          <span key={i} className={styles.weekday}>
            {name}
          </span>
        ))}
        {days.map((one) => {
          const some = on(one);
          return (
            <button
              key={one}
              type="button"
              aria-pressed={one === day}
              aria-label={t('list.onDay', { date: formatDate(one), n: some.length })}
              className={cx(
                styles.phoneDay,
                one === day && styles.phoneChosen,
                !one.startsWith(month) && styles.outside,
              )}
              onClick={() => onDay(one)}
            >
              <span className={cx(styles.date, one === today && styles.today)}>{Number(one.slice(8))}</span>
              <span className={styles.dots}>
                {some.slice(0, 3).map((s) => (
                  <i key={s.record.id} style={{ background: `var(--hue-${hueOf(s.record)}-solid)` }} />
                ))}
              </span>
            </button>
          );
        })}
      </section>
      <div className={styles.phoneList}>
        <div className={styles.phoneDayHead}>
          <p className={styles.dayTitle}>{t('list.onDay', { date: formatDate(day), n: here.length })}</p>
          <Button size="sm" variant="plain" icon="inbox" className={styles.phoneUnscheduled} onClick={onUnscheduled}>
            {t('list.unscheduled')}
          </Button>
        </div>
        {here.map((s) => (
          <CalendarItem
            key={s.record.id}
            record={s.record}
            cards={cards}
            ctx={ctx}
            hue={hueOf(s.record)}
            time={timeText(s.record, start)}
            open={s.record.id === openId}
            tall
            {...actions}
          />
        ))}
        {actions.onCreate && (
          <button type="button" className={styles.phoneAdd} onClick={() => actions.onCreate?.(day)}>
            <Icon name="plus" />
            {t('list.addOn', { date: formatDate(day) })}
          </button>
        )}
      </div>
    </div>
  );
}
