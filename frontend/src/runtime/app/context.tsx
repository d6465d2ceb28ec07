// The app that a page belongs to, for everything below the app's routes.
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import type { AppSummary, Runtime, RuntimeEntity, WorkspaceRef } from '@/api/types';
import { type Entry, entityOf, menuOf } from './menu';

export interface AppContext {
  workspace: WorkspaceRef;
  /** The app's summary: name, icon, whether the member may edit it. */
  app: AppSummary;
  /** For API paths and query keys. */
  appId: string;
  runtime: Runtime;
  menu: Entry[];
  /** The address of the app: "/w/acme/a/crm". */
  base: string;
  /** An entity by id or key. */
  entity: (idOrKey: string) => RuntimeEntity | undefined;
}

const Context = createContext<AppContext | null>(null);

export function AppProvider({
  workspace,
  app,
  runtime,
  children,
}: {
  workspace: WorkspaceRef;
  app: AppSummary;
  runtime: Runtime;
  children: ReactNode;
}) {
  const value = useMemo<AppContext>(
    () => ({
      workspace,
      app,
      appId: app.id,
      runtime,
      menu: menuOf(runtime),
      base: `/w/${workspace.key}/a/${app.key}`,
      entity: (idOrKey) => entityOf(runtime, idOrKey),
    }),
    [workspace, app, runtime],
  );
  return <Context value={value}>{children}</Context>;
}

/** The app of this page. */
export function useApp(): AppContext {
  const value = useContext(Context);
  if (!value) throw new Error('useApp outside an app');
  return value;
}

/** The app of this page, or null on workspace pages. */
export function useMaybeApp(): AppContext | null {
  return useContext(Context);
}
