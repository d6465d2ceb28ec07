// The function table: one entry per operator and function of the language,
// named as the server's table (schema/expr) names them.

import { toTime } from './civil';
import { type Context, type Fn, joined, list, num, plain, quotient, type Table, trim, type When } from './context';
import { strictDates, totalDates } from './dates';
import type { Dec } from './decimal';
import { strictLists, totalLists } from './lists';
import { power, strictMaths, totalMaths } from './maths';
import { distanceMetres } from './place';
import { strictTexts, totalTexts } from './texts';
import { compare, flat, identity, Json, Rows, same, type Value } from './value';

const order =
  (ok: (c: number) => boolean): Fn =>
  (_c, a, b) => {
    const x = compare(a as Value, b as Value);
    return x !== null && ok(x);
  };

const textual = (f: (s: string, part: string) => boolean) => (_c: Context, a: Value, b: Value) =>
  a !== null && b !== null && f(a as string, b as string);

function place(v: Value): [number, number] | null {
  let p: unknown[] = [];
  if (v instanceof Json) {
    const o = v.raw as { lat?: unknown; lng?: unknown } | null;
    p = [o?.lat, o?.lng];
  } else if (typeof v === 'string') {
    const i = v.indexOf(',');
    p = (i < 0 ? [] : [trim(v.slice(0, i)), trim(v.slice(i + 1))]).map((x) => (plain(x) ? Number(x) : null));
  }
  const [lat, lng] = p;
  return typeof lat === 'number' && typeof lng === 'number' && Math.abs(lat) <= 90 && Math.abs(lng) <= 180
    ? [lat, lng]
    : null;
}

/** Functions for which any null argument gives null. */
const strict: Table = {
  add: (_c, a: Dec, b: Dec) => a.add(b),
  sub: (_c, a: Dec, b: Dec) => a.sub(b),
  mul: (_c, a: Dec, b: Dec) => a.mul(b),
  div: (_c, a: Dec, b: Dec) => quotient(a, b),
  rem: (_c, a: Dec, b: Dec) => (b.sign ? a.rem(b) : null),
  pow: (_c, a: Dec, b: Dec) => power(a, b),
  neg: (_c, a: Dec) => a.neg(),
  text_add: (_c, a: Value, b: Value) => joined([a, b], ''),
  to_time: (c, v: When) => toTime(v, c.zone),
  DISTANCE: (_c, a: Value, b: Value) => {
    const [p, q] = [place(a), place(b)];
    return p && q ? num(distanceMetres(p, q)) : null;
  },
};

/** Functions that see null arguments. */
const total: Table = {
  eq: (_c, a: Value, b: Value) => same(a, b),
  ne: (_c, a: Value, b: Value) => !same(a, b),
  lt: order((x) => x < 0),
  le: order((x) => x <= 0),
  gt: order((x) => x > 0),
  ge: order((x) => x >= 0),
  between: (_c, v: Value, lo: Value, hi: Value) => (compare(v, lo) ?? -1) >= 0 && (compare(v, hi) ?? 1) <= 0,
  coalesce: (_c, a: Value, b: Value) => a ?? b,
  in: (_c, v: Value, l: Value) => list(l).some((x) => same(v, x)),
  overlaps: (_c, a: Value, b: Value) => {
    const seen = new Set(list(a).map(identity));
    return list(b).some((x) => seen.has(identity(x)));
  },
  contains: textual((s, part) => s.includes(part)),
  starts_with: textual((s, part) => s.startsWith(part)),
  ends_with: textual((s, part) => s.endsWith(part)),
  XOR: (_c, ...a: Value[]) => flat(a).filter((v) => v === true).length % 2 === 1,
  SWITCH: (_c, v: Value, ...a: Value[]) => {
    let i = 0;
    for (; i + 1 < a.length; i += 2) if (same(v, a[i] as Value)) return a[i + 1] as Value;
    return a[i] ?? null;
  },
  ISEMPTY: (_c, v: Value) => {
    if (v instanceof Rows) return v.rows.length === 0;
    if (v instanceof Json) return typeof v.raw === 'object' && v.raw !== null && Object.keys(v.raw).length === 0;
    return v === null || v === '' || (Array.isArray(v) && v.length === 0);
  },
  me: (c) => c.me,
  my_departments: (c) => c.departments,
  my_roles: (c) => c.roles,
};

const table = new Map<string, Fn>();
for (const [name, f] of Object.entries({ ...total, ...totalMaths, ...totalTexts, ...totalLists, ...totalDates })) {
  table.set(name, f as Fn);
}
for (const [name, f] of Object.entries({ ...strict, ...strictMaths, ...strictTexts, ...strictLists, ...strictDates })) {
  table.set(name, (c, ...a) => (a.includes(null) ? null : (f as Fn)(c, ...a)));
}

/** The functions by name. */
export const functions: ReadonlyMap<string, Fn> = table;
