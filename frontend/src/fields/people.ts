// Ids that stand for people, departments and records, and their names.
import type { FieldContext } from './define';

/** The display name of an id; blank while it is unknown. */
export function nameOf(id: string, ctx: FieldContext): string {
  return ctx.names[id] ?? '';
}

/** The id that a typed name means, among the names known here; undefined when none or several do. */
export function readName(text: string, ctx: FieldContext, prefix?: string): string | undefined {
  const wanted = text.normalize('NFKC').trim().replace(/^@/, '').toLowerCase();
  if (ctx.names[text.trim()] !== undefined) return text.trim();
  const found = Object.entries(ctx.names).filter(
    ([id, name]) => (!prefix || id.startsWith(prefix)) && name.normalize('NFKC').trim().toLowerCase() === wanted,
  );
  return found.length === 1 ? found[0]?.[0] : undefined;
}

/** Typed names of several: null for blank, undefined when one is unknown. */
export function readNames(text: string, ctx: FieldContext): string[] | null | undefined {
  const names = text
    .split(/[,，、;；\n\t]/)
    .map((part) => part.trim())
    .filter(Boolean);
  if (names.length === 0) return null;
  const ids = names.map((name) => readName(name, ctx));
  return ids.some((id) => id === undefined) ? undefined : [...new Set(ids as string[])];
}
