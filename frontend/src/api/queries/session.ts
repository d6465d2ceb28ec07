import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, patch, post, request } from '../client';
import { keys } from '../keys';
import type { Bootstrap, InvitationInfo, Me } from '../types';

export const bootstrapQuery = {
  queryKey: keys.bootstrap,
  queryFn: ({ signal }: { signal: AbortSignal }) => get<Bootstrap>('/bootstrap', undefined, signal),
  staleTime: 60_000,
};

/** Who is signed in, and where they are a member. */
export function useBootstrap() {
  return useQuery(bootstrapQuery);
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { email: string; password: string }) => post<void>('/session', input),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.bootstrap }),
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => request<void>('/session', { method: 'DELETE' }),
    // Nothing of one member may stay in memory for the next.
    onSuccess: () => client.clear(),
  });
}

export function useSetup() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { token: string; email: string; password: string; name: string; workspace: string }) =>
      post<void>('/setup', input),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.bootstrap }),
  });
}

export function useUpdateMe() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: Partial<Pick<Me, 'name' | 'locale' | 'theme' | 'time_zone'>>) => patch<Me>('/me', change),
    onMutate: (change) => {
      const before = client.getQueryData<Bootstrap>(keys.bootstrap);
      if (before?.me) client.setQueryData<Bootstrap>(keys.bootstrap, { ...before, me: { ...before.me, ...change } });
      return { before };
    },
    onError: (_error, _change, context) => {
      if (context?.before) client.setQueryData(keys.bootstrap, context.before);
    },
  });
}

export function useChangePassword() {
  return useMutation({ mutationFn: (input: { old: string; new: string }) => post<void>('/me/password', input) });
}

export function useInvitationInfo(token: string) {
  return useQuery({
    queryKey: keys.invitation(token),
    queryFn: ({ signal }) => get<InvitationInfo>(`/invitations/${encodeURIComponent(token)}`, undefined, signal),
    retry: false,
  });
}

export function useAcceptInvitation(token: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { name: string; email: string; password: string }) =>
      post<void>(`/invitations/${encodeURIComponent(token)}/accept`, input),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.bootstrap }),
  });
}
