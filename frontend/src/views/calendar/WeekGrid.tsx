import { useLayoutEffect, useRef } from 'react';
import { cx } from '@/kit';
import { t } from '@/locales';
import { formatDate } from '@/locales/format';
import { CalendarItem } from './CalendarItem';
import styles from './calendar.module.css';
import { DayCell } from './DayCell';
import { daySlots, minuteOf, weekBars } from './days';
import { type CalendarGridProps, timeText, weekdays } from './MonthGrid';

const hourHeight = 44;
const snap = 30;

/** A week: days on top, hours below where the field knows the time. */
export function WeekGrid({
  days,
  today,
  spans,
  start,
  end,
  cards,
  ctx,
  openId,
  hueOf,
  label,
  ...actions
}: CalendarGridProps) {
  const { onMove, onCreate } = actions;
  const hours = start.kind === 'time';
  const scroller = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (hours) scroller.current?.scrollTo({ top: 8 * hourHeight - 8 });
  }, [hours]);
  // What lasts longer than its day, and what has no time, stands above the hours.
  const long = hours ? spans.filter((s) => s.from !== s.to) : spans;
  const bars = weekBars(long, days);
  const lanes = Math.max(hours ? 1 : 3, ...bars.map((b) => b.lane + 1));
  const minuteAt = (y: number) =>
    Math.max(0, Math.min(24 * 60 - snap, Math.round((y / hourHeight) * (60 / snap)) * snap));
  const names = weekdays();
  return (
    <section className={styles.weekView} aria-label={label}>
      <div className={styles.weekHead}>
        {hours && <span className={styles.gutter} />}
        {days.map((one, i) => (
          <span key={one} className={styles.weekDay}>
            {names[i]} <span className={cx(styles.date, one === today && styles.today)}>{Number(one.slice(8))}</span>
          </span>
        ))}
      </div>
      <div
        className={cx(styles.allDay, !hours && styles.fullDay)}
        style={hours ? { height: lanes * 26 + 8 } : undefined}
      >
        {hours && <span className={styles.gutter}>{t('list.allDay')}</span>}
        <div className={styles.allDayDays} style={hours ? undefined : { minHeight: lanes * 52 + 40 }}>
          {days.map((one, i) => (
            <DayCell
              key={one}
              className={cx(styles.column, i >= 5 && styles.weekend)}
              label={t('list.onDay', {
                date: formatDate(one),
                n: bars.filter((b) => b.column <= i && b.column + b.length > i).length,
              })}
              onDrop={onMove && ((id) => onMove(id, one))}
              onPress={!hours && onCreate ? () => onCreate(one) : undefined}
            />
          ))}
          {bars.map((b) => (
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
              tall={!hours}
              style={{
                position: 'absolute',
                top: 4 + b.lane * (hours ? 26 : 52),
                left: `calc(${(b.column / 7) * 100}% + 4px)`,
                width: `calc(${(b.length / 7) * 100}% - 8px)`,
              }}
              {...actions}
            />
          ))}
        </div>
      </div>
      {hours && (
        <div ref={scroller} className={styles.hours}>
          <div className={styles.hourNames} style={{ height: 24 * hourHeight }}>
            {Array.from({ length: 23 }, (_, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: hours are their numbers
              <span key={i} className={styles.hourName} style={{ top: (i + 1) * hourHeight - 8 }}>
                {String(i + 1).padStart(2, '0')}:00
              </span>
            ))}
          </div>
          {days.map((one, i) => {
            const slots = daySlots(
              spans
                .filter((s) => s.from === one && s.to === one)
                .map(({ record }) => {
                  const from = minuteOf(record[start.key], start) ?? 0;
                  const until = end ? minuteOf(record[end.key], end) : null;
                  return { record, from, to: Math.max(until ?? from + 60, from + 30) };
                }),
            );
            return (
              <DayCell
                key={one}
                className={cx(styles.hourColumn, i >= 5 && styles.weekend)}
                label={t('list.onDay', { date: formatDate(one), n: slots.length })}
                onDrop={onMove && ((id, y) => onMove(id, one, minuteAt(y)))}
                onPress={onCreate && ((y) => onCreate(one, Math.floor(minuteAt(y) / snap) * snap))}
              >
                <div style={{ position: 'relative', height: 24 * hourHeight }}>
                  {slots.map((s) => (
                    <CalendarItem
                      key={s.record.id}
                      record={s.record}
                      cards={cards}
                      ctx={ctx}
                      hue={hueOf(s.record)}
                      time={timeText(s.record, start)}
                      open={s.record.id === openId}
                      tall
                      style={{
                        position: 'absolute',
                        top: (s.from / 60) * hourHeight + 1,
                        height: ((Math.min(s.to, 1440) - s.from) / 60) * hourHeight - 2,
                        left: `calc(${(s.column / s.columns) * 100}% + 2px)`,
                        width: `calc(${100 / s.columns}% - 4px)`,
                      }}
                      {...actions}
                    />
                  ))}
                </div>
              </DayCell>
            );
          })}
        </div>
      )}
    </section>
  );
}
