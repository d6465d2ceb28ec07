import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, type ReactNode, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import type { RecordData, RuntimeEntity, RuntimeField, ViewConfig } from '@/api/types';
import { type FieldContext, fieldOf, isEmpty } from '@/fields';
import { cx, ErrorState, Icon, Skeleton } from '@/kit';
import { t } from '@/locales';
import { formatNumber } from '@/locales/format';
import { textOf } from '@/locales/text';
import { shownColumns } from '@/views/grid/columns';
import { GroupValue } from '@/views/grid/GroupValue';
import { type GroupNode, makeRows, walkerOf } from '@/views/grid/rows';
import { useRows } from '@/views/grid/use-rows';
import { findField } from '@/views/shared/system';
import styles from './list.module.css';
import { useListState } from './use-list';

interface CardFields {
  subtitle: RuntimeField[];
  tags: RuntimeField[];
}

/** What a card shows besides the title: subtitle fields, and choices as tags. */
export function cardFields(entity: RuntimeEntity, config: ViewConfig): CardFields {
  const inTitle = (f: RuntimeField) => new RegExp(`\\{${f.key}\\}`).test(entity.title);
  const columns = shownColumns(entity, config)
    .map((c) => findField(entity, c.field))
    .filter((f): f is RuntimeField => !!f && !inTitle(f) && f.kind !== 'rows' && !f.traits.holds_file);
  const own = (entity.subtitle ?? [])
    .map((id) => findField(entity, id))
    .filter((f): f is RuntimeField => !!f?.readable && !inTitle(f));
  const isTag = (f: RuntimeField) => (f.choices?.length ?? 0) > 0;
  const tags = [...own, ...columns].filter((f, i, all) => isTag(f) && all.indexOf(f) === i).slice(0, 2);
  const words = own.length > 0 ? own : columns;
  return { tags, subtitle: words.filter((f) => !isTag(f)).slice(0, 3) };
}

/** Whether a value says nothing without the name of its field: a number that is no money, yes and no. */
function bare(f: RuntimeField): boolean {
  return !fieldOf(f.type).speaks && (f.kind === 'number' || f.kind === 'bool');
}

/** The list on a phone: one card per record. */
export function PhoneList({ empty }: { empty: ReactNode }) {
  const { appId, entity, config, query, store, ctx, open, walk, revision, setTotal, setSearch } = useListState();
  const fields = useMemo(() => cardFields(entity, config), [entity, config]);
  const groups = useMemo(
    () => (config.group ?? []).map((id) => findField(entity, id)).filter((f): f is RuntimeField => !!f?.readable),
    [entity, config.group],
  );
  const keys = useMemo(
    () => [...new Set([...fields.subtitle, ...fields.tags, ...groups].map((f) => f.key))],
    [fields, groups],
  );
  const ref = { app: appId, entity: entity.key };
  const { rows, waiting } = useRows(
    () =>
      makeRows(store, {
        ref,
        filter: query.filter,
        search: query.search,
        sort: query.sort,
        fields: keys,
        groups,
        footers: [],
      }),
    JSON.stringify([ref, query, keys, groups.map((f) => f.id)]),
  );
  useSyncExternalStore(store.subscribe, store.version);
  useEffect(() => setTotal(rows.total), [rows.total, setTotal]);
  useEffect(() => {
    walk.current = walkerOf(rows);
    return () => {
      walk.current = null;
    };
  }, [walk, rows]);
  const seen = useRef(revision);
  useEffect(() => {
    if (seen.current === revision) return;
    seen.current = revision;
    void rows.reload();
  }, [revision, rows]);

  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.total === null ? 12 : rows.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => 84,
    overscan: 4,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => rows.want(first, last + 1), [rows, first, last]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question starts at its beginning
  useEffect(() => {
    // Scrolling answers a promise in newer browsers, which is no clean-up.
    void scroller.current?.scrollTo({ top: 0 });
  }, [query.filter, query.search, setSearch]);

  if (rows.error && rows.total === null)
    return (
      <div className={styles.middle}>
        <ErrorState error={rows.error} onRetry={rows.retry} />
      </div>
    );
  if (rows.total === 0 && !waiting) return <div className={styles.middle}>{empty}</div>;
  return (
    <div ref={scroller} className={styles.phoneScroll} data-waiting={waiting || undefined}>
      <ul
        className={styles.cards}
        style={{ height: virtual.getTotalSize() }}
        aria-label={textOf(entity.name)}
        aria-busy={rows.total === null || undefined}
      >
        {items.map((item) => {
          const line = rows.line(item.index);
          if (line.kind === 'gone') return null;
          return (
            <li
              key={item.index}
              ref={virtual.measureElement}
              data-index={item.index}
              className={styles.cardItem}
              style={{ transform: `translateY(${item.start}px)` }}
              aria-setsize={rows.total ?? -1}
              aria-posinset={item.index + 1}
            >
              {line.kind === 'group' ? (
                <GroupHead group={line.group} open={line.open} ctx={ctx} onToggle={() => rows.toggle(line.group.key)} />
              ) : line.record ? (
                <Card record={line.record} fields={fields} ctx={ctx} onOpen={open} />
              ) : (
                <CardSkeleton />
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** What the records below it share, and how many they are; a press folds them away. */
function GroupHead({
  group,
  open,
  ctx,
  onToggle,
}: {
  group: GroupNode;
  open: boolean;
  ctx: FieldContext;
  onToggle: () => void;
}) {
  return (
    <button
      type="button"
      className={styles.groupHead}
      style={{ paddingLeft: 16 + group.depth * 16 }}
      aria-expanded={open}
      onClick={onToggle}
    >
      <Icon name={open ? 'chevron-down' : 'chevron-right'} size={14} />
      <span className={styles.groupValue}>
        <GroupValue group={group} ctx={ctx} />
      </span>
      <span className={styles.groupCount}>{formatNumber(group.count)}</span>
    </button>
  );
}

const Card = memo(function Card({
  record,
  fields,
  ctx,
  onOpen,
}: {
  record: RecordData;
  fields: CardFields;
  ctx: FieldContext;
  onOpen: (id: string) => void;
}) {
  // The title is said once, also where it is one of the fields.
  const words = fields.subtitle.filter((f) => !isEmpty(record[f.key]) && record[f.key] !== record._title);
  const tags = fields.tags.filter((f) => !isEmpty(record[f.key]));
  return (
    <button type="button" className={styles.card} onClick={() => onOpen(record.id)}>
      <span className={styles.cardHead}>
        <span className={styles.cardTitle}>{record._title || t('fields.untitled')}</span>
        <span className={styles.cardTags}>
          {tags.map((f) => {
            const { Cell } = fieldOf(f.type);
            return (
              <Cell key={f.id} value={record[f.key] as never} field={f} ctx={ctx} variant="card" record={record.id} />
            );
          })}
        </span>
      </span>
      {words.length > 0 && (
        <span className={styles.cardWords}>
          {words.map((f, i) => (
            <span key={f.id} className={cx(styles.cardWord, i > 0 && styles.dotted)}>
              <span className={bare(f) ? styles.cardWordName : styles.srOnly}>{textOf(f.name)}</span>
              {fieldOf(f.type).format(record[f.key] as never, f, ctx)}
            </span>
          ))}
        </span>
      )}
    </button>
  );
});

function CardSkeleton() {
  return (
    <span className={styles.card}>
      <span className={styles.cardHead}>
        <span className={styles.cardTitle}>
          <Skeleton width="64%" height={14} />
        </span>
        <Skeleton width={40} height={20} />
      </span>
      <Skeleton width="76%" />
    </span>
  );
}
