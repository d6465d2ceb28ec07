import { type RefObject, useEffect, useRef } from 'react';

type Handlers = Record<string, (e: KeyboardEvent) => void>;

function nameOf(e: KeyboardEvent): string {
  const parts: string[] = [];
  if (e.metaKey || e.ctrlKey) parts.push('mod');
  if (e.altKey) parts.push('alt');
  if (e.shiftKey) parts.push('shift');
  parts.push(e.key === 'Escape' ? 'esc' : e.key.length === 1 ? e.key.toLowerCase() : e.key);
  return parts.join('+');
}

function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Whether a dialog, list or menu other than this one lies over the page. */
function covered(own: Element | null | undefined): boolean {
  const layers = document.querySelectorAll(
    '[role="dialog"], [role="menu"], :is([data-position^="bottom"], [data-position^="top"]):not([role="tooltip"])',
  );
  return [...layers].some((layer) => layer !== own && layer.getClientRects().length > 0);
}

/**
 * Shortcuts of a page: "mod+k", "esc", "j". Keys without a modifier do nothing
 * while somebody types; nothing fires during an IME composition. Escape closes
 * what lies on top, one layer at a time; a layer of its own names itself.
 */
export function useHotkeys(handlers: Handlers, layer?: RefObject<Element | null>): void {
  const current = useRef(handlers);
  current.current = handlers;
  useEffect(() => {
    let below = false;
    // Asked before the layer hears the key and is gone.
    const look = (e: KeyboardEvent) => {
      below = e.key === 'Escape' && covered(layer?.current);
    };
    const listen = (e: KeyboardEvent) => {
      if (e.isComposing || e.defaultPrevented || below) return;
      const handler = current.current[nameOf(e)];
      if (!handler) return;
      if (!e.metaKey && !e.ctrlKey && e.key !== 'Escape' && typing(e.target)) return;
      handler(e);
    };
    window.addEventListener('keydown', look, true);
    window.addEventListener('keydown', listen);
    return () => {
      window.removeEventListener('keydown', look, true);
      window.removeEventListener('keydown', listen);
    };
  }, [layer]);
}
