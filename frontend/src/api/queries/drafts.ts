import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { del, get, listOf, post, put } from '../client';
import { keys } from '../keys';
import type {
  AppVersion,
  DocBodies,
  DocKind,
  Draft,
  ExprCheck,
  ExprTry,
  FaultItem,
  PlanChange,
  PublishPlan,
} from '../types';

const at = (app: string) => `/apps/${encodeURIComponent(app)}`;

/** All documents of the draft with their revisions. */
export function useDraft(app: string) {
  return useQuery({
    queryKey: keys.draft(app),
    queryFn: ({ signal }) => get<Draft>(`${at(app)}/draft`, undefined, signal),
  });
}

/** Saves one document; "*" makes a new one. A colleague's later change is answered with a Problem of status 409 or 412. */
export function saveDoc<K extends DocKind>(
  app: string,
  doc: { id: string; kind: K; rev: number | '*'; body: DocBodies[K] },
) {
  return put<{ rev: number; faults: FaultItem[] }>(`${at(app)}/draft/${doc.id}`, doc.body, {
    ifMatch: doc.rev,
    query: { kind: doc.kind },
  });
}

export function deleteDoc(app: string, id: string, rev: number) {
  return del(`${at(app)}/draft/${id}`, { ifMatch: rev });
}

export function checkDraft(app: string) {
  return post<{ faults: FaultItem[] }>(`${at(app)}/draft/check`);
}

/** What deserves a thought in the draft and prevents nothing; asked anew for every state of it. */
export function useDraftHints(app: string, state: unknown) {
  return useQuery({
    queryKey: ['app', app, 'draft-hints', state],
    queryFn: async ({ signal }) =>
      (await get<{ hints: PlanChange[] }>(`${at(app)}/draft/hints`, undefined, signal)).hints,
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 60_000,
  });
}

export function useDiscardDraft(app: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (docs?: string[]) => post<void>(`${at(app)}/draft/discard`, docs ? { docs } : {}),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.draft(app) }),
  });
}

/** What publishing would do. */
export function planPublish(app: string, docs?: string[]) {
  return post<PublishPlan>(`${at(app)}/publish/plan`, docs ? { docs } : {});
}

export function usePublish(app: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { docs?: string[]; hash: string; note?: string }) =>
      post<{ version: number; operation?: string }>(`${at(app)}/publish`, input),
    onSuccess: () => {
      client.invalidateQueries({ queryKey: keys.app(app) });
      client.invalidateQueries({ queryKey: ['workspace'] });
    },
  });
}

export function useVersions(app: string) {
  return useQuery({
    queryKey: keys.versions(app),
    queryFn: async ({ signal }) =>
      listOf<AppVersion>(await get<AppVersion[] | object>(`${at(app)}/versions`, undefined, signal)),
  });
}

/** Brings an old version back as the draft. */
export function useRestoreVersion(app: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (version: number) => post<void>(`${at(app)}/versions/${version}/restore`),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.draft(app) }),
  });
}

export interface ExprInput {
  entity: string;
  expr: string;
  expect?: string;
  scope?: 'record' | 'rule' | 'filter' | 'role';
  /** A sub-form: the expression is about one of its rows. */
  column?: string;
}

export function checkExpr(app: string, input: ExprInput, signal?: AbortSignal) {
  return post<ExprCheck>(`${at(app)}/expr/check`, input, { signal });
}

/** Computes an expression on a real record or on values. */
export function tryExpr(
  app: string,
  input: { entity: string; expr: string; record_id?: string; values?: Record<string, unknown> },
  signal?: AbortSignal,
) {
  return post<ExprTry>(`${at(app)}/expr/try`, input, { signal });
}
