import { useMutation, useQuery } from '@tanstack/react-query';
import { post, request } from '../client';
import { keys } from '../keys';
import type { PublicShare, RecordData } from '../types';

const passwordHeader = (password: string | undefined) => (password ? { 'X-Share-Password': password } : undefined);

/** What a public link shows to somebody who is not signed in. */
export function usePublicShare(token: string, password?: string) {
  return useQuery({
    queryKey: [...keys.share(token), password ?? ''],
    queryFn: ({ signal }) => request<PublicShare>(`/public/${encodeURIComponent(token)}`, { headers: passwordHeader(password), signal }),
    retry: false,
  });
}

export function useSubmitPublic(token: string, password?: string) {
  return useMutation({
    mutationFn: (values: Record<string, unknown>) =>
      post<RecordData>(`/public/${encodeURIComponent(token)}/records`, values, {
        headers: passwordHeader(password),
        idempotencyKey: crypto.randomUUID(),
      }),
  });
}
