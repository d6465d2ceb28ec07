/** Where a drag stands within the scrolled content. */
export interface DragPoint {
  x: number;
  y: number;
}

const edge = 32;

/**
 * Follows the pointer until it is released and scrolls at the edges. Reports
 * places within the content, so that scrolling moves them too.
 */
export function followPointer(
  scroller: HTMLElement,
  onMove: (point: DragPoint) => void,
  onEnd: (cancelled: boolean) => void,
): () => void {
  let last: PointerEvent | null = null;
  const report = () => {
    if (!last) return;
    const box = scroller.getBoundingClientRect();
    onMove({ x: last.clientX - box.left + scroller.scrollLeft, y: last.clientY - box.top + scroller.scrollTop });
  };
  const timer = setInterval(() => {
    if (!last) return;
    const box = scroller.getBoundingClientRect();
    const by = (at: number, start: number, end: number) => (at < start + edge ? -18 : at > end - edge ? 18 : 0);
    const dx = by(last.clientX, box.left, box.right);
    const dy = by(last.clientY, box.top + edge, box.bottom);
    if (dx === 0 && dy === 0) return;
    scroller.scrollBy(dx, dy);
    report();
  }, 40);
  const move = (e: PointerEvent) => {
    last = e;
    report();
  };
  const up = () => end(false);
  const cancel = () => end(true);
  const key = (e: KeyboardEvent) => {
    if (e.key === 'Escape') end(true);
  };
  function end(cancelled: boolean) {
    clearInterval(timer);
    window.removeEventListener('pointermove', move);
    window.removeEventListener('pointerup', up);
    window.removeEventListener('pointercancel', cancel);
    window.removeEventListener('keydown', key, true);
    onEnd(cancelled);
  }
  window.addEventListener('pointermove', move);
  window.addEventListener('pointerup', up);
  window.addEventListener('pointercancel', cancel);
  window.addEventListener('keydown', key, true);
  return cancel;
}
