import { type RefObject, useLayoutEffect, useRef } from 'react';
import styles from './grid.module.css';

export interface CellNoteProps {
  text: string;
  scroller: RefObject<HTMLElement | null>;
  /** The place of its cell. */
  left: number;
  top: number;
  rowHeight: number;
  /** What can be done about it. */
  actions: (false | undefined | { label: string; run: () => void })[] | false | null | undefined;
}

/** Says below a cell why it cannot be changed or was not saved; stays in sight at the edges. */
export function CellNote({ text, scroller, left, top, rowHeight, actions }: CellNoteProps) {
  const note = useRef<HTMLDivElement>(null);
  const shown = (actions || []).filter((a) => !!a);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text or button has another size
  useLayoutEffect(() => {
    const element = note.current;
    const pane = scroller.current;
    if (!element || !pane) return;
    element.style.left = `${left}px`;
    element.style.top = `${top + rowHeight + 4}px`;
    const box = element.getBoundingClientRect();
    const room = pane.getBoundingClientRect();
    const beyond = box.right - (room.left + pane.clientWidth - 8);
    if (beyond > 0) element.style.left = `${left - beyond}px`;
    // The totals stand over the last rows.
    if (box.bottom > room.top + pane.clientHeight - rowHeight) element.style.top = `${top - box.height - 4}px`;
  }, [text, shown.length, scroller, left, top, rowHeight]);
  return (
    <div ref={note} className={styles.bubble} role="alert">
      <span>{text}</span>
      {shown.map(({ label, run }) => (
        <button
          key={label}
          type="button"
          className={styles.bubbleAction}
          onPointerDown={(e) => e.preventDefault()}
          onClick={run}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
