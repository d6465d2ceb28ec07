import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { keys } from '@/api/keys';
import { queryRecords } from '@/api/queries/records';
import type { RecordData, RuntimeField } from '@/api/types';
import { choicesOf } from '@/fields';
import { Button, Drawer, EmptyState, ErrorState, IconButton, Notice, Segmented, Spinner, toast, usePhone } from '@/kit';
import { locale, t } from '@/locales';
import { civilDate, formatDate } from '@/locales/format';
import type { ViewProps } from '../define';
import { isDateField } from '../shared/Settings';
import { sayProblem } from '../shared/say';
import { allFields, findField } from '../shared/system';
import { allOf, literal } from '../shared/where';
import styles from './calendar.module.css';
import { addDays, addMonths, dayOf, daysBetween, movedTo, pageDays, spansOf } from './days';
import { MonthGrid } from './MonthGrid';
import { PhoneMonth } from './PhoneMonth';
import { ScheduleDialog } from './ScheduleDialog';
import { Unscheduled } from './Unscheduled';
import { WeekGrid } from './WeekGrid';

/** As many as one page can ask for, twice. */
const pageLimit = 500;
const limit = 1000;

export interface CalendarActions {
  onOpen: (id: string) => void;
  /** Moves a record to a day, and to a minute of it; null takes its date away. */
  onMove?: (id: string, day: string | null, minute?: number) => void;
  onCreate?: (day: string, minute?: number) => void;
  /** Asks for the day: the way without dragging. */
  onSchedule?: (record: RecordData) => void;
}

/** Records on the days of a month or week; dragging one changes its date. */
export function CalendarView(props: ViewProps) {
  const { app, entity, config, query, store, edits, ctx, revision, openId, onOpen, onCreate, onTotal, walk, label } =
    props;
  const phone = usePhone();
  const start = useMemo(() => {
    const named = findField(entity, config.start);
    return named && isDateField(named) ? named : allFields(entity).find(isDateField);
  }, [entity, config.start]);
  const end = useMemo(() => {
    const named = findField(entity, config.end);
    return named && isDateField(named) ? named : undefined;
  }, [entity, config.end]);
  const color = useMemo(() => findField(entity, config.color_by), [entity, config.color_by]);
  const cards = useMemo(
    () => (config.cards ?? []).map((id) => findField(entity, id)).filter((f): f is RuntimeField => !!f?.readable),
    [entity, config.cards],
  );
  const fields = useMemo(
    () => [...new Set([start, end, color, ...cards].filter((f) => f !== undefined).map((f) => f.key))],
    [start, end, color, cards],
  );
  useEffect(() => {
    edits.fields = fields;
  }, [edits, fields]);
  useSyncExternalStore(store.subscribe, store.version);

  const today = civilDate(new Date());
  const [day, setDay] = useState(today);
  const [mode, setMode] = useState<'month' | 'week'>('month');
  const [trayOn, setTrayOn] = useState(() => localStorage.getItem('tenon.calendar.tray') !== 'closed');
  const [sheetOn, setSheetOn] = useState(false);
  const [scheduling, setScheduling] = useState<RecordData | null>(null);
  const days = useMemo(() => pageDays(day, mode), [day, mode]);
  const first = days[0] as string;
  const last = days.at(-1) as string;

  // A day more on either side: the server's days may begin at other moments than the reader's.
  const inSight = useMemo(() => {
    if (!start) return '';
    const from = literal(addDays(first, -1));
    const to = literal(addDays(last, start.kind === 'time' ? 2 : 1));
    const begins = `(${start.key} >= ${from} and ${start.key} <= ${to})`;
    return end ? `(${begins} or (${start.key} <= ${to} and ${end.key} >= ${from}))` : begins;
  }, [start, end, first, last]);
  const filter = allOf(query.filter, inSight);
  const found = useQuery<{ ids: string[]; more: boolean }>({
    queryKey: [...keys.entity(app, entity.key), 'calendar', filter, query.search, fields],
    enabled: !!start,
    staleTime: 0,
    placeholderData: (previous) => previous,
    queryFn: async ({ signal }) => {
      const ids: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await queryRecords(
          { app, entity: entity.key },
          {
            filter,
            fields,
            limit: pageLimit,
            count: 'none',
            sort: start ? [{ field: start.id }] : [],
            ...(cursor ? { cursor } : {}),
            ...(query.search ? { search: query.search } : {}),
          },
          signal,
        );
        store.put(page);
        ids.push(...page.records.map((r) => r.id));
        cursor = page.next_cursor ?? undefined;
      } while (cursor && ids.length < limit);
      return { ids, more: !!cursor };
    },
  });
  const seen = useRef(revision);
  const refetch = found.refetch;
  useEffect(() => {
    if (seen.current === revision) return;
    seen.current = revision;
    void refetch();
  }, [revision, refetch]);
  useEffect(() => {
    walk.current = null;
  }, [walk]);

  // Records that were dragged here from the tray are shown before the next answer names them.
  const [added, setAdded] = useState<string[]>([]);
  const records = [...new Set([...(found.data?.ids ?? []), ...added])]
    .map(store.get)
    .filter((r): r is RecordData => r !== undefined);
  const spans = start ? spansOf(records, start, end) : [];
  const visible = spans.filter((s) => s.from <= last && s.to >= first).length;
  useEffect(() => onTotal(found.data ? visible : null), [onTotal, found.data, visible]);

  const mayMove = !!start?.writable && entity.ops.includes('update');
  const move = useCallback(
    async (id: string, to: string | null, minute?: number) => {
      const record = store.get(id);
      if (!start || !record) return;
      const old = dayOf(record[start.key], start);
      const values: Record<string, unknown> = {
        [start.key]: to === null ? null : movedTo(record[start.key], start, to, minute),
      };
      // A span keeps its length.
      if (end?.writable && record[end.key]) {
        const until = dayOf(record[end.key], end);
        if (to === null) values[end.key] = null;
        else if (old && until) values[end.key] = movedTo(record[end.key], end, addDays(until, daysBetween(old, to)));
      }
      if (values[start.key] === record[start.key]) return;
      setAdded((list) => [...list.filter((x) => x !== id), id]);
      const result = await edits.set([{ id, values }]);
      const title = record._title ?? '';
      if (result.problem) {
        for (const key of Object.keys(values)) edits.discard(id, key);
        toast(
          t('list.notMoved', {
            title,
            text: result.problem.errors[0]?.message ?? (result.problem.detail || result.problem.title),
          }),
          { tone: 'danger' },
        );
        return;
      }
      toast(t('list.moved', { title, to: to === null ? t('list.unscheduled') : formatDate(to) }), {
        tone: 'success',
        action: { label: t('common.undo'), run: () => void edits.undo().then(() => refetch(), sayProblem) },
      });
    },
    [start, end, store, edits, refetch],
  );

  if (!start) return <EmptyState icon="calendar" title={t('list.chooseCalendar')} />;
  if (found.isError && !found.data) return <ErrorState error={found.error} onRetry={() => found.refetch()} />;

  const go = (by: number) => setDay(mode === 'week' ? addDays(day, by * 7) : addMonths(day, by));
  const midnight = (on: string) => new Date(`${on}T00:00:00Z`);
  // A phone has the days of the week below its heading.
  const heading =
    mode === 'week' && !phone
      ? new Intl.DateTimeFormat(locale(), {
          timeZone: 'UTC',
          year: 'numeric',
          month: 'short',
          day: 'numeric',
        }).formatRange(midnight(first), midnight(last))
      : new Intl.DateTimeFormat(locale(), {
          timeZone: 'UTC',
          year: 'numeric',
          month: phone ? 'short' : 'long',
        }).format(midnight(day));
  const hueOf = (record: RecordData) =>
    (color ? choicesOf(color).find((c) => c.key === record[color.key])?.hue : undefined) ?? 'gray';
  const actions: CalendarActions = {
    onOpen,
    onMove: mayMove ? (id, to, minute) => void move(id, to, minute) : undefined,
    onCreate:
      onCreate && start.writable
        ? (on, minute) => onCreate({ [start.key]: movedTo(null, start, on, minute) })
        : undefined,
    onSchedule: mayMove ? setScheduling : undefined,
  };
  const shared = { days, day, today, spans, start, end, cards, ctx, openId, hueOf, ...actions };
  const tray = trayOn && !phone;
  const toggleTray = () => {
    localStorage.setItem('tenon.calendar.tray', trayOn ? 'closed' : 'open');
    setTrayOn(!trayOn);
  };

  return (
    <div className={styles.view}>
      <header className={styles.head}>
        <IconButton
          icon="chevron-left"
          size="sm"
          label={mode === 'week' ? t('list.previousWeek') : t('list.previousMonth')}
          onClick={() => go(-1)}
        />
        <IconButton
          icon="chevron-right"
          size="sm"
          label={mode === 'week' ? t('list.nextWeek') : t('list.nextMonth')}
          onClick={() => go(1)}
        />
        <Button size="sm" onClick={() => setDay(today)}>
          {t('list.today')}
        </Button>
        <h2 className={styles.heading}>{heading}</h2>
        {found.isFetching && <Spinner size={14} />}
        <span className={styles.grow} />
        <Segmented
          size="sm"
          aria-label={t('list.month')}
          value={mode}
          onChange={setMode}
          options={[
            { value: 'month', label: t('list.month') },
            { value: 'week', label: t('list.week') },
          ]}
        />
        {!phone && (
          <Button
            size="sm"
            variant="plain"
            icon="inbox"
            className={styles.trayButton}
            active={tray}
            aria-pressed={tray}
            onClick={toggleTray}
          >
            {t('list.unscheduled')}
          </Button>
        )}
      </header>
      {found.data?.more && (
        <div className={styles.notice}>
          <Notice tone="warning">{t('list.tooMany', { n: limit })}</Notice>
        </div>
      )}
      <div className={styles.body}>
        {phone ? (
          <PhoneMonth {...shared} onDay={setDay} onUnscheduled={() => setSheetOn(true)} label={label} />
        ) : mode === 'month' ? (
          <MonthGrid {...shared} label={label} />
        ) : (
          <WeekGrid {...shared} label={label} />
        )}
        {tray && <Unscheduled {...props} start={start} fields={fields} cards={cards} {...actions} />}
      </div>
      <Drawer opened={phone && sheetOn} onClose={() => setSheetOn(false)} title={t('list.unscheduled')} flush>
        <Unscheduled
          {...props}
          start={start}
          fields={fields}
          cards={cards}
          sheet
          onOpen={(id) => {
            setSheetOn(false);
            onOpen(id);
          }}
          onSchedule={
            actions.onSchedule &&
            ((record) => {
              setSheetOn(false);
              setScheduling(record);
            })
          }
        />
      </Drawer>
      {scheduling && (
        <ScheduleDialog
          record={scheduling}
          day={dayOf(store.get(scheduling.id)?.[start.key], start) ?? (phone ? day : null)}
          ctx={ctx}
          onClose={() => setScheduling(null)}
          onSave={(to) => {
            setScheduling(null);
            void move(scheduling.id, to);
          }}
        />
      )}
    </div>
  );
}
