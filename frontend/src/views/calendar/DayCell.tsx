// biome-ignore-all lint/a11y/useSemanticElements: days are placed by hand
import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { cx } from '@/kit';
import styles from './calendar.module.css';

/** Takes records that are dragged onto a day; the drop tells where within the cell. */
export function DayCell({
  className,
  overClass,
  label,
  onDrop,
  onPress,
  children,
}: {
  className: string | undefined;
  overClass?: string;
  label: string;
  onDrop?: (id: string, y: number) => void;
  onPress?: (y: number) => void;
  children?: ReactNode;
}) {
  const ref = useRef<HTMLDivElement>(null);
  const [over, setOver] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element || !onDrop) return;
    return dropTargetForElements({
      element,
      canDrop: ({ source }) => source.data.kind === 'event',
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: ({ source, location }) => {
        setOver(false);
        const y = location.current.input.clientY - element.getBoundingClientRect().top - Number(source.data.grip ?? 0);
        onDrop(String(source.data.id), y);
      },
    });
  }, [onDrop]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the button inside does the same by keyboard
    <div
      ref={ref}
      role="group"
      aria-label={label}
      className={cx(className, over && (overClass ?? styles.over))}
      onClick={onPress && ((e) => onPress(e.clientY - e.currentTarget.getBoundingClientRect().top))}
    >
      {children}
    </div>
  );
}
