// Stored files: what may be added, how they are shown.
import type { RuntimeField, StoredFile } from '@/api/types';
import type { IconName } from '@/kit/icons';
import { t } from '@/locales';
import { formatSize } from '@/locales/format';
import { option } from './define';

export const isImage = (file: Pick<StoredFile, 'type' | 'name'>): boolean =>
  /^image\/(png|jpe?g|gif|webp|avif|bmp)$/i.test(file.type) ||
  (!file.type && /\.(png|jpe?g|gif|webp|avif|bmp)$/i.test(file.name));

export function fileIcon(file: Pick<StoredFile, 'type' | 'name'>): IconName {
  if (isImage(file)) return 'image';
  if (/\.(xlsx?|csv)$/i.test(file.name)) return 'excel';
  if (/\.(zip|rar|7z|gz)$/i.test(file.name)) return 'archive';
  return 'file';
}

/** Files of a value: a list, one, or none. */
export function filesOf(value: unknown): StoredFile[] {
  if (Array.isArray(value)) return value as StoredFile[];
  return value && typeof value === 'object' ? [value as StoredFile] : [];
}

/** Whether a name and type fit a list of extensions and types. */
export function accepted(file: Pick<File, 'name' | 'type'>, accept: string[]): boolean {
  if (accept.length === 0) return true;
  const name = file.name.toLowerCase();
  return accept.some((rule) => {
    const wanted = rule.toLowerCase();
    if (wanted.startsWith('.')) return name.endsWith(wanted);
    if (wanted.endsWith('/*')) return file.type.startsWith(wanted.slice(0, -1));
    return file.type === wanted;
  });
}

export interface FileLimits {
  maxCount: number;
  maxSize: number;
  accept: string[];
}

export function limitsOf(field: RuntimeField, images: boolean): FileLimits {
  return {
    maxCount: option(field, 'max_count', 100),
    maxSize: option(field, 'max_size_mb', 100) * 1024 * 1024,
    accept: option(field, 'accept', images ? ['image/*'] : []),
  };
}

/** Why a file may not be added; undefined when it may. */
export function refusal(file: File, limits: FileLimits): string | undefined {
  if (!accepted(file, limits.accept)) return t('fields.fileType', { name: file.name, accept: limits.accept.join(' ') });
  if (file.size > limits.maxSize) return t('fields.fileSize', { name: file.name, size: formatSize(limits.maxSize) });
  if (file.size === 0) return t('fields.fileEmpty', { name: file.name });
  return undefined;
}
