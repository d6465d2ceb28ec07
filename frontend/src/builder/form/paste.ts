// Columns of a spreadsheet as new fields: names from the first row, types from
// what stands below it.
import type { Choice, RuntimeField } from '@/api/types';
import { type FieldContext, fieldOf } from '@/fields';
import type { FieldPart, Parts } from '../parts';

export interface PastedColumn {
  name: string;
  samples: string[];
  type: string;
  choices?: Choice[];
}

/** Lines and cells of copied cells; quoted cells may hold line breaks. */
export function cellsOf(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (quoted) {
      if (c === '"' && text[i + 1] === '"') {
        cell += '"';
        i++;
      } else if (c === '"') quoted = false;
      else cell += c;
    } else if (c === '"' && cell === '') quoted = true;
    else if (c === '\t') {
      rows.at(-1)?.push(cell.trim());
      cell = '';
    } else if (c === '\n') {
      rows.at(-1)?.push(cell.trim());
      cell = '';
      rows.push([]);
    } else if (c !== '\r') cell += c;
  }
  rows.at(-1)?.push(cell.trim());
  return rows.filter((row) => row.some((c) => c !== ''));
}

// Types whose own reading of text tells them apart, the strictest first.
const telling = ['date', 'datetime', 'email', 'url', 'number', 'phone'];

/** The type that can read all samples, and the choices when few words repeat. */
export function guessType(samples: string[], parts: Parts, ctx: FieldContext): { type: string; choices?: string[] } {
  const filled = samples.filter((s) => s !== '');
  const text = parts.fields.has('text') ? 'text' : ([...parts.fields.keys()][0] ?? 'text');
  if (filled.length === 0) return { type: text };
  const reads = (name: string) => {
    const part = parts.fields.get(name) as FieldPart;
    const type = fieldOf(name);
    const field: RuntimeField = {
      id: name,
      key: name,
      name,
      type: name,
      kind: part.kind,
      traits: part.traits,
      readable: true,
      writable: true,
    };
    return (
      !!type.parseText &&
      filled.every((s) => {
        const value = type.parseText?.(s, field, ctx);
        return value !== undefined && value !== null && !type.check?.(value, field, ctx);
      })
    );
  };
  // Long digits are numbers of phones and accounts, not amounts.
  const digits = filled.every((s) => /^\+?\d{11,}$/.test(s));
  for (const name of digits ? ['phone', ...telling] : telling)
    if (parts.fields.has(name) && reads(name)) return { type: name };
  const words = new Set(filled);
  const select = [...parts.fields.values()].find((p) => p.kind === 'text' && p.options.properties?.choices);
  if (
    select &&
    filled.length >= 6 &&
    words.size <= Math.min(8, filled.length / 2) &&
    filled.every((s) => s.length <= 16)
  ) {
    return { type: select.name, choices: [...words] };
  }
  const long = [...parts.fields.values()].find((p) => p.name === 'long_text');
  return { type: long && filled.some((s) => s.length > 80 || s.includes('\n')) ? long.name : text };
}
