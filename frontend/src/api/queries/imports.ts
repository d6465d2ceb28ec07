import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, post, request, upload } from '../client';
import { keys } from '../keys';
import type { ImportDryRun, ImportUpload, Job, Json, ReadyMapping } from '../types';
import { type EntityRef, recordsPath } from './records';

const at = (ref: EntityRef) => recordsPath(ref).replace(/\/records$/, '/import');

/** Reads a file, or pasted text, and guesses what its columns are. */
export function useImportUpload(ref: EntityRef) {
  return useMutation({
    mutationFn: (source: { file: File; onProgress?: (share: number) => void } | { text: string }) => {
      if ('text' in source) return post<ImportUpload>(`${at(ref)}/upload`, { text: source.text });
      const form = new FormData();
      form.set('file', source.file, source.file.name);
      return upload<ImportUpload>(`${at(ref)}/upload`, form, source.onProgress);
    },
  });
}

/** The mappings that the app's template ships for a form. */
export function useReadyMappings(ref: EntityRef) {
  return useQuery({
    queryKey: keys.mappings(ref.app, ref.entity),
    queryFn: ({ signal }) => get<{ items: ReadyMapping[] }>(`${at(ref)}/mappings`, undefined, signal),
    select: (answer) => answer.items,
  });
}

export interface ImportMapping {
  mapping: Record<string, Json>;
  sheet?: string;
  header_row?: number;
  mode?: 'insert' | 'update' | 'upsert';
  match?: string[];
  run_rules?: boolean;
  fixes?: Record<string, Json>;
}

export function useImportDryRun(ref: EntityRef) {
  return useMutation({
    mutationFn: ({ id, ...input }: ImportMapping & { id: string }) =>
      post<ImportDryRun>(`${at(ref)}/${id}/dry-run`, input),
  });
}

export function useImportRun(ref: EntityRef) {
  return useMutation({
    mutationFn: ({ id, ...input }: ImportMapping & { id: string }) =>
      post<{ job: string }>(`${at(ref)}/${id}/run`, input),
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
