import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { del, get, listOf, patch, post, upload } from '../client';
import { keys } from '../keys';
import type { AppSummary, Catalog, Field, Hue, Json, Runtime, SavedView, Share, Text } from '../types';

const at = (app: string) => `/apps/${encodeURIComponent(app)}`;

export function useApps(ws: string) {
  return useQuery({
    queryKey: keys.apps(ws),
    queryFn: async ({ signal }) =>
      listOf<AppSummary>(
        await get<AppSummary[] | object>(`/workspaces/${encodeURIComponent(ws)}/apps`, undefined, signal),
      ),
    staleTime: 30_000,
  });
}

export function useCreateApp(ws: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { key?: string; name: Text; icon?: string; hue?: Hue }) =>
      post<AppSummary>(`/workspaces/${encodeURIComponent(ws)}/apps`, input),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.apps(ws) }),
  });
}

export function useDeleteApp(ws: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (app: string) => del(at(app)),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.apps(ws) }),
  });
}

/** Imports an app that was exported as files. */
export function useImportApp(ws: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (file: File) => {
      const form = new FormData();
      form.set('file', file);
      return upload<{ app: string; job: string | null }>(`/workspaces/${encodeURIComponent(ws)}/apps/import`, form);
    },
    onSuccess: () => client.invalidateQueries({ queryKey: keys.apps(ws) }),
  });
}

export const runtimeQuery = (app: string) => ({
  queryKey: keys.runtime(app),
  queryFn: ({ signal }: { signal: AbortSignal }) => get<Runtime>(`${at(app)}/runtime`, undefined, signal),
  staleTime: 60_000,
});

/** The published app as the caller may see it. */
export function useRuntime(app: string | undefined) {
  return useQuery({ ...runtimeQuery(app ?? ''), enabled: app !== undefined });
}

/** Adds a field, or a choice of a field, from the grid's header and publishes it at once. */
export function useQuickField(app: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { entity: string; field: Partial<Field>; choice?: { label: string; hue: string } }) =>
      post<{ version: number }>(`${at(app)}/quick-field`, input),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.runtime(app) }),
  });
}

/** Says which menu members start with; no publish is needed. */
export function useSetLight(app: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (light: boolean) => patch<void>(at(app), { light }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.runtime(app) }),
  });
}

export function useUpdateParams(app: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (params: Record<string, Json>) => patch<void>(`${at(app)}/params`, params),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.runtime(app) }),
  });
}

export function useSavedViews(app: string) {
  return useQuery({
    queryKey: keys.savedViews(app),
    queryFn: async ({ signal }) =>
      listOf<SavedView>(await get<SavedView[] | object>(`${at(app)}/views`, undefined, signal)),
    staleTime: 60_000,
  });
}

export function useSaveView(app: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...view }: Partial<SavedView>) =>
      id ? patch<SavedView>(`${at(app)}/views/${id}`, view) : post<SavedView>(`${at(app)}/views`, view),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.savedViews(app) }),
  });
}

export function useDeleteView(app: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => del(`${at(app)}/views/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.savedViews(app) }),
  });
}

/** A link is told its password, and says only whether it has one. */
type ShareInput = Omit<Partial<Share>, 'password'> & { password?: string };

export function useShares(app: string) {
  return useQuery({
    queryKey: keys.shares(app),
    queryFn: async ({ signal }) => listOf<Share>(await get<Share[] | object>(`${at(app)}/shares`, undefined, signal)),
  });
}

export function useCreateShare(app: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: ShareInput) => post<Share>(`${at(app)}/shares`, input),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.shares(app) }),
  });
}

export function useUpdateShare(app: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...change }: ShareInput & { id: string }) => patch<Share>(`${at(app)}/shares/${id}`, change),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.shares(app) }),
  });
}

export function useDeleteShare(app: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => del(`${at(app)}/shares/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.shares(app) }),
  });
}

/** Every part the server knows: field types, steps, widgets, functions. */
export function useCatalog() {
  return useQuery({
    queryKey: keys.catalog,
    queryFn: ({ signal }) => get<Catalog>('/catalog', undefined, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
