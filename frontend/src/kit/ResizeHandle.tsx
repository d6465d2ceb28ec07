import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { t } from '@/locales';
import { cx } from './cx';
import styles from './ResizeHandle.module.css';

export interface ResizeHandleProps {
  /** The edge of the sized box that the handle sits on. */
  side: 'left' | 'right' | 'top' | 'bottom';
  size: number;
  min: number;
  max: number;
  onResize: (size: number) => void;
  label?: string;
}

/** Drags an edge; arrow keys move it by 16 px. */
export function ResizeHandle({ side, size, min, max, onResize, label }: ResizeHandleProps) {
  const start = useRef<{ at: number; size: number } | null>(null);
  const upright = side === 'left' || side === 'right';
  const sign = side === 'left' || side === 'top' ? -1 : 1;
  const point = (e: PointerEvent) => (upright ? e.clientX : e.clientY);

  function key(e: KeyboardEvent) {
    const step = upright ? { ArrowLeft: -16, ArrowRight: 16 }[e.key] : { ArrowUp: -16, ArrowDown: 16 }[e.key];
    if (step === undefined) return;
    e.preventDefault();
    onResize(size + step * sign);
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a focusable separator is a splitter
    <div
      role="separator"
      tabIndex={0}
      aria-orientation={upright ? 'vertical' : 'horizontal'}
      aria-valuenow={size}
      aria-valuemin={min}
      aria-valuemax={max}
      aria-label={label ?? t('common.resize')}
      className={cx(styles.handle, styles[side])}
      onKeyDown={key}
      onPointerDown={(e) => {
        e.preventDefault();
        e.currentTarget.setPointerCapture(e.pointerId);
        start.current = { at: point(e), size };
      }}
      onPointerMove={(e) => {
        if (start.current) onResize(start.current.size + (point(e) - start.current.at) * sign);
      }}
      onPointerUp={() => {
        start.current = null;
      }}
      onPointerCancel={() => {
        start.current = null;
      }}
    />
  );
}
