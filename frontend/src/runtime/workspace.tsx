// The workspace and the member of a page, for everything below its routes.
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import type { Me, WorkspaceRef } from '@/api/types';

export interface WorkspaceContext {
  workspace: WorkspaceRef;
  workspaces: WorkspaceRef[];
  me: Me;
  /** The address of the workspace: "/w/acme". */
  base: string;
}

const Context = createContext<WorkspaceContext | null>(null);

export function WorkspaceProvider({
  workspace,
  workspaces,
  me,
  children,
}: Omit<WorkspaceContext, 'base'> & { children: ReactNode }) {
  const value = useMemo(
    () => ({ workspace, workspaces, me, base: `/w/${workspace.key}` }),
    [workspace, workspaces, me],
  );
  return <Context value={value}>{children}</Context>;
}

/** The workspace of this page. */
export function useWorkspace(): WorkspaceContext {
  const value = useContext(Context);
  if (!value) throw new Error('useWorkspace outside a workspace');
  return value;
}
