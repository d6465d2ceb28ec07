// What functions see and what several of them share.
import { civil, Day, Instant } from './civil';
import { Dec, SCALE } from './decimal';
import { Fault, text, type Value } from './value';

/** What functions may know of the surroundings. */
export interface Context {
  now: Instant;
  zone: string;
  me: string | null;
  departments: string[];
  roles: string[];
}

/** A function of the table. */
export type Fn = (c: Context, ...a: Value[]) => Value;

/** A date or a moment. */
export type When = Day | Instant;

/** Functions by name, each with its own argument types: the server has checked the kinds. */
export type Table = Record<string, (c: Context, ...a: never[]) => Value>;

/** The longest text in bytes. */
export const MAX_TEXT = 65536;

/** The length of a text in UTF-8. */
export const bytes = (s: string): number => new TextEncoder().encode(s).length;

/** Whether a text is longer than the language allows, in UTF-8. */
export function tooLong(s: string): boolean {
  return s.length * 3 > MAX_TEXT && bytes(s) > MAX_TEXT;
}

/** A whole number. */
export const num = (n: number | bigint): Dec => Dec.of(n);

/** An optional argument truncated to a whole number from lo to hi. */
export const truncated = (d: Dec | undefined, otherwise: number, lo: number, hi: number): number =>
  d ? d.clamp(lo, hi) : otherwise;

/** A digits argument. */
export const places = (d?: Dec, otherwise = 0): number => truncated(d, otherwise, -38, SCALE);

/** A count of characters. */
export const count = (d: Dec | undefined, otherwise: number): number => truncated(d, otherwise, 0, MAX_TEXT);

/** A 1-based position as an index. */
export const at = (d?: Dec): number => truncated(d, 1, 1, MAX_TEXT + 1) - 1;

/** The quotient, null when dividing by zero. */
export const quotient = (a: Dec, b: Dec): Dec | null => (b.sign ? a.div(b) : null);

const isBlank = (c: string | undefined): boolean => c !== undefined && ' \t\n\r\u3000'.includes(c);

/** Without the blanks around; a loop, because a pattern would take quadratic time. */
export function trim(s: string): string {
  let [from, to] = [0, s.length];
  while (isBlank(s[from])) from++;
  while (to > from && isBlank(s[to - 1])) to--;
  return s.slice(from, to);
}

/** The civil day of a date or moment. */
export const day = (c: Context, d: When): number => civil(d, c.zone).day;

/** Whether a value is a date or a moment. */
export const isWhen = (v: Value): v is When => v instanceof Day || v instanceof Instant;

/** The elements of a list; none for anything else. */
export const list = (v: Value): Value[] => (Array.isArray(v) ? v : []);

/** Refuses numbers of more digits than the language has. */
export function checked(d: Dec): Dec {
  if (!d.fits) throw new Fault('expr.overflow');
  return d;
}

/** Refuses texts longer than the language allows. */
export function checkedText(s: string): string {
  if (tooLong(s)) throw new Fault('expr.text_too_long');
  return s;
}

/** Writes values one after another, stopping as soon as the text is too long. */
export function joined(a: Value[], sep: string): string {
  let s = '';
  for (const [i, v] of a.entries()) {
    s += (i ? sep : '') + text(v);
    if (s.length > MAX_TEXT) break;
  }
  return checkedText(s);
}

/** Digits with one point and a sign at most. */
export const plain = (s: string): boolean => /^[+-]?(\d+\.?\d*|\.\d+)$/.test(s) && s.replace(/^[+-]/, '').length <= 60;

/** Reads a plain number, rounded at 18 decimals; null if it is none. */
export function parseNumber(s: string): Dec | null {
  const d = plain(trim(s)) ? Dec.parse(trim(s))?.round(SCALE) : null;
  return d?.fits ? d : null;
}
