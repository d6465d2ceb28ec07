import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, request } from '../client';
import { keys } from '../keys';
import type { Job, ReadyMapping } from '../types';
import { type EntityRef, recordsPath } from './records';

const at = (ref: EntityRef) => recordsPath(ref).replace(/\/records$/, '/import');

/** The mappings that the app's template ships for a form. */
export function useReadyMappings(ref: EntityRef) {
  return useQuery({
    queryKey: keys.mappings(ref.app, ref.entity),
    queryFn: ({ signal }) => get<{ items: ReadyMapping[] }>(`${at(ref)}/mappings`, undefined, signal),
    select: (answer) => answer.items,
  });
}

const finished = (state: string | undefined) => state === 'done' || state === 'failed' || state === 'cancelled';

/** A background job, followed until it ends. */
export function useJob(id: string | undefined) {
  return useQuery({
    queryKey: keys.job(id ?? ''),
    queryFn: ({ signal }) => get<Job>(`/jobs/${id}`, undefined, signal),
    enabled: id !== undefined,
    refetchInterval: (query) => (finished(query.state.data?.state) ? false : 1000),
  });
}

export function useCancelJob() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request<void>(`/jobs/${id}/cancel`, { method: 'POST', body: {} }),
    onSuccess: (_void, id) => client.invalidateQueries({ queryKey: keys.job(id) }),
  });
}
