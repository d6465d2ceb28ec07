import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element';
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useAggregate } from '@/api/queries/records';
import type { RuntimeField } from '@/api/types';
import { fieldOf } from '@/fields';
import { EmptyState, ErrorState, SkeletonCards, toast } from '@/kit';
import { t } from '@/locales';
import type { ViewProps } from '../define';
import { isColumnField } from '../shared/Settings';
import { sayProblem } from '../shared/say';
import { allFields, findField } from '../shared/system';
import { type BoardColumn, boardColumns, keyOf } from './columns';
import { KanbanColumn } from './KanbanColumn';
import styles from './kanban.module.css';

/** Records as cards in columns by one field; moving a card changes the field. */
export function KanbanView(props: ViewProps) {
  const { app, entity, config, query, store, edits, ctx, revision, onTotal, onOpen, walk, empty, label } = props;
  const field = useMemo(() => {
    const named = findField(entity, config.group_by);
    return named && isColumnField(named) ? named : allFields(entity).find(isColumnField);
  }, [entity, config.group_by]);
  const sum = useMemo(() => findField(entity, config.sum), [entity, config.sum]);
  const color = useMemo(() => findField(entity, config.color_by), [entity, config.color_by]);
  const cards = useMemo(() => {
    const named = (config.cards ?? [])
      .map((id) => findField(entity, id))
      .filter((f): f is RuntimeField => !!f?.readable);
    if (named.length > 0) return named.filter((f) => f !== field);
    return (entity.subtitle ?? [])
      .map((id) => findField(entity, id))
      .filter((f): f is RuntimeField => !!f?.readable && f !== field);
  }, [config.cards, entity, field]);
  const fields = useMemo(
    () => [...new Set([...cards.map((f) => f.key), ...(field ? [field.key] : []), ...(color ? [color.key] : [])])],
    [cards, field, color],
  );
  useEffect(() => {
    edits.fields = fields;
  }, [edits, fields]);
  useSyncExternalStore(store.subscribe, store.version);

  const groups = useAggregate(
    { app, entity: entity.key },
    {
      group_by: field ? [{ field: field.key }] : [],
      measures: [{ fn: 'count', as: 'count' }, ...(sum ? [{ fn: 'sum', field: sum.key, as: 'sum' }] : [])],
      limit: 200,
      ...(query.filter ? { filter: query.filter } : {}),
      ...(query.search ? { search: query.search } : {}),
    },
    { enabled: !!field },
  );
  const learnt = groups.data?._names;
  useMemo(() => store.learn(learnt), [store, learnt]);
  const columns = useMemo(() => (field ? boardColumns(field, groups.data) : []), [field, groups.data]);
  const total = groups.data ? columns.reduce((n, c) => n + c.count, 0) : null;
  useEffect(() => onTotal(total), [onTotal, total]);
  const seen = useRef(revision);
  useEffect(() => {
    if (seen.current === revision) return;
    seen.current = revision;
    void groups.refetch();
  }, [revision, groups]);
  useEffect(() => {
    walk.current = null;
  }, [walk]);

  // Cards on their way to another column, until both columns know.
  const [moves, setMoves] = useState<ReadonlyMap<string, string>>(new Map());
  const [settled, setSettled] = useState(0);
  const board = useRef<HTMLUListElement>(null);
  useEffect(() => {
    const element = board.current;
    return element ? autoScrollForElements({ element }) : undefined;
  }, []);

  const titleOf = useCallback(
    (column: BoardColumn) => {
      if (!field) return '';
      return column.value === null
        ? t('grid.blankGroup')
        : fieldOf(field.type).format(column.value as never, field, ctx);
    },
    [field, ctx],
  );

  const move = useCallback(
    async (id: string, to: BoardColumn) => {
      const record = store.get(id);
      if (!field || !record || keyOf(record[field.key]) === to.key) return;
      const title = record._title ?? '';
      setMoves((m) => new Map(m).set(id, to.key));
      const result = await edits.set([{ id, values: { [field.key]: to.value } }]);
      if (result.problem) {
        edits.discard(id, field.key);
        setMoves((m) => without(m, id));
        const text = result.problem.errors[0]?.message ?? (result.problem.detail || result.problem.title);
        toast(t('list.notMoved', { title, text }), {
          tone: 'danger',
          action: { label: t('grid.openRecord'), run: () => onOpen(id) },
        });
        return;
      }
      toast(t('list.moved', { title, to: titleOf(to) }), {
        tone: 'success',
        action: {
          label: t('common.undo'),
          run: () => void edits.undo().then(() => setSettled((n) => n + 1), sayProblem),
        },
      });
      setSettled((n) => n + 1);
    },
    [edits, field, onOpen, store, titleOf],
  );
  const arrived = useCallback(
    (ids: string[]) =>
      setMoves((m) => (ids.some((id) => m.has(id)) ? ids.reduce<ReadonlyMap<string, string>>(without, m) : m)),
    [],
  );

  if (!field) return <EmptyState icon="board" title={t('list.chooseKanban')} />;
  if (groups.isError && !groups.data) return <ErrorState error={groups.error} onRetry={() => groups.refetch()} />;
  if (!groups.data) {
    return (
      <div className={styles.loading}>
        <SkeletonCards cards={8} height={96} />
      </div>
    );
  }
  if (total === 0 && columns.every((c) => c.count === 0) && (query.filter || query.search))
    return <div className={styles.empty}>{empty}</div>;
  const mayMove = field.writable && entity.ops.includes('update');
  return (
    <ul ref={board} className={styles.board} aria-label={label}>
      {columns.map((column) => (
        <KanbanColumn
          key={column.key}
          {...props}
          column={column}
          columns={columns}
          field={field}
          sumField={sum}
          color={color}
          cards={cards}
          fields={fields}
          title={titleOf(column)}
          titleOf={titleOf}
          moves={moves}
          settled={settled}
          onMove={mayMove ? move : undefined}
          onArrived={arrived}
        />
      ))}
    </ul>
  );
}

function without(map: ReadonlyMap<string, string>, id: string): ReadonlyMap<string, string> {
  const next = new Map(map);
  next.delete(id);
  return next;
}
