import { draggable } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { type CSSProperties, memo, useEffect, useRef, useState } from 'react';
import type { RecordData, RuntimeField } from '@/api/types';
import { type FieldContext, fieldOf } from '@/fields';
import { cx, hueVars, MenuAt } from '@/kit';
import { t } from '@/locales';
import { afterKey } from '../shared/after-key';
import type { CalendarActions } from './CalendarView';
import styles from './calendar.module.css';

export interface CalendarItemProps extends CalendarActions {
  record: RecordData;
  cards: RuntimeField[];
  ctx: FieldContext;
  hue: string;
  /** "09:30" before the title. */
  time?: string;
  open: boolean;
  style?: CSSProperties;
  /** Goes on from the week before, or into the next. */
  before?: boolean;
  after?: boolean;
  /** In the tray: it has no date yet. */
  loose?: boolean;
  tall?: boolean;
}

/** A record on the calendar: a press opens it, dragging or its menu moves it. */
export const CalendarItem = memo(function CalendarItem({
  record,
  cards,
  ctx,
  hue,
  time,
  open,
  style,
  before,
  after,
  loose,
  tall,
  onOpen,
  onMove,
  onSchedule,
}: CalendarItemProps) {
  const ref = useRef<HTMLButtonElement>(null);
  const [dragged, setDragged] = useState(false);
  const [menu, setMenu] = useState<{ x: number; y: number } | null>(null);
  const movable = !!onMove;
  const { id } = record;
  useEffect(() => {
    const element = ref.current;
    if (!element || !movable) return;
    return draggable({
      element,
      getInitialData: ({ input }) => ({ kind: 'event', id, grip: input.clientY - element.getBoundingClientRect().top }),
      onDragStart: () => setDragged(true),
      onDrop: () => setDragged(false),
    });
  }, [id, movable]);
  const title = record._title || t('fields.untitled');
  const words = cards.map((f) => fieldOf(f.type).format(record[f.key] as never, f, ctx)).filter(Boolean);
  const text = [time, title, ...words].filter(Boolean).join(' · ');
  return (
    <>
      <button
        ref={ref}
        type="button"
        className={cx(
          styles.item,
          loose && styles.loose,
          tall && styles.tallItem,
          before && styles.before,
          after && styles.after,
          open && styles.open,
          dragged && styles.dragged,
        )}
        style={{ ...hueVars(hue), ...style }}
        title={text}
        onClick={(e) => {
          e.stopPropagation();
          onOpen(id);
        }}
        onContextMenu={(e) => {
          if (!movable) return;
          e.preventDefault();
          setMenu({ x: e.clientX, y: e.clientY });
        }}
        onKeyDown={(e) => {
          if (!movable || !(e.key === 'm' || e.key === 'ContextMenu' || (e.key === 'F10' && e.shiftKey))) return;
          e.preventDefault();
          const box = e.currentTarget.getBoundingClientRect();
          afterKey(() => setMenu({ x: box.left, y: box.bottom }));
        }}
      >
        <span className={styles.itemHead}>
          {time && <span className={styles.time}>{time}</span>}
          <span className={styles.itemTitle}>{title}</span>
        </span>
        {words.length > 0 && <span className={styles.words}>{words.join(' · ')}</span>}
      </button>
      <MenuAt
        at={menu}
        onClose={() => setMenu(null)}
        items={[
          { label: t('grid.openRecord'), icon: 'maximize', onSelect: () => onOpen(id) },
          { label: t('list.scheduleOn'), icon: 'calendar', onSelect: () => onSchedule?.(record) },
          !loose && { label: t('list.unschedule'), icon: 'x', onSelect: () => onMove?.(id, null) },
        ]}
      />
    </>
  );
});
