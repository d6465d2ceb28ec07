// What every screen of the builder has at hand: the draft, the parts of the
// server, the app it belongs to.
import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import type { AppSummary, Runtime, RuntimeEntity, WorkspaceRef } from '@/api/types';
import { AppProvider } from '@/runtime/app/context';
import { useWorkspace } from '@/runtime/workspace';
import type { DraftState, DraftStore } from './doc';
import type { Docs } from './model';
import type { Parts } from './parts';
import { previewRuntime } from './preview';

export interface BuilderContext {
  store: DraftStore;
  parts: Parts;
  app: AppSummary;
  workspace: WorkspaceRef;
  /** The address of the builder: "/w/acme/a/crm/edit". */
  base: string;
}

const Context = createContext<BuilderContext | null>(null);

export function useBuilder(): BuilderContext {
  const value = useContext(Context);
  if (!value) throw new Error('useBuilder outside the builder');
  return value;
}

/** A part of the draft's state. */
export function useDraftState<T>(select: (state: DraftState) => T): T {
  return useStore(useBuilder().store, select);
}

const docsOf = (state: DraftState) => state.docs;

/** The documents as they are now. */
export function useDocs(): Docs {
  return useDraftState(docsOf);
}

const Preview = createContext<Runtime | null>(null);

/** The draft as if it were published. */
export function usePreview(): Runtime {
  const value = useContext(Preview);
  if (!value) throw new Error('usePreview outside the builder');
  return value;
}

/** An entity of the draft as the runtime would describe it, by id or key. */
export function usePreviewEntity(ref: string | undefined): RuntimeEntity | undefined {
  const { entities } = usePreview();
  return ref ? (entities.find((e) => e.id === ref) ?? entities.find((e) => e.key === ref)) : undefined;
}

/** Gives the draft to everything below, and the draft as a running app to the parts of the runtime. */
export function BuilderProvider({ value, children }: { value: BuilderContext; children: ReactNode }) {
  return (
    <Context value={value}>
      <Running>{children}</Running>
    </Context>
  );
}

function Running({ children }: { children: ReactNode }) {
  const { store, parts, app, workspace } = useBuilder();
  const docs = useDocs();
  const { workspace: ws } = useWorkspace();
  const runtime = useMemo(() => previewRuntime(docs, parts, ws.member_id), [docs, parts, ws.member_id]);
  useEffect(() => {
    const leaving = (e: BeforeUnloadEvent) => {
      if (!store.dirty()) return;
      void store.flush();
      e.preventDefault();
    };
    window.addEventListener('beforeunload', leaving);
    return () => window.removeEventListener('beforeunload', leaving);
  }, [store]);
  return (
    <Preview value={runtime}>
      <AppProvider workspace={workspace} app={app} runtime={runtime}>
        {children}
      </AppProvider>
    </Preview>
  );
}
