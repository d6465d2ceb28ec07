import { apiUrl, upload } from '../client';
import type { StoredFile } from '../types';

/** Stores a file for 24 hours; a record that names it keeps it. */
export function uploadFile(
  file: File,
  onProgress?: (share: number) => void,
  signal?: AbortSignal,
): Promise<StoredFile> {
  const form = new FormData();
  form.set('file', file, file.name);
  return upload<StoredFile>('/files', form, onProgress, signal);
}

/** Where a file is read from; the record proves the right to read it. */
export function fileUrl(id: string, record?: string): string {
  return apiUrl(`/files/${id}`, { record });
}

/** Sends a spreadsheet that becomes a new form of an app, with its rows. */
export function uploadFormFile(app: string, file: File, onProgress?: (share: number) => void) {
  const form = new FormData();
  form.set('file', file, file.name);
  return upload<{ entity?: string; menu?: string; job?: string }>(
    `/apps/${encodeURIComponent(app)}/from-file`,
    form,
    onProgress,
  );
}
