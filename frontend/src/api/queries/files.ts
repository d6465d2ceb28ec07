import { apiUrl } from '../client';

/** Where a file is read from; the record proves the right to read it. */
export function fileUrl(id: string, record?: string): string {
  return apiUrl(`/files/${id}`, { record });
}
