// Values as expressions see them, and how they come from and go to JSON.
import { Day, dayText, Instant, instantText, parseDay, parseInstant } from './civil';
import { Dec } from './decimal';

/** The names of the kinds, as the server writes them. */
export type Kind = 'null' | 'bool' | 'number' | 'text' | 'time' | 'date' | 'ref' | 'list' | 'object' | 'rows';

/** Any JSON value kept as it is: an address, a location, files. */
export class Json {
  constructor(readonly raw: unknown) {}
}

/** The rows of a sub-form. */
export class Rows {
  constructor(readonly rows: unknown[]) {}
}

export type Value = null | boolean | string | Dec | Day | Instant | Json | Rows | Value[];

/** The form cannot compute this: ask the server. */
export class Unsupported extends Error {}

/** The expression has no answer, with the server's fault code. */
export class Fault extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

/** Reads a field of the record's JSON as the kind that the tree gives it. */
export function fromJson(raw: unknown, kind: Kind, elem: Kind = 'null'): Value {
  if (raw === null || raw === undefined) return null;
  switch (kind) {
    case 'bool':
      return typeof raw === 'boolean' ? raw : null;
    case 'number':
      return Dec.parse(String(raw));
    case 'date':
      return parseDay(String(raw));
    case 'time':
      return parseInstant(String(raw));
    case 'ref':
      return typeof raw === 'object' ? fromJson((raw as Record<string, unknown>).id, 'text') : String(raw);
    case 'text':
      return String(raw);
    case 'list':
      return Array.isArray(raw) ? raw.map((x) => fromJson(x, elem)) : null;
    case 'rows':
      return Array.isArray(raw) ? new Rows(raw) : null;
    case 'object':
      return new Json(raw);
  }
  if (Array.isArray(raw)) return raw.map((x) => fromJson(x, 'null'));
  if (typeof raw === 'object') return new Json(raw);
  return typeof raw === 'number' ? Dec.parse(String(raw)) : (raw as string | boolean);
}

/** The value as JSON, as the server would write it. */
export function toJson(v: Value): unknown {
  if (v instanceof Dec) {
    const s = v.toString();
    return s.replace(/\D/g, '').length <= 15 ? Number(s) : s;
  }
  if (v instanceof Day) return dayText(v.n);
  if (v instanceof Instant) return instantText(v, true);
  if (v instanceof Json) return v.raw;
  if (v instanceof Rows) return v.rows;
  return Array.isArray(v) ? v.map(toJson) : v;
}

/** The value as text inside a formula; no locale, no zone. */
export function text(v: Value): string {
  if (v === null) return '';
  if (v instanceof Json || v instanceof Rows) throw new Unsupported('text of an object');
  if (v instanceof Instant) return instantText(v, false);
  if (v instanceof Day) return dayText(v.n);
  return Array.isArray(v) ? v.map(text).join(', ') : String(v);
}

/** Compares texts by code point, which is the order of their UTF-8 bytes. */
function compareText(a: string, b: string): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    let x = a.charCodeAt(i);
    let y = b.charCodeAt(i);
    if (x !== y) {
      // Surrogates stand for the characters above all others.
      if (x >= 0xd800 && y >= 0xd800) {
        x = x >= 0xe000 ? x - 0x2000 : x + 0x2000;
        y = y >= 0xe000 ? y - 0x2000 : y + 0x2000;
      }
      return x < y ? -1 : 1;
    }
  }
  return Math.sign(a.length - b.length);
}

/** Orders two values of one kind; null when they cannot be ordered. */
export function compare(a: Value, b: Value): number | null {
  if (a instanceof Dec && b instanceof Dec) return a.cmp(b);
  if (a instanceof Day && b instanceof Day) return Math.sign(a.n - b.n);
  if (a instanceof Instant && b instanceof Instant) return a.us < b.us ? -1 : a.us > b.us ? 1 : 0;
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  return typeof a === 'boolean' && typeof b === 'boolean' ? Number(a) - Number(b) : null;
}

/** A text that two values share exactly when they are the same value. */
export function identity(v: Value): string {
  if (typeof v === 'string') return `t${v}`;
  if (Array.isArray(v)) {
    return `l${v
      .map(identity)
      .map((s) => `${s.length}:${s}`)
      .join('')}`;
  }
  if (v instanceof Json || v instanceof Rows) return `o${JSON.stringify(toJson(v))}`;
  if (v instanceof Instant) return `i${v.us}`;
  return (v instanceof Dec ? 'n' : v instanceof Day ? 'd' : 'b') + (v === null ? '' : text(v));
}

/** Equality; null is a value and equals itself. */
export const same = (a: Value, b: Value): boolean => identity(a) === identity(b);

/** Spreads lists among values, nested ones too. */
export const flat = (a: Value[]): Value[] => a.flatMap((v) => (Array.isArray(v) ? flat(v) : [v]));

/** Leaves nulls out. */
export const present = (a: Value[]): Exclude<Value, null>[] => a.filter((v) => v !== null);
