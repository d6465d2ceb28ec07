// Functions on texts.
import { civil, Day } from './civil';
import { at, bytes, count, isWhen, joined, MAX_TEXT, num, parseNumber, places, type Table, trim } from './context';
import { Dec } from './decimal';
import { formatDate, formatNumber, rmbCapital } from './format';
import { Fault, flat, present, Rows, text, type Value } from './value';

const fold = (s: string): string => s.replace(/[A-Z]/g, (c) => c.toLowerCase());

function find(part: string, s: string, start?: Dec): Dec {
  const all = [...s];
  const from = at(start);
  const rest = all.slice(from).join('');
  const i = from > all.length ? -1 : rest.indexOf(part);
  return num(i < 0 ? 0 : from + [...rest.slice(0, i)].length + 1);
}

/** Functions for which any null argument gives null. */
export const strictTexts: Table = {
  LEFT: (_c, s: string, n?: Dec) => [...s].slice(0, count(n, 1)).join(''),
  RIGHT: (_c, s: string, n?: Dec) => {
    const r = [...s];
    return r.slice(Math.max(0, r.length - count(n, 1))).join('');
  },
  MID: (_c, s: string, from: Dec, n: Dec) => [...s].slice(at(from), at(from) + count(n, 0)).join(''),
  UPPER: (_c, s: string) => s.replace(/[a-z]/g, (x) => x.toUpperCase()),
  LOWER: (_c, s: string) => fold(s),
  TRIM: (_c, s: string) => trim(s).replace(/[ \t\n\r\u3000]+/g, ' '),
  VALUE: (_c, s: string) => parseNumber(s),
  JOIN: (_c, l: Value[], sep = ',') => joined(present(l), sep),
  SEARCH: (_c, part: string, s: string, from?: Dec) => find(fold(part), fold(s), from),
  FIND: (_c, part: string, s: string, from?: Dec) => find(part, s, from),
  REPLACE: (_c, s: string, from: Dec, n: Dec, by: string) => {
    const r = [...s];
    return r.slice(0, at(from)).join('') + by + r.slice(at(from) + count(n, 0)).join('');
  },
  SUBSTITUTE: (_c, s: string, old: string, by: string) => {
    if (!old) return s;
    const parts = s.split(old);
    if (bytes(s) + (parts.length - 1) * (bytes(by) - bytes(old)) > MAX_TEXT) throw new Fault('expr.text_too_long');
    return parts.join(by);
  },
  REPT: (_c, s: string, n: Dec) => {
    const times = n.clamp(0, MAX_TEXT + 1);
    if (bytes(s) * times > MAX_TEXT) throw new Fault('expr.text_too_long');
    return s.repeat(times);
  },
  SPLIT: (_c, s: string, sep: string) => (s === '' ? [] : sep === '' ? [s] : s.split(sep)),
  CHAR: (_c, d: Dec) => {
    const n = d.clamp(0, 0x110000);
    const ok =
      n === 9 ||
      n === 10 ||
      n === 13 ||
      (n > 31 && n < 127) ||
      (n > 159 && (n < 0xd800 || n > 0xdfff) && n <= 0x10ffff);
    return ok ? String.fromCodePoint(n) : null;
  },
  TEXT: (c, v: Value, format = '') => {
    if (v instanceof Dec) return formatNumber(v, format);
    if (isWhen(v))
      return formatDate(civil(v, c.zone), format || (v instanceof Day ? 'yyyy-MM-dd' : 'yyyy-MM-dd HH:mm:ss'));
    return text(v);
  },
  FIXED: (_c, d: Dec, p?: Dec) => d.round(places(p, 2)).fixed(Math.max(0, places(p, 2))),
  RMBCAP: (_c, d: Dec) => rmbCapital(d),
};

/** Functions that see null arguments. */
export const totalTexts: Table = {
  CONCATENATE: (_c, ...a: Value[]) => joined(flat(a), ''),
  LEN: (_c, v: Value) =>
    num(v instanceof Rows ? v.rows.length : Array.isArray(v) ? v.length : [...((v ?? '') as string)].length),
};
