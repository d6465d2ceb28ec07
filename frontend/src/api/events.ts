// The server's event stream. Each event marks the cached answers that it makes
// stale; the pages that show them fetch again, others do nothing.
import type { QueryClient } from '@tanstack/react-query';
import { apiUrl } from './client';
import { keys } from './keys';
import type { ServerEvent } from './types';

type Listener = (event: ServerEvent) => void;
const listeners = new Set<Listener>();

/** Calls back for every event of the stream, e.g. for a "3 new" pill. */
export function onServerEvent(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const kinds = ['record', 'notification', 'task', 'job'] as const;

/** Applies an event to the cache. */
export function applyEvent(client: QueryClient, event: ServerEvent): void {
  switch (event.type) {
    case 'record':
      client.invalidateQueries({ queryKey: keys.record(event.app, event.entity, event.id) });
      client.invalidateQueries({ queryKey: keys.aggregates(event.app, event.entity) });
      client.invalidateQueries({ queryKey: keys.widgets(event.app) });
      break;
    case 'notification':
      client.invalidateQueries({ queryKey: keys.notifications() });
      client.invalidateQueries({ queryKey: keys.bootstrap });
      break;
    case 'task':
      client.invalidateQueries({ queryKey: keys.tasks() });
      client.invalidateQueries({ queryKey: keys.bootstrap });
      break;
    case 'job':
      client.invalidateQueries({ queryKey: keys.job(event.id) });
      break;
  }
  for (const listener of listeners) listener(event);
}

/** Follows the stream of an app, or the workspace-wide one, until the returned function is called. */
export function followEvents(client: QueryClient, app?: string): () => void {
  if (typeof EventSource === 'undefined') return () => {};
  // The browser reconnects by itself and sends Last-Event-ID.
  const source = new EventSource(apiUrl('/events', { app }));
  for (const kind of kinds) {
    source.addEventListener(kind, (message) => {
      try {
        const data = JSON.parse((message as MessageEvent<string>).data) as object;
        applyEvent(client, { type: kind, ...data } as ServerEvent);
      } catch {
        // An event of a newer server that this page cannot read.
      }
    });
  }
  return () => source.close();
}
