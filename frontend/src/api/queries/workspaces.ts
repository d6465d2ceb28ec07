import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { del, get, listOf, patch, post, put } from '../client';
import { keys } from '../keys';
import type {
  ApiKey,
  AuditEntry,
  Department,
  Directory,
  Invitation,
  Member,
  NewInvitation,
  OutboxMail,
  RecycleItem,
  Webhook,
  WebhookDelivery,
  WorkspaceRef,
  WorkspaceSettings,
} from '../types';

const at = (ws: string) => `/workspaces/${encodeURIComponent(ws)}`;

export function useCreateWorkspace() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { key: string; name: string }) => post<WorkspaceRef>('/workspaces', input),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.bootstrap }),
  });
}

/** Members and departments for pickers and names. */
export function useDirectory(ws: string, search = '') {
  return useQuery({
    queryKey: keys.directory(ws, search),
    queryFn: ({ signal }) => get<Directory>(`${at(ws)}/directory`, { search }, signal),
    staleTime: 60_000,
    placeholderData: (previous) => previous,
  });
}

// One set of hooks per administered list: they differ in their shape only.
function resource<T extends { id: string }, Input = Partial<T>>(name: string, key: (ws: string) => readonly unknown[]) {
  return {
    useList: (ws: string, enabled = true) =>
      useQuery({
        queryKey: key(ws),
        enabled,
        queryFn: async ({ signal }) => listOf<T>(await get<T[] | object>(`${at(ws)}/${name}`, undefined, signal)),
      }),
    useCreate: (ws: string) => {
      const client = useQueryClient();
      return useMutation({
        mutationFn: (input: Input) => post<T>(`${at(ws)}/${name}`, input),
        onSuccess: () => client.invalidateQueries({ queryKey: keys.workspace(ws) }),
      });
    },
    useUpdate: (ws: string) => {
      const client = useQueryClient();
      return useMutation({
        mutationFn: ({ id, ...change }: Input & { id: string }) => patch<T>(`${at(ws)}/${name}/${id}`, change),
        onSuccess: () => client.invalidateQueries({ queryKey: keys.workspace(ws) }),
      });
    },
    useDelete: (ws: string) => {
      const client = useQueryClient();
      return useMutation({
        mutationFn: (id: string) => del(`${at(ws)}/${name}/${id}`),
        onSuccess: () => client.invalidateQueries({ queryKey: keys.workspace(ws) }),
      });
    },
  };
}

export const members = resource<Member>('members', keys.members);
export const departments = resource<Department>('departments', keys.departments);
export const invitations = resource<Invitation, NewInvitation>('invitations', keys.invitations);
export const apiKeys = resource<ApiKey>('api-keys', keys.apiKeys);
export const webhooks = resource<Webhook>('webhooks', keys.webhooks);

export function useDeliveries(ws: string, webhook: string) {
  return useQuery({
    queryKey: keys.deliveries(ws, webhook),
    queryFn: async ({ signal }) =>
      listOf<WebhookDelivery>(
        await get<WebhookDelivery[] | object>(`${at(ws)}/webhooks/${webhook}/deliveries`, undefined, signal),
      ),
  });
}

export function useResendDelivery(ws: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => post<void>(`${at(ws)}/deliveries/${id}/resend`),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.webhooks(ws) }),
  });
}

interface AuditPage {
  items: AuditEntry[];
  next: string | undefined;
}

export function useAudit(ws: string, filter: Record<string, string | undefined> = {}) {
  return useInfiniteQuery({
    queryKey: keys.audit(ws, filter),
    queryFn: async ({ pageParam, signal }): Promise<AuditPage> => {
      const body = await get<AuditEntry[] | { next_cursor?: string | null }>(
        `${at(ws)}/audit`,
        { ...filter, cursor: pageParam },
        signal,
      );
      return {
        items: listOf<AuditEntry>(body),
        next: (Array.isArray(body) ? undefined : body.next_cursor) ?? undefined,
      };
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });
}

export function useSettings(ws: string) {
  return useQuery({
    queryKey: keys.settings(ws),
    queryFn: ({ signal }) => get<WorkspaceSettings>(`${at(ws)}/settings`, undefined, signal),
  });
}

export function useUpdateSettings(ws: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: Partial<WorkspaceSettings>) => patch<WorkspaceSettings>(`${at(ws)}/settings`, change),
    onSuccess: () => {
      client.invalidateQueries({ queryKey: keys.settings(ws) });
      client.invalidateQueries({ queryKey: keys.bootstrap });
    },
  });
}

export function useTestMail(ws: string) {
  return useMutation({ mutationFn: (to: string) => post<void>(`${at(ws)}/settings/test-mail`, { to }) });
}

/** Names of the secrets that rules may use; the secrets themselves are never read back. */
export function useSecrets(ws: string) {
  return useQuery({
    queryKey: keys.secrets(ws),
    queryFn: async ({ signal }) => listOf<string>(await get<string[] | object>(`${at(ws)}/secrets`, undefined, signal)),
  });
}

export function usePutSecret(ws: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, secret }: { name: string; secret: string }) =>
      put<void>(`${at(ws)}/secrets/${encodeURIComponent(name)}`, { secret }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.secrets(ws) }),
  });
}

export function useRemoveSecret(ws: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => del<void>(`${at(ws)}/secrets/${encodeURIComponent(name)}`),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.secrets(ws) }),
  });
}

export function useOutbox(ws: string) {
  return useQuery({
    queryKey: keys.outbox(ws),
    queryFn: async ({ signal }) =>
      listOf<OutboxMail>(await get<OutboxMail[] | object>(`${at(ws)}/outbox`, undefined, signal)),
  });
}

export function useRecycleBin(ws: string) {
  return useQuery({
    queryKey: keys.recycleBin(ws),
    queryFn: async ({ signal }) =>
      listOf<RecycleItem>(await get<RecycleItem[] | object>(`${at(ws)}/recycle-bin`, undefined, signal)),
  });
}
