import { useLayoutEffect, useRef, useState } from 'react';
import type { RecordData, RuntimeField } from '@/api/types';
import type { FieldContext } from '@/fields';
import { cx, Icon, Popover } from '@/kit';
import { locale, t } from '@/locales';
import { formatDate, formatTime } from '@/locales/format';
import { CalendarItem } from './CalendarItem';
import type { CalendarActions } from './CalendarView';
import styles from './calendar.module.css';
import { DayCell } from './DayCell';
import { type Span, weekBars } from './days';

export interface CalendarGridProps extends CalendarActions {
  days: string[];
  /** The day that the page is about. */
  day: string;
  today: string;
  spans: Span[];
  start: RuntimeField;
  end: RuntimeField | undefined;
  cards: RuntimeField[];
  ctx: FieldContext;
  openId: string | null;
  hueOf: (record: RecordData) => string;
  label: string;
}

const headHeight = 28;
const lineHeight = 24;

/** The names of the days of the week, Monday first. */
export function weekdays(form: 'short' | 'narrow' = 'short'): string[] {
  const format = new Intl.DateTimeFormat(locale(), { timeZone: 'UTC', weekday: form });
  return Array.from({ length: 7 }, (_, i) => format.format(new Date(Date.UTC(2026, 10, 16 + i))));
}

export const timeText = (record: RecordData, field: RuntimeField): string | undefined =>
  field.kind === 'time' && typeof record[field.key] === 'string' ? formatTime(record[field.key] as string) : undefined;

/** A month in weeks; what does not fit on a day is listed on demand. */
export function MonthGrid({
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
  ...actions
}: CalendarGridProps) {
  const body = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(3);
  const weeks = Array.from({ length: days.length / 7 }, (_, i) => days.slice(i * 7, i * 7 + 7));
  useLayoutEffect(() => {
    const element = body.current;
    if (!element) return;
    const measure = () =>
      // A line above the week takes a pixel; the last one needs no gap below it.
      setRoom(Math.max(1, Math.floor((element.clientHeight / weeks.length - headHeight + 1) / lineHeight)));
    measure();
    const observer = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(measure);
    observer?.observe(element);
    return () => observer?.disconnect();
  }, [weeks.length]);
  const month = day.slice(0, 7);
  const { onMove, onCreate } = actions;
  return (
    <section className={styles.month} aria-label={label}>
      <div className={styles.weekdays}>
        {weekdays().map((name) => (
          <span key={name} className={styles.weekday}>
            {name}
          </span>
        ))}
      </div>
      <div ref={body} className={styles.weeks}>
        {weeks.map((week) => {
          const bars = weekBars(spans, week);
          // The last line tells how many more there are.
          const hidden = week.map(
            (_, c) => bars.filter((b) => b.column <= c && b.column + b.length > c && b.lane >= room).length,
          );
          const limit = (c: number) => (hidden[c] ? room - 1 : room);
          const shown = bars.filter(
            (b) => b.lane < Math.min(...week.slice(b.column, b.column + b.length).map((_, i) => limit(b.column + i))),
          );
          return (
            <div key={week[0]} className={styles.week}>
              {week.map((one, c) => {
                const here = bars.filter((b) => b.column <= c && b.column + b.length > c);
                const more = here.length - shown.filter((b) => b.column <= c && b.column + b.length > c).length;
                return (
                  <DayCell
                    key={one}
                    className={cx(styles.day, !one.startsWith(month) && styles.outside, c >= 5 && styles.weekend)}
                    label={t('list.onDay', { date: formatDate(one), n: here.length })}
                    onDrop={onMove && ((id) => onMove(id, one))}
                  >
                    <span className={styles.dayHead}>
                      <span className={cx(styles.date, one === today && styles.today)}>{Number(one.slice(8))}</span>
                      {onCreate && (
                        <button
                          type="button"
                          className={styles.add}
                          aria-label={t('list.addOn', { date: formatDate(one) })}
                          title={t('list.addOn', { date: formatDate(one) })}
                          onClick={() => onCreate(one)}
                        >
                          <Icon name="plus" size={14} />
                        </button>
                      )}
                    </span>
                    {more > 0 && (
                      <span className={styles.more} style={{ top: headHeight + (room - 1) * lineHeight }}>
                        <Popover
                          width={260}
                          label={formatDate(one)}
                          target={
                            <button type="button" className={styles.moreButton}>
                              {t('list.moreOnDay', { n: more })}
                            </button>
                          }
                        >
                          <div className={styles.dayList}>
                            <p className={styles.dayTitle}>{formatDate(one)}</p>
                            {here.map((b) => (
                              <CalendarItem
                                key={b.record.id}
                                record={b.record}
                                cards={[]}
                                ctx={ctx}
                                hue={hueOf(b.record)}
                                time={timeText(b.record, start)}
                                open={b.record.id === openId}
                                {...actions}
                              />
                            ))}
                          </div>
                        </Popover>
                      </span>
                    )}
                  </DayCell>
                );
              })}
              {shown.map((b) => (
                <CalendarItem
                  key={b.record.id}
                  record={b.record}
                  cards={cards}
                  ctx={ctx}
                  hue={hueOf(b.record)}
                  time={timeText(b.record, start)}
                  open={b.record.id === openId}
                  before={b.before}
                  after={b.after}
                  style={{
                    position: 'absolute',
                    top: headHeight + b.lane * lineHeight,
                    left: `calc(${(b.column / 7) * 100}% + 4px)`,
                    width: `calc(${(b.length / 7) * 100}% - 8px)`,
                  }}
                  {...actions}
                />
              ))}
            </div>
          );
        })}
      </div>
    </section>
  );
}
