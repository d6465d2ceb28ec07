// biome-ignore-all lint/a11y/useSemanticElements: rows and cells are placed by hand; a table cannot be virtual
// biome-ignore-all lint/a11y/useFocusableInteractive: one text box keeps the focus and names the active cell
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { attachClosestEdge, extractClosestEdge } from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge';
import { memo, type ReactNode, useEffect, useRef, useState } from 'react';
import { Checkbox, cx, Icon, Menu, type MenuEntry } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { afterKey } from '../shared/after-key';
import type { Column } from './columns';
import { headWidth } from './columns';
import styles from './grid.module.css';

export interface HeaderActions {
  onSort: (column: Column, add: boolean) => void;
  onMove: (from: number, to: number) => void;
  onResize: (column: Column, width: number, done: boolean) => void;
  onFit: (column: Column) => void;
  menu: (column: Column) => MenuEntry[];
  onPickAll: (on: boolean) => void;
}

export interface HeaderRowProps extends HeaderActions {
  width: number;
  frozen: Column[];
  columns: Column[];
  gap: number;
  sorts: Record<string, 'ascending' | 'descending'>;
  pickedAll: boolean | 'mixed';
  /** After the last column: adds a field. */
  end?: ReactNode;
  endLeft: number;
}

/** The names of the columns; they sort, move and resize. */
export const HeaderRow = memo(function HeaderRow({
  width,
  frozen,
  columns,
  gap,
  sorts,
  pickedAll,
  end,
  endLeft,
  ...actions
}: HeaderRowProps) {
  const lastFrozen = frozen.at(-1);
  return (
    <div role="row" aria-rowindex={1} className={styles.headerRow} style={{ width }}>
      <div
        role="columnheader"
        aria-colindex={1}
        className={cx(styles.header, styles.stuck, styles.headerHead, !lastFrozen && styles.edge)}
        style={{ width: headWidth, left: 0 }}
      >
        <Checkbox
          aria-label={t('grid.pickAll')}
          checked={pickedAll === true}
          indeterminate={pickedAll === 'mixed'}
          onChange={actions.onPickAll}
        />
      </div>
      {frozen.map((column) => (
        <HeaderCell
          key={column.field.id}
          column={column}
          sort={sorts[column.field.id]}
          edge={column === lastFrozen}
          {...actions}
        />
      ))}
      <span style={{ flex: 'none', width: gap }} />
      {columns.map((column) => (
        <HeaderCell key={column.field.id} column={column} sort={sorts[column.field.id]} {...actions} />
      ))}
      {end && (
        <div role="columnheader" className={styles.headerEnd} style={{ left: endLeft }}>
          {end}
        </div>
      )}
    </div>
  );
});

function HeaderCell({
  column,
  sort,
  edge,
  onSort,
  onMove,
  onResize,
  onFit,
  menu,
}: { column: Column; sort?: 'ascending' | 'descending'; edge?: boolean } & HeaderActions) {
  const ref = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const [over, setOver] = useState<'left' | 'right' | null>(null);
  const [dragged, setDragged] = useState(false);
  const start = useRef<{ x: number; width: number } | null>(null);
  const name = textOf(column.field.name);

  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    return combine(
      draggable({
        element,
        canDrag: () => start.current === null,
        getInitialData: () => ({ kind: 'column', index: column.index }),
        onDragStart: () => setDragged(true),
        onDrop: () => setDragged(false),
      }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => source.data.kind === 'column',
        getData: ({ input }) =>
          attachClosestEdge({ index: column.index }, { element, input, allowedEdges: ['left', 'right'] }),
        onDrag: ({ self, source }) =>
          setOver(
            source.data.index === column.index ? null : (extractClosestEdge(self.data) as 'left' | 'right' | null),
          ),
        onDragLeave: () => setOver(null),
        onDrop: ({ self, source }) => {
          setOver(null);
          const from = source.data.index as number;
          const side = extractClosestEdge(self.data);
          const to = column.index + (side === 'right' ? 1 : 0);
          if (from !== column.index) onMove(from, to > from ? to - 1 : to);
        },
      }),
    );
  }, [column.index, onMove]);

  return (
    <div
      ref={ref}
      role="columnheader"
      tabIndex={-1}
      aria-colindex={column.index + 2}
      aria-sort={sort ?? 'none'}
      data-header={column.index}
      className={cx(
        styles.header,
        column.frozen && styles.stuck,
        edge && styles.edge,
        column.align === 'right' && styles.right,
        dragged && styles.dragged,
      )}
      style={{ width: column.width, left: column.frozen ? column.left : undefined }}
      onContextMenu={(e) => {
        e.preventDefault();
        setOpen(true);
      }}
    >
      <button
        type="button"
        className={styles.headerName}
        title={t('grid.sortBy', { name })}
        onClick={(e) => onSort(column, e.shiftKey)}
        onKeyDown={(e) => {
          if (e.key === 'ArrowDown' || e.key === 'ContextMenu' || (e.key === 'F10' && e.shiftKey)) {
            e.preventDefault();
            afterKey(() => setOpen(true));
          }
        }}
      >
        <span className={styles.headerText}>{name}</span>
        {sort && <Icon name={sort === 'ascending' ? 'arrow-up' : 'arrow-down'} size={14} className={styles.sortMark} />}
      </button>
      <Menu
        items={open ? menu(column) : []}
        opened={open}
        onChange={setOpen}
        position={column.align === 'right' ? 'bottom-start' : 'bottom-end'}
      >
        <button
          type="button"
          tabIndex={-1}
          className={cx(styles.headerMenu, open && styles.shown)}
          aria-label={t('grid.columnMenu', { name })}
          aria-haspopup="menu"
        >
          <Icon name="chevron-down" size={14} />
        </button>
      </Menu>
      <span
        className={styles.resizer}
        aria-hidden
        onDoubleClick={() => onFit(column)}
        onPointerDown={(e) => {
          e.preventDefault();
          e.stopPropagation();
          e.currentTarget.setPointerCapture(e.pointerId);
          start.current = { x: e.clientX, width: column.width };
        }}
        onPointerMove={(e) => {
          if (start.current) onResize(column, start.current.width + e.clientX - start.current.x, false);
        }}
        onPointerUp={(e) => {
          if (start.current) onResize(column, start.current.width + e.clientX - start.current.x, true);
          start.current = null;
        }}
        onPointerCancel={() => {
          start.current = null;
        }}
      />
      {over && <span className={cx(styles.dropLine, over === 'right' && styles.dropRight)} />}
    </div>
  );
}
