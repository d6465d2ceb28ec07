import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { textOf } from '@/locales/text';
import { get, post, request } from '../client';
import { keys } from '../keys';
import type { Job, Mapping, ReadyMapping, TakenRows, Text } from '../types';
import type { ReadOptions } from './from-file';
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

/** How many rows of a table the conditions of a mapping take, and the first of them; nothing is asked without conditions. */
export function useTakenRows(ref: EntityRef, upload: string | undefined, read: ReadOptions, { rows, filter }: Mapping) {
  const mapping = { rows, filter };
  return useQuery({
    queryKey: keys.takenRows(ref.app, ref.entity, upload ?? '', { ...mapping, read }),
    queryFn: ({ signal }) => post<TakenRows>(`${at(ref)}/${upload}/rows`, { read, mapping }, { signal }),
    enabled: upload !== undefined && (rows !== undefined || filter !== undefined),
    placeholderData: (previous) => previous,
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

/** Why a job failed, in words. */
export function jobFault(job: Job | undefined): string | undefined {
  const errors = job?.state === 'failed' ? ((job.result?.errors ?? []) as unknown as Text[]) : [];
  return errors.map((e) => textOf(e)).join(' ') || undefined;
}

export function useCancelJob() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request<void>(`/jobs/${id}/cancel`, { method: 'POST', body: {} }),
    onSuccess: (_void, id) => client.invalidateQueries({ queryKey: keys.job(id) }),
  });
}
