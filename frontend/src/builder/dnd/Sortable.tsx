// Lists that are put in order by dragging a handle, or by the arrow keys on it.
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import {
  attachClosestEdge,
  type Edge,
  extractClosestEdge,
} from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { cx, Icon } from '@/kit';
import { t } from '@/locales';
import styles from './Sortable.module.css';

export interface SortableProps<T> {
  items: readonly T[];
  keyOf: (item: T, index: number) => string;
  /** Moves the item at `from` before the one at `to` of the list without it. */
  onMove: (from: number, to: number) => void;
  render: (item: T, index: number) => ReactNode;
  /** Names an item for screen readers. */
  nameOf: (item: T) => string;
  disabled?: boolean;
  className?: string;
  rowClassName?: string;
  label: string;
}

/** The list after an item has moved. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  const [item] = next.splice(from, 1);
  if (item !== undefined) next.splice(to, 0, item);
  return next;
}

export function Sortable<T>({
  items,
  keyOf,
  onMove,
  render,
  nameOf,
  disabled,
  className,
  rowClassName,
  label,
}: SortableProps<T>) {
  const scope = useId();
  const [said, setSaid] = useState('');
  return (
    <ul className={cx(styles.list, className)} aria-label={label}>
      {items.map((item, index) => (
        <Row
          key={keyOf(item, index)}
          scope={scope}
          index={index}
          count={items.length}
          disabled={disabled}
          className={rowClassName}
          name={nameOf(item)}
          onMove={(from, to) => {
            onMove(from, to);
            setSaid(t('build.movedTo', { name: nameOf(item), n: to + 1 }));
          }}
        >
          {render(item, index)}
        </Row>
      ))}
      <li className={styles.said} aria-live="polite">
        {said}
      </li>
    </ul>
  );
}

interface RowProps {
  scope: string;
  index: number;
  count: number;
  name: string;
  disabled?: boolean;
  className?: string;
  onMove: (from: number, to: number) => void;
  children: ReactNode;
}

function Row({ scope, index, count, name, disabled, className, onMove, children }: RowProps) {
  const row = useRef<HTMLLIElement>(null);
  const handle = useRef<HTMLButtonElement>(null);
  const [edge, setEdge] = useState<Edge | null>(null);
  const [dragged, setDragged] = useState(false);
  const move = useRef(onMove);
  move.current = onMove;

  useEffect(() => {
    const element = row.current;
    const grip = handle.current;
    if (!element || !grip || disabled) return;
    return combine(
      draggable({
        element,
        dragHandle: grip,
        getInitialData: () => ({ sortable: scope, index }),
        onDragStart: () => setDragged(true),
        onDrop: () => setDragged(false),
      }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => source.data.sortable === scope && source.data.index !== index,
        getData: ({ input }) => attachClosestEdge({ index }, { element, input, allowedEdges: ['top', 'bottom'] }),
        onDrag: ({ self }) => setEdge(extractClosestEdge(self.data)),
        onDragLeave: () => setEdge(null),
        onDrop: ({ source, self }) => {
          setEdge(null);
          const from = source.data.index as number;
          const after = extractClosestEdge(self.data) === 'bottom' ? index + 1 : index;
          move.current(from, from < after ? after - 1 : after);
        },
      }),
    );
  }, [scope, index, disabled]);

  function key(e: KeyboardEvent) {
    const by = e.key === 'ArrowUp' ? -1 : e.key === 'ArrowDown' ? 1 : 0;
    const to = index + by;
    if (by === 0 || to < 0 || to >= count) return;
    e.preventDefault();
    onMove(index, to);
    // The row keeps its key, so its handle keeps the focus after the move.
    requestAnimationFrame(() => handle.current?.focus());
  }

  return (
    <li ref={row} className={cx(styles.row, dragged && styles.dragged, className)}>
      <button
        ref={handle}
        type="button"
        className={styles.handle}
        disabled={disabled}
        aria-label={t('build.drag', { name })}
        onKeyDown={key}
      >
        <Icon name="grip" size={14} />
      </button>
      {children}
      {edge && <span className={cx(styles.line, edge === 'top' ? styles.top : styles.bottom)} />}
    </li>
  );
}
