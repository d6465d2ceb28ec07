import { useEffect, useRef } from 'react';

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

/**
 * Shortcuts of a page: "mod+k", "esc", "j". Keys without a modifier do nothing
 * while somebody types; nothing fires during an IME composition.
 */
export function useHotkeys(handlers: Handlers): void {
  const current = useRef(handlers);
  current.current = handlers;
  useEffect(() => {
    const listen = (e: KeyboardEvent) => {
      if (e.isComposing || e.defaultPrevented) return;
      const handler = current.current[nameOf(e)];
      if (!handler) return;
      if (!e.metaKey && !e.ctrlKey && e.key !== 'Escape' && typing(e.target)) return;
      handler(e);
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
