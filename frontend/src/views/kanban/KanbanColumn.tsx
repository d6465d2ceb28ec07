import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element';
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { queryRecords } from '@/api/queries/records';
import type { RecordData, RuntimeField } from '@/api/types';
import { choicesOf, fieldOf } from '@/fields';
import { Button, cx, IconButton, Skeleton } from '@/kit';
import { t } from '@/locales';
import { formatNumber } from '@/locales/format';
import { textOf } from '@/locales/text';
import type { ViewProps } from '../define';
import { groupFilter } from '../grid/rows';
import { BlockCache } from '../shared/block-cache';
import { allOf } from '../shared/where';
import { type BoardColumn, keyOf } from './columns';
import { KanbanCard } from './KanbanCard';
import styles from './kanban.module.css';

const pageSize = 30;

export interface KanbanColumnProps extends ViewProps {
  column: BoardColumn;
  columns: BoardColumn[];
  field: RuntimeField;
  sumField: RuntimeField | undefined;
  color: RuntimeField | undefined;
  cards: RuntimeField[];
  /** Keys to fetch. */
  fields: string[];
  title: string;
  titleOf: (column: BoardColumn) => string;
  moves: ReadonlyMap<string, string>;
  /** Another number: a move has been saved. */
  settled: number;
  onMove?: (id: string, to: BoardColumn) => void;
  onArrived: (ids: string[]) => void;
}

/** One column: its value, how many, their sum; cards are fetched as one scrolls. */
export function KanbanColumn(props: KanbanColumnProps) {
  const {
    app,
    entity,
    store,
    ctx,
    query,
    column,
    columns,
    field,
    sumField,
    color,
    cards,
    fields,
    title,
    titleOf,
    moves,
    settled,
    revision,
    openId,
    onOpen,
    onCreate,
    onMove,
    onArrived,
  } = props;
  const [folded, setFolded] = useState(false);
  const [over, setOver] = useState(false);
  const [shown, setShown] = useState(pageSize);
  const [near, setNear] = useState(false);
  const frame = useRef<HTMLLIElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const end = useRef<HTMLDivElement>(null);
  const filter = allOf(query.filter, groupFilter(field, column.value));
  const sort = JSON.stringify(query.sort);

  const cache = useMemo(
    () =>
      new BlockCache(
        store,
        (request, signal) =>
          queryRecords(
            { app, entity: entity.key },
            {
              ...request,
              filter,
              fields,
              ...(query.search ? { search: query.search } : {}),
              ...(sort !== '[]' ? { sort: JSON.parse(sort) } : {}),
            },
            signal,
          ),
        { size: pageSize },
      ),
    [store, app, entity.key, filter, fields, query.search, sort],
  );
  useSyncExternalStore(cache.subscribe, cache.version);
  useEffect(() => () => cache.close(), [cache]);
  useEffect(() => {
    if (near && !folded) cache.want(0, shown);
  }, [cache, near, folded, shown]);
  const first = useRef({ settled, revision });
  useEffect(() => {
    if (first.current.settled === settled && first.current.revision === revision) return;
    first.current = { settled, revision };
    void cache.reload().then(() => onArrived(cache.ids()));
  }, [cache, settled, revision, onArrived]);

  // Columns out of sight fetch nothing.
  useEffect(() => {
    const element = frame.current;
    if (!element || near) return;
    if (typeof IntersectionObserver === 'undefined') {
      setNear(true);
      return;
    }
    const observer = new IntersectionObserver((entries) => entries.some((e) => e.isIntersecting) && setNear(true), {
      rootMargin: '0px 320px',
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [near]);
  useEffect(() => {
    const element = end.current;
    if (!element || typeof IntersectionObserver === 'undefined') return;
    const observer = new IntersectionObserver(
      (entries) => entries.some((e) => e.isIntersecting) && setShown((n) => n + pageSize),
      { root: list.current, rootMargin: '240px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  });

  useEffect(() => {
    const element = frame.current;
    if (!element || !onMove) return;
    const scroll = list.current;
    return combine(
      dropTargetForElements({
        element,
        canDrop: ({ source }) => source.data.kind === 'card',
        getData: () => ({ column: column.key }),
        onDragEnter: ({ source }) => setOver(source.data.from !== column.key),
        onDragLeave: () => setOver(false),
        onDrop: ({ source }) => {
          setOver(false);
          onMove(String(source.data.id), column);
        },
      }),
      ...(scroll ? [autoScrollForElements({ element: scroll })] : []),
    );
  }, [column, onMove]);

  const here: RecordData[] = [];
  const ids = cache.ids();
  for (const [id, to] of moves) {
    const record = to === column.key && !ids.includes(id) ? store.get(id) : undefined;
    if (record) here.push(record);
  }
  for (const id of ids) {
    const record = store.get(id);
    if (record && keyOf(record[field.key]) === column.key) here.push(record);
  }
  const total = cache.total ?? column.count;
  const { Cell } = fieldOf(field.type);
  const value = column.value;
  const sum = sumField && column.sum !== null ? fieldOf(sumField.type).format(column.sum as never, sumField, ctx) : '';

  if (folded) {
    return (
      <li ref={frame} className={styles.folded}>
        <button
          type="button"
          className={styles.unfold}
          title={t('list.expand', { name: title })}
          onClick={() => setFolded(false)}
        >
          <span className={styles.foldedName}>{title}</span>
          <span className={styles.count}>{formatNumber(column.count)}</span>
        </button>
      </li>
    );
  }
  return (
    <li ref={frame} className={cx(styles.column, over && styles.over)} aria-label={title}>
      <header className={styles.head}>
        <span className={styles.name}>
          {value === null ? (
            <span className={styles.blank}>{title}</span>
          ) : field.kind === 'bool' ? (
            title
          ) : (
            <Cell value={value as never} field={field} ctx={ctx} variant="card" />
          )}
        </span>
        <span className={styles.count}>{formatNumber(column.count)}</span>
        <span className={styles.sum} title={sum && `${textOf(sumField?.name)} ${t('grid.footer.sum')} ${sum}`}>
          {sum}
        </span>
        <span className={styles.tools}>
          {onCreate && field.writable && (
            <IconButton
              icon="plus"
              size="sm"
              label={t('list.quickAdd', { name: title })}
              onClick={() => onCreate(value === null ? {} : { [field.key]: value })}
            />
          )}
          <IconButton icon="minimize" size="sm" label={t('list.collapse')} onClick={() => setFolded(true)} />
        </span>
      </header>
      <div ref={list} className={styles.cards}>
        {cache.error ? (
          <div className={styles.failed} role="alert">
            <p>{t('grid.loadFailed')}</p>
            <Button size="sm" onClick={() => cache.retry()}>
              {t('common.retry')}
            </Button>
          </div>
        ) : (
          here.map((record) => (
            <KanbanCard
              key={record.id}
              record={record}
              cards={cards}
              ctx={ctx}
              from={column.key}
              open={record.id === openId}
              hue={color && choicesOf(color).find((c) => c.key === record[color.key])?.hue}
              targets={columns}
              titleOf={titleOf}
              onOpen={onOpen}
              onMove={onMove}
            />
          ))
        )}
        {cache.total === null &&
          !cache.error &&
          column.count > 0 &&
          [0, 1, 2].slice(0, column.count).map((i) => <Skeleton key={i} height={72} width="100%" />)}
        {here.length === 0 && column.count === 0 && <p className={styles.none}>{t('list.columnEmpty')}</p>}
        {here.length < total && cache.total !== null && <div ref={end} className={styles.end} />}
      </div>
    </li>
  );
}
