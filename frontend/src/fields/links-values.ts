// Links: an id, or the record behind it where the answer was asked to expand it.
import { t } from '@/locales';
import type { FieldContext } from './define';
import { readName } from './people';

export type LinkValue = string | { id: string; title?: string; _title?: string };

export function linkId(value: LinkValue | null | undefined): string | null {
  if (!value) return null;
  return typeof value === 'string' ? value : value.id;
}

/** The title of a linked record; a record that the reader may not see has none. */
export function linkTitle(value: LinkValue | null | undefined, ctx: FieldContext): string {
  const id = linkId(value);
  if (!id) return '';
  const expanded = typeof value === 'object' ? (value?.title ?? value?._title) : undefined;
  return expanded ?? ctx.names[id] ?? t('fields.noAccess');
}

export function linkIds(value: LinkValue[] | null | undefined): string[] {
  return (value ?? []).map(linkId).filter((id): id is string => id !== null);
}

/** A pasted id or a title that is shown here already. */
export function readLink(text: string, ctx: FieldContext): string | undefined {
  const typed = text.trim();
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(typed)) return typed.toLowerCase();
  return readName(typed, ctx);
}
