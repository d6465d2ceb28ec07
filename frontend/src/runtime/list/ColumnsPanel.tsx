import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { attachClosestEdge, extractClosestEdge } from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge';
import { useEffect, useRef, useState } from 'react';
import type { RuntimeField, ViewColumn } from '@/api/types';
import { fieldOf } from '@/fields';
import { Button, Checkbox, cx, Icon, IconButton, Menu, SearchInput, Select } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { shownColumns } from '@/views/grid/columns';
import { allFields, findField } from '@/views/shared/system';
import styles from './list.module.css';
import { useListState } from './use-list';

/** Which columns are shown, in which order, how many stay in sight. */
export function ColumnsPanel() {
  const { entity, config, setConfig } = useListState();
  const [search, setSearch] = useState('');
  const shown = shownColumns(entity, config);
  const ids = shown.map((c) => findField(entity, c.field)?.id);
  const hidden = allFields(entity).filter((f) => !ids.includes(f.id));
  const set = (columns: ViewColumn[]) => setConfig({ columns });
  const needle = search.trim().toLowerCase();
  const matches = (f: RuntimeField) => textOf(f.name).toLowerCase().includes(needle) || f.key.includes(needle);
  const move = (from: number, to: number) => {
    const next = [...shown];
    const [item] = next.splice(from, 1);
    if (!item) return;
    next.splice(Math.max(0, Math.min(next.length, to)), 0, item);
    set(next);
  };
  return (
    <div className={styles.panel}>
      {allFields(entity).length > 10 && (
        <SearchInput
          size="sm"
          value={search}
          onChange={setSearch}
          placeholder={t('list.searchColumns')}
          aria-label={t('list.searchColumns')}
        />
      )}
      <ul className={styles.columnList}>
        {shown.map((column, i) => {
          const field = findField(entity, column.field);
          if (!field || !matches(field)) return null;
          return (
            <ColumnItem
              key={field.id}
              field={field}
              index={i}
              count={shown.length}
              onMove={move}
              onHide={() => shown.length > 1 && set(shown.filter((_, at) => at !== i))}
            />
          );
        })}
        {hidden.filter(matches).map((field) => (
          <li key={field.id} className={styles.columnItem}>
            <span className={styles.columnGrip} />
            <Checkbox
              checked={false}
              onChange={() => set([...shown, { field: field.id }])}
              label={<ColumnName field={field} />}
            />
          </li>
        ))}
      </ul>
      <div className={styles.panelEnd}>
        <Button
          size="sm"
          variant="plain"
          onClick={() =>
            set([...shown, ...hidden.filter((f) => entity.fields.includes(f)).map((f) => ({ field: f.id }))])
          }
        >
          {t('list.showAll')}
        </Button>
        <Button size="sm" variant="plain" onClick={() => set(shown.slice(0, 1))}>
          {t('list.hideAll')}
        </Button>
      </div>
      <Select
        size="sm"
        inline
        label={t('list.frozenCount')}
        value={String(Math.min(config.frozen ?? 0, 5))}
        searchable={false}
        options={[0, 1, 2, 3, 4, 5]
          .filter((n) => n <= shown.length)
          .map((n) => ({ value: String(n), label: n === 0 ? t('list.frozen.none') : t('list.frozen.some', { n }) }))}
        onChange={(n) => setConfig({ frozen: Number(n ?? 0) })}
      />
    </div>
  );
}

function ColumnName({ field }: { field: RuntimeField }) {
  return (
    <span className={styles.columnName}>
      <Icon name={fieldOf(field.type).icon} />
      <span>{textOf(field.name)}</span>
    </span>
  );
}

function ColumnItem({
  field,
  index,
  count,
  onMove,
  onHide,
}: {
  field: RuntimeField;
  index: number;
  count: number;
  onMove: (from: number, to: number) => void;
  onHide: () => void;
}) {
  const ref = useRef<HTMLLIElement>(null);
  const handle = useRef<HTMLButtonElement>(null);
  const [edge, setEdge] = useState<'top' | 'bottom' | null>(null);
  useEffect(() => {
    const element = ref.current;
    const dragHandle = handle.current;
    if (!element || !dragHandle) return;
    return combine(
      draggable({ element, dragHandle, getInitialData: () => ({ kind: 'column-item', index }) }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => source.data.kind === 'column-item',
        getData: ({ input }) => attachClosestEdge({ index }, { element, input, allowedEdges: ['top', 'bottom'] }),
        onDrag: ({ self, source }) =>
          setEdge(source.data.index === index ? null : (extractClosestEdge(self.data) as 'top' | 'bottom' | null)),
        onDragLeave: () => setEdge(null),
        onDrop: ({ self, source }) => {
          setEdge(null);
          const from = source.data.index as number;
          const to = index + (extractClosestEdge(self.data) === 'bottom' ? 1 : 0);
          if (from !== index) onMove(from, to > from ? to - 1 : to);
        },
      }),
    );
  }, [index, onMove]);
  const name = textOf(field.name);
  return (
    <li
      ref={ref}
      className={cx(styles.columnItem, edge === 'top' && styles.edgeTop, edge === 'bottom' && styles.edgeBottom)}
    >
      <Menu
        items={[
          {
            label: t('list.moveUp'),
            icon: 'arrow-up',
            disabled: index === 0,
            onSelect: () => onMove(index, index - 1),
          },
          {
            label: t('list.moveDown'),
            icon: 'arrow-down',
            disabled: index === count - 1,
            onSelect: () => onMove(index, index + 1),
          },
        ]}
      >
        <IconButton
          ref={handle}
          icon="grip"
          size="sm"
          className={styles.columnGrip}
          label={t('list.moveCard', { name })}
        />
      </Menu>
      <Checkbox checked onChange={onHide} disabled={count === 1} label={<ColumnName field={field} />} />
    </li>
  );
}
