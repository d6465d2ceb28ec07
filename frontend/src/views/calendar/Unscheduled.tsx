import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { queryRecords } from '@/api/queries/records';
import type { RuntimeField } from '@/api/types';
import { isEmpty } from '@/fields';
import { Button, cx, IconButton, SkeletonText } from '@/kit';
import { t } from '@/locales';
import { formatNumber } from '@/locales/format';
import type { ViewProps } from '../define';
import { BlockCache } from '../shared/block-cache';
import { allOf } from '../shared/where';
import { CalendarItem } from './CalendarItem';
import type { CalendarActions } from './CalendarView';
import styles from './calendar.module.css';

const pageSize = 50;

/**
 * Records without a date: dragged onto a day they get one, dragged here they lose it.
 * In the sheet of a phone a button beside each asks for its day.
 */
export function Unscheduled({
  app,
  entity,
  store,
  ctx,
  query,
  revision,
  openId,
  start,
  fields,
  cards,
  sheet,
  onOpen,
  onMove,
  onSchedule,
}: Pick<ViewProps, 'app' | 'entity' | 'store' | 'ctx' | 'query' | 'revision' | 'openId'> &
  Omit<CalendarActions, 'onCreate'> & {
    start: RuntimeField;
    fields: string[];
    cards: RuntimeField[];
    sheet?: boolean;
  }) {
  const filter = allOf(query.filter, `${start.key} == nil`);
  const [shown, setShown] = useState(pageSize);
  const [over, setOver] = useState(false);
  const frame = useRef<HTMLElement>(null);
  const cache = useMemo(
    () =>
      new BlockCache(
        store,
        (request, signal) =>
          queryRecords(
            { app, entity: entity.key },
            { ...request, filter, fields, ...(query.search ? { search: query.search } : {}) },
            signal,
          ),
        { size: pageSize },
      ),
    [store, app, entity.key, filter, fields, query.search],
  );
  useSyncExternalStore(cache.subscribe, cache.version);
  useEffect(() => {
    cache.want(0, shown);
    return () => cache.close();
  }, [cache, shown]);
  const seen = useRef(revision);
  useEffect(() => {
    if (seen.current === revision) return;
    seen.current = revision;
    void cache.reload();
  }, [cache, revision]);
  useEffect(() => {
    const element = frame.current;
    if (!element || !onMove) return;
    return dropTargetForElements({
      element,
      canDrop: ({ source }) => source.data.kind === 'event',
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: ({ source }) => {
        setOver(false);
        onMove(String(source.data.id), null);
      },
    });
  }, [onMove]);
  const records = cache
    .ids()
    .map(store.get)
    .filter((r) => r !== undefined && isEmpty(r[start.key]));
  return (
    <aside
      ref={frame}
      className={cx(sheet ? styles.sheet : styles.tray, over && styles.over)}
      aria-label={t('list.unscheduled')}
    >
      {!sheet && (
        <header className={styles.trayHead}>
          <span>{t('list.unscheduled')}</span>
          {cache.total !== null && <span className={styles.quiet}>{formatNumber(cache.total)}</span>}
        </header>
      )}
      {onMove && <p className={styles.trayHelp}>{t('list.unscheduledHelp')}</p>}
      <div className={styles.trayList}>
        {cache.total === null && !cache.error && <SkeletonText lines={4} />}
        {cache.error ? (
          <Button size="sm" onClick={() => cache.retry()}>
            {t('common.retry')}
          </Button>
        ) : null}
        {records.map(
          (record) =>
            record && (
              <div key={record.id} className={styles.trayItem}>
                <CalendarItem
                  record={record}
                  cards={cards}
                  ctx={ctx}
                  hue="gray"
                  open={record.id === openId}
                  loose
                  onOpen={onOpen}
                  onMove={onMove}
                  onSchedule={onSchedule}
                />
                {sheet && onSchedule && (
                  <IconButton
                    icon="calendar"
                    label={`${t('list.scheduleOn')} ${record._title ?? ''}`.trim()}
                    onClick={() => onSchedule(record)}
                  />
                )}
              </div>
            ),
        )}
        {cache.total === 0 && <p className={styles.quiet}>{t('list.unscheduledNone')}</p>}
        {cache.total !== null && shown < cache.total && (
          <Button size="sm" variant="plain" onClick={() => setShown(shown + pageSize)}>
            {t('common.showMore')}
          </Button>
        )}
      </div>
    </aside>
  );
}
