// The pages a member opened lately, kept in this browser per workspace.
import { useSyncExternalStore } from 'react';
import type { Text } from '@/api/types';

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

const keyOf = (workspace: string) => `tenon.recent.${workspace}`;

function read(workspace: string): Recent[] {
  let list = cache.get(workspace);
  if (!list) {
    try {
      const parsed: unknown = JSON.parse(localStorage.getItem(keyOf(workspace)) ?? '[]');
      list = Array.isArray(parsed) ? (parsed as Recent[]) : none;
    } catch {
      list = none;
    }
    cache.set(workspace, list);
  }
  return list;
}

function write(workspace: string, list: Recent[]): void {
  cache.set(workspace, list);
  localStorage.setItem(keyOf(workspace), JSON.stringify(list));
  for (const listener of listeners) listener();
}

/** Notes that a page was opened; it moves to the front. */
export function noteRecent(workspace: string, page: Recent): void {
  const list = read(workspace);
  if (list[0]?.path === page.path && JSON.stringify(list[0]) === JSON.stringify(page)) return;
  write(workspace, [page, ...list.filter((r) => r.path !== page.path)].slice(0, limit));
}

/** Forgets pages below an address, e.g. of a deleted app. */
export function forgetRecent(workspace: string, prefix: string): void {
  write(
    workspace,
    read(workspace).filter((r) => !r.path.startsWith(prefix)),
  );
}

export function useRecent(workspace: string): Recent[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => read(workspace),
  );
}
