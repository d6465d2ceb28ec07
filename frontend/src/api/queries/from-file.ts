import { useMutation } from '@tanstack/react-query';
import { post, upload } from '../client';
import type { FormProposal, ImportRefusal, ProposedForm } from '../types';

/** What is said about reading a table; the rest is guessed. */
export interface ReadOptions {
  sheet?: string;
  /** The line with the names, from 1; -1: there is none. */
  header?: number;
}

/** What a job has made of a table. */
export interface MadeForm {
  entity: string;
  key: string;
  operation: string;
  import: { created: number; bad: number; refused: ImportRefusal[] | null } | null;
}

const at = (app: string) => `/apps/${encodeURIComponent(app)}/from-file`;

/** Sends a table and gets the form that would hold it. */
export function proposeForm(
  app: string,
  source: File | string,
  onProgress?: (share: number) => void,
): Promise<FormProposal> {
  if (typeof source === 'string') return post<FormProposal>(`${at(app)}/upload`, { text: source });
  const form = new FormData();
  form.set('file', source, source.name);
  return upload<FormProposal>(`${at(app)}/upload`, form, onProgress);
}

/** Reads the same table another way. */
export function useReread() {
  return useMutation({
    mutationFn: ({ app, upload: id, read }: { app: string; upload: string; read: ReadOptions }) =>
      post<FormProposal>(`${at(app)}/${id}/propose`, { read }),
  });
}

/** Makes the form and imports the rows, as a job. */
export function useMakeForm() {
  return useMutation({
    mutationFn: ({
      app,
      upload: id,
      ...input
    }: {
      app: string;
      upload: string;
      read: ReadOptions;
      form: ProposedForm;
    }) => post<{ job: string }>(`${at(app)}/${id}/run`, input),
  });
}
