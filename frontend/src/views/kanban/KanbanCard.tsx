import { draggable } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { memo, useEffect, useRef, useState } from 'react';
import type { RecordData, RuntimeField } from '@/api/types';
import type { FieldContext } from '@/fields';
import { cx, IconButton, Menu } from '@/kit';
import { t } from '@/locales';
import { afterKey } from '../shared/after-key';
import { CardBody } from '../shared/CardBody';
import type { BoardColumn } from './columns';
import styles from './kanban.module.css';

export interface KanbanCardProps {
  record: RecordData;
  cards: RuntimeField[];
  ctx: FieldContext;
  from: string;
  open: boolean;
  hue?: string;
  targets: BoardColumn[];
  titleOf: (column: BoardColumn) => string;
  onOpen: (id: string) => void;
  onMove?: (id: string, to: BoardColumn) => void;
}

/** A record; dragged to another column, or moved there by its menu. */
export const KanbanCard = memo(function KanbanCard({
  record,
  cards,
  ctx,
  from,
  open,
  hue,
  targets,
  titleOf,
  onOpen,
  onMove,
}: KanbanCardProps) {
  const ref = useRef<HTMLDivElement>(null);
  const [dragged, setDragged] = useState(false);
  const [menu, setMenu] = useState(false);
  const { id } = record;
  const movable = !!onMove;
  useEffect(() => {
    const element = ref.current;
    if (!element || !movable) return;
    return draggable({
      element,
      getInitialData: () => ({ kind: 'card', id, from }),
      onDragStart: () => setDragged(true),
      onDrop: () => setDragged(false),
    });
  }, [id, from, movable]);
  const title = record._title ?? '';
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the right click repeats what the menu button does
    <div
      ref={ref}
      className={cx(styles.card, open && styles.open, dragged && styles.dragged)}
      onContextMenu={(e) => {
        if (!movable) return;
        e.preventDefault();
        setMenu(true);
      }}
    >
      {hue && <span className={styles.hue} style={{ background: `var(--hue-${hue}-solid)` }} />}
      <button
        type="button"
        className={styles.cardButton}
        onClick={() => onOpen(id)}
        onKeyDown={(e) => {
          if (movable && (e.key === 'm' || e.key === 'ContextMenu' || (e.key === 'F10' && e.shiftKey))) {
            e.preventDefault();
            afterKey(() => setMenu(true));
          }
        }}
      >
        <CardBody record={record} fields={cards} ctx={ctx} />
      </button>
      {movable && (
        <Menu
          position="bottom-end"
          opened={menu}
          onChange={setMenu}
          items={
            menu
              ? [
                  { label: t('grid.openRecord'), icon: 'maximize', onSelect: () => onOpen(id) },
                  { divider: true },
                  { title: t('list.moveTo') },
                  ...targets.map((to) => ({
                    label: titleOf(to),
                    checked: to.key === from,
                    disabled: to.key === from,
                    onSelect: () => onMove?.(id, to),
                  })),
                ]
              : []
          }
        >
          <IconButton
            icon="dots"
            size="sm"
            className={cx(styles.cardMenu, menu && styles.cardMenuOn)}
            label={t('list.moveCard', { name: title })}
          />
        </Menu>
      )}
    </div>
  );
});
