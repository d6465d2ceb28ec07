import { type RefObject, useLayoutEffect, useState } from 'react';
import { type ColumnSet, visibleRange } from './columns';

export interface Viewport {
  width: number;
  height: number;
  /** The scrolling columns in sight. */
  from: number;
  to: number;
}

/** The size of the scroller and the columns in sight; changes only when another column comes into sight. */
export function useViewport(scroller: RefObject<HTMLElement | null>, set: ColumnSet): Viewport {
  // Until the scroller is measured it is taken to be as wide as the window: columns
  // far to the right would be made only to be dropped.
  const [view, setView] = useState<Viewport>(() => {
    const [from, to] = visibleRange(set, 0, window.innerWidth);
    return { width: 0, height: 0, from, to };
  });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = () => {
      const { clientWidth: width, clientHeight: height, scrollLeft } = element;
      const [from, to] = visibleRange(set, scrollLeft, width);
      element.toggleAttribute('data-scrolled', scrollLeft > 0);
      setView((old) =>
        old.width === width && old.height === height && old.from === from && old.to === to
          ? old
          : { width, height, from, to },
      );
    };
    measure();
    element.addEventListener('scroll', measure, { passive: true });
    const observer = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(measure);
    observer?.observe(element);
    return () => {
      element.removeEventListener('scroll', measure);
      observer?.disconnect();
    };
  }, [scroller, set]);
  return view;
}
