// Stands in for the component library's hook of the same name (vite.config.ts): that
// one makes up an id and sets it once more after mounting, so that every control is
// drawn twice. There is one React on a page, whose own ids are never the same.
import { useId as useReactId } from 'react';

/** The given id, or one that no other element of the page has. */
export function useId(given?: string): string {
  const own = useReactId();
  return given ?? `id-${own.replace(/[^\w-]/g, '')}`;
}
