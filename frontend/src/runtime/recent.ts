// The pages a member opened lately, kept in this browser per workspace and
// person: who signs in after somebody else sees nothing of theirs.
import { useSyncExternalStore } from 'react';
import type { Text, WorkspaceRef } from '@/api/types';

export interface Recent {
  path: string;
  title: Text;
  /** The app, or what else the page belongs to. */
  context?: Text;
  icon?: string;
  hue?: string;
}

const limit = 12;
const listeners = new Set<() => void>();
const cache = new Map<string, Recent[]>();
const none: Recent[] = [];

/** The workspace, and who is in it. */
export type Whose = Pick<WorkspaceRef, 'key' | 'member_id'>;

const keyOf = (whose: Whose) => `tenon.recent.${whose.key}.${whose.member_id}`;

function read(whose: Whose): Recent[] {
  const key = keyOf(whose);
  let list = cache.get(key);
  if (!list) {
    try {
      const parsed: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
      list = Array.isArray(parsed) ? (parsed as Recent[]) : none;
    } catch {
      list = none;
    }
    cache.set(key, list);
  }
  return list;
}

function write(whose: Whose, list: Recent[]): void {
  cache.set(keyOf(whose), list);
  localStorage.setItem(keyOf(whose), JSON.stringify(list));
  for (const listener of listeners) listener();
}

/** Notes that a page was opened; it moves to the front. */
export function noteRecent(whose: Whose, page: Recent): void {
  const list = read(whose);
  if (list[0]?.path === page.path && JSON.stringify(list[0]) === JSON.stringify(page)) return;
  write(whose, [page, ...list.filter((r) => r.path !== page.path)].slice(0, limit));
}

/** Forgets pages below an address, e.g. of a deleted app. */
export function forgetRecent(whose: Whose, prefix: string): void {
  write(
    whose,
    read(whose).filter((r) => !r.path.startsWith(prefix)),
  );
}

export function useRecent(whose: Whose): Recent[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => read(whose),
  );
}
