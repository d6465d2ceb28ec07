// Public links. Plain functions: the public page is small and has one answer to
// keep, so it goes without the query library.
import { post, request } from '../client';
import type { PublicShare, RecordData } from '../types';

const headers = (password: string | undefined): Record<string, string> =>
  password ? { 'X-Share-Password': password } : {};

/** What a public link shows to somebody who is not signed in. */
export function fetchPublicShare(token: string, password?: string, signal?: AbortSignal): Promise<PublicShare> {
  return request<PublicShare>(`/public/${encodeURIComponent(token)}`, { headers: headers(password), signal });
}

/** Submits a public form. The key makes a repeated press harmless. */
export function submitPublic(
  token: string,
  values: Record<string, unknown>,
  idempotencyKey: string,
  password?: string,
): Promise<RecordData> {
  return post<RecordData>(`/public/${encodeURIComponent(token)}/records`, values, {
    headers: headers(password),
    idempotencyKey,
  });
}
