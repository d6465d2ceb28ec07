// The function table: one entry per operator and function of the language,
// named as the server's table (schema/expr) names them.
import {
  addMonths,
  civil,
  DAY,
  Day,
  dateOf,
  days,
  daysIn,
  elapsed,
  Instant,
  instantOf,
  moved,
  parseDay,
  parseInstant,
  shift,
  timeOf,
  toTime,
  weekday,
  ymd,
} from './civil';
import { Dec, SCALE } from './decimal';
import { formatDate, formatNumber, rmbCapital } from './format';
import { distanceMetres } from './place';
import { compare, Fault, flat, identity, Json, present, Rows, same, text, type Value } from './value';

/** What functions may know of the surroundings. */
export interface Context {
  now: Instant;
  zone: string;
  me: string | null;
  departments: string[];
  roles: string[];
}

type Fn = (c: Context, ...a: Value[]) => Value;
type When = Day | Instant;

export const MAX_TEXT = 65536;

/** Whether a text is longer than the language allows, in UTF-8. */
export function tooLong(s: string): boolean {
  return s.length * 3 > MAX_TEXT && bytes(s) > MAX_TEXT;
}

const bytes = (s: string): number => new TextEncoder().encode(s).length;

const num = (n: number | bigint): Dec => Dec.of(n);
const truncated = (d: Dec | undefined, otherwise: number, lo: number, hi: number): number =>
  d ? d.clamp(lo, hi) : otherwise;
/** A digits argument. */
const places = (d?: Dec, otherwise = 0): number => truncated(d, otherwise, -38, SCALE);
/** A count of characters. */
const count = (d: Dec | undefined, otherwise: number): number => truncated(d, otherwise, 0, MAX_TEXT);
/** A 1-based position as an index. */
const at = (d?: Dec): number => truncated(d, 1, 1, MAX_TEXT + 1) - 1;
const isNumber = (v: Value): v is Dec => v instanceof Dec;
const numbers = (a: Value[]): Dec[] => flat(a).filter(isNumber);
const sum = (a: Dec[]): Dec => a.reduce((s, d) => s.add(d), num(0));
const quotient = (a: Dec, b: Dec): Dec | null => (b.sign ? a.div(b) : null);
const fold = (s: string): string => s.replace(/[A-Z]/g, (c) => c.toLowerCase());
const trim = (s: string): string => s.replace(/^[ \t\n\r\u3000]+|[ \t\n\r\u3000]+$/g, '');
const day = (c: Context, d: When): number => civil(d, c.zone).day;
const isWhen = (v: Value): v is When => v instanceof Day || v instanceof Instant;

function checked(d: Dec): Dec {
  if (!d.fits) throw new Fault('expr.overflow');
  return d;
}

function checkedText(s: string): string {
  if (tooLong(s)) throw new Fault('expr.text_too_long');
  return s;
}

/** Writes values one after another, stopping as soon as the text is too long. */
function joined(a: Value[], sep: string): string {
  let s = '';
  for (const [i, v] of a.entries()) {
    s += (i ? sep : '') + text(v);
    if (s.length > MAX_TEXT) break;
  }
  return checkedText(s);
}

/** Digits with one point and a sign at most. */
const plain = (s: string): boolean => /^[+-]?(\d+\.?\d*|\.\d+)$/.test(s) && s.replace(/^[+-]/, '').length <= 60;

function parseNumber(s: string): Dec | null {
  const d = plain(trim(s)) ? Dec.parse(trim(s))?.round(SCALE) : null;
  return d?.fits ? d : null;
}

const order =
  (ok: (c: number) => boolean): Fn =>
  (_c, a, b) => {
    const x = compare(a as Value, b as Value);
    return x !== null && ok(x);
  };

const textual = (f: (s: string, part: string) => boolean) => (_c: Context, a: Value, b: Value) =>
  a !== null && b !== null && f(a as string, b as string);

function power(b: Dec, x: Dec): Value {
  if (x.floor().cmp(x) || x.abs().cmp(num(100)) > 0) return null;
  let r = num(1);
  for (let i = x.abs().clamp(0, 100); i > 0; i--) r = checked(r.mul(b));
  return x.sign < 0 ? quotient(num(1), r) : r;
}

function extreme(sign: number): Fn {
  return (_c, ...a) => {
    let m: Value = null;
    for (const v of present(flat(a))) if (m === null || (compare(v, m) ?? 0) * sign > 0) m = v;
    return m;
  };
}

function toMultiple(n: Dec, step: Dec, dir: number): Value {
  if (!step.sign) return null;
  const to = n.sign < 0 && step.sign < 0 ? -dir : dir;
  const by = step.abs();
  const q = n.quo(by);
  return (n.rem(by).sign === to ? q.add(num(to)) : q).mul(by);
}

function cut(d: Dec, digits: Dec | undefined, away: boolean): Dec {
  const p = places(digits);
  const unit = p < 0 ? num(1).shift(-p) : new Dec(1n, p);
  const q = d.quo(unit);
  return (away ? q.add(num(d.rem(unit).sign)) : q).mul(unit);
}

const ratio = (part: Dec, whole: Dec, digits?: Dec): Value =>
  quotient(part, whole)?.round(Math.min(places(digits, 2), SCALE - 2) + 2) ?? null;

function find(part: string, s: string, start?: Dec): Dec {
  const all = [...s];
  const from = at(start);
  const rest = all.slice(from).join('');
  const i = from > all.length ? -1 : rest.indexOf(part);
  return num(i < 0 ? 0 : from + [...rest.slice(0, i)].length + 1);
}

const nth = (l: Value[], i: number): Value => (i ? l[i > 0 ? i - 1 : l.length + i] : null) ?? null;

function ordered(a: Value[], descending: boolean): Value[] {
  return present(a).sort((x, y) => (compare(x, y) ?? 0) * (descending ? -1 : 1));
}

function unique(a: Value[]): Value[] {
  const seen = new Set<string>();
  return present(flat(a)).filter((v) => {
    const k = identity(v);
    return !seen.has(k) && seen.add(k);
  });
}

/** Reads a criterion: a value to equal, or a text that starts with a comparison. */
function criteria(c: Context, crit: Value): (v: Value) => boolean {
  // Ids are texts here, but never start with a comparison.
  if (typeof crit !== 'string') return (v) => same(v, crit);
  const m = /^(>=|<=|!=|<>|==|>|<|=)?(.*)$/s.exec(crit) as RegExpExecArray;
  const op = m[1] ?? '=';
  const rest = m[2] as string;
  return (v) => {
    let w: Value = null;
    if (typeof v === 'string') w = rest;
    else if (v instanceof Dec) w = parseNumber(rest);
    else if (typeof v === 'boolean') w = /^(true|TRUE)$/.test(rest) || (/^(false|FALSE)$/.test(rest) ? false : null);
    else if (v instanceof Day) w = parseDay(trim(rest));
    else if (v instanceof Instant) {
      const d = parseDay(trim(rest));
      w = d ? toTime(d, c.zone) : parseInstant(trim(rest));
    }
    const x = compare(v, w);
    if (op === '!=' || op === '<>') return x !== 0;
    return x !== null && ((op.includes('=') && x === 0) || (op[0] === '>' && x > 0) || (op[0] === '<' && x < 0));
  };
}

const list = (v: Value): Value[] => (Array.isArray(v) ? v : []);

function sumIfs(c: Context, total: Value, ...pairs: Value[]): Value {
  let keep = list(total).map(() => true);
  for (let p = 0; p < pairs.length; p += 2) {
    const l = list(pairs[p] as Value);
    if (l.length !== keep.length) return null;
    const meets = criteria(c, pairs[p + 1] as Value);
    keep = keep.map((k, i) => k && meets(l[i] as Value));
  }
  return sum(list(total).filter((v, i): v is Dec => !!keep[i] && v instanceof Dec));
}

/** The working days among dates, texts of dates and lists of them, in order. */
function holidays(c: Context, a: Value[]): number[] {
  const found = flat(a).map((v) => {
    const d = typeof v === 'string' ? parseDay(v) : v;
    return isWhen(d) ? day(c, d) : null;
  });
  return [...new Set(found)].filter((d): d is number => d !== null && weekday(d) < 5).sort((x, y) => x - y);
}

function workdays(a: number, b: number, free: number[]): number {
  if (b < a) return -workdays(b, a, free);
  const span = b - a + 1;
  let n = Math.floor(span / 7) * 5 - free.filter((h) => h >= a && h <= b).length;
  for (let i = 0; i < span % 7; i++) if ((weekday(a) + i) % 7 < 5) n++;
  return n;
}

function addWorkdays(a: number, n: number, free: number[]): number {
  if (!n) return a;
  let wd = weekday(a);
  let from = a;
  if (wd > 4) {
    // Start from the Friday before or the Monday after.
    from += n > 0 ? 4 - wd : 7 - wd;
    wd = n > 0 ? 4 : 0;
  }
  const week = Math.floor((wd + n) / 5);
  let t = from + week * 7 + (wd + n - week * 5) - wd;
  for (const h of n > 0 ? free : free.toReversed()) {
    if (n > 0 ? h > a && h <= t : h < a && h >= t)
      do t += Math.sign(n);
      while (weekday(t) > 4);
  }
  return t;
}

function birthdayIn(born: number, y: number): number {
  const [, m, d] = ymd(born);
  return days(y, m, Math.min(d, daysIn(y, m)));
}

function dateDif(c: Context, a: When, b: When, unit = 'd'): Value {
  const parts: Record<string, bigint> = { h: 3600000000n, H: 3600000000n, m: 60000000n, s: 1000000n, S: 1000000n };
  const part = parts[unit];
  if (part) return num(elapsed(a, b, c.zone) / part);
  const [x, y] = [day(c, a), day(c, b)].sort((p, q) => p - q) as [number, number];
  const [y1, m1, d1] = ymd(x);
  const [y2, m2, d2] = ymd(y);
  const months = (y2 - y1) * 12 + m2 - m1 - (d2 < d1 ? 1 : 0);
  const years = Math.floor(months / 12);
  const units: Record<string, () => number> = {
    Y: () => years,
    M: () => months,
    D: () => y - x,
    YM: () => months % 12,
    MD: () => y - addMonths(x, months),
    YD: () => y - addMonths(x, years * 12),
  };
  const f = /^([yd]|ym|md|yd|[YMD]|YM|MD|YD)$/.test(unit) ? units[unit.toUpperCase()] : undefined;
  return f ? num(x === day(c, a) ? f() : -f()) : null;
}

function makeDate(c: Context, a: Value[]): Value {
  if (isWhen(a[0] as Value)) return dateOf(day(c, a[0] as When));
  if (a.length !== 3 && a.length !== 6) return null;
  const [y = 0, m = 0, d = 0, h = 0, mi = 0, s = 0] = a.map((v) => (v as Dec).clamp(-1, 10000));
  if (
    y < 1 ||
    y > 9999 ||
    m < 1 ||
    m > 12 ||
    d < 1 ||
    d > daysIn(y, m) ||
    h < 0 ||
    h > 23 ||
    mi < 0 ||
    mi > 59 ||
    s < 0 ||
    s > 59
  )
    return null;
  const n = days(y, m, d);
  return a.length === 3 ? new Day(n) : instantOf({ day: n, sec: h * 3600 + mi * 60 + s, us: 0 }, c.zone);
}

function addSeconds(c: Context, v: When, by: Dec): Value {
  const s = by.round(0);
  if (s.abs().cmp(num(3652059 * DAY)) > 0) return null;
  const u = civil(toTime(v, c.zone), 'UTC');
  return timeOf(u.day * DAY + u.sec + s.clamp(-1e12, 1e12), u.us);
}

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

const field =
  (f: (y: number, m: number, d: number, sec: number, n: number) => number) =>
  (c: Context, v: When): Value => {
    const t = civil(v, c.zone);
    return num(f(...ymd(t.day), t.sec, t.day));
  };

const calendar =
  (f: (y: number, m: number, n: number) => number) =>
  (c: Context, v: When): Value => {
    const n = day(c, v);
    const [y, m] = ymd(n);
    return dateOf(f(y, m, n));
  };

const by =
  (n: number, months: number) =>
  (c: Context, v: When, d: Dec): Value => {
    const k = shift(d);
    return k === null ? null : moved(v, n * k, months * k, c.zone);
  };

const isoWeek = (n: number): number => {
  const thursday = n - weekday(n) + 3;
  return Math.floor((thursday - days(ymd(thursday)[0], 1, 1)) / 7) + 1;
};

function weekNumber(c: Context, v: When, start?: Dec): Value {
  const n = day(c, v);
  const first = days(ymd(n)[0], 1, 1);
  const s = truncated(start, 1, 0, 3);
  const lead = s === 1 ? (weekday(first) + 1) % 7 : weekday(first);
  return s === 1 || s === 2 ? num(Math.floor((n - first + lead) / 7) + 1) : null;
}

function days360(c: Context, a: When, b: When, euro: Value = false): Value {
  let [y1, m1, d1] = ymd(day(c, a));
  let [y2, m2, d2] = ymd(day(c, b));
  if (d1 === 31 || (euro !== true && m1 === 2 && d1 === daysIn(y1, m1))) d1 = 30;
  if (d2 === 31 && (euro === true || d1 === 30)) d2 = 30;
  return num((y2 - y1) * 360 + (m2 - m1) * 30 + d2 - d1);
}

type Table = Record<string, (c: Context, ...a: never[]) => Value>;

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

  ABS: (_c, d: Dec) => d.abs(),
  ROUND: (_c, d: Dec, p?: Dec) => d.round(places(p)),
  ROUNDUP: (_c, d: Dec, p?: Dec) => cut(d, p, true),
  ROUNDDOWN: (_c, d: Dec, p?: Dec) => cut(d, p, false),
  INT: (_c, d: Dec) => d.floor(),
  MOD: (_c, a: Dec, b: Dec) => {
    if (!b.sign) return null;
    const m = a.rem(b);
    return m.sign && m.sign !== b.sign ? m.add(b) : m;
  },
  CEILING: (_c, n: Dec, step = num(1)) => toMultiple(n, step, 1),
  FLOOR: (_c, n: Dec, step = num(1)) => toMultiple(n, step, -1),
  SIGN: (_c, d: Dec) => num(d.sign),
  SQRT: (_c, d: Dec) => (d.sign < 0 ? null : d.sqrt()),
  CLAMP: (_c, d: Dec, lo: Dec, hi: Dec) => {
    const low = d.cmp(lo) < 0 ? lo : d;
    return low.cmp(hi) > 0 ? hi : low;
  },
  PERCENT: (_c, a: Dec, b: Dec, p?: Dec) => ratio(a, b, p),
  GROWTH: (_c, a: Dec, b: Dec, p?: Dec) => ratio(a.sub(b), b.abs(), p),

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

  LARGE: (_c, l: Value[], k: Dec) => nth(ordered(l, true), k.clamp(0, 1 << 20)),
  SMALL: (_c, l: Value[], k: Dec) => nth(ordered(l, false), k.clamp(0, 1 << 20)),
  INDEX: (_c, l: Value[], k: Dec) => nth(l, k.clamp(-(1 << 20), 1 << 20)),
  FIRST: (_c, l: Value[]) => nth(l, 1),
  LAST: (_c, l: Value[]) => nth(l, -1),
  UNIQUE: (_c, l: Value[]) => unique(l),
  SORT: (_c, l: Value[], descending = false) => ordered(l, descending),

  YEAR: field((y) => y),
  MONTH: field((_y, m) => m),
  DAY: field((_y, _m, d) => d),
  HOUR: field((_y, _m, _d, s) => Math.floor(s / 3600)),
  MINUTE: field((_y, _m, _d, s) => Math.floor(s / 60) % 60),
  SECOND: field((_y, _m, _d, s) => s % 60),
  QUARTER: field((_y, m) => Math.ceil(m / 3)),
  WEEKDAY: field((_y, _m, _d, _s, n) => weekday(n) + 1),
  ISOWEEKNUM: field((_y, _m, _d, _s, n) => isoWeek(n)),
  WEEKNUM: weekNumber,
  DATE: (c, ...a: Value[]) => makeDate(c, a),
  DATEVALUE: (_c, s: string) => parseDay(s),
  TIMESTAMP: (c, v: When) => new Dec(toTime(v, c.zone).us, 3).floor(),
  FROM_TIMESTAMP: (_c, d: Dec) => {
    const ms = d.floor();
    return ms.abs().cmp(num(1e15)) > 0 ? null : addSecondsTo(ms.clamp(-1e15, 1e15));
  },
  add_days: by(1, 0),
  add_months: by(0, 1),
  add_years: by(0, 12),
  add_hours: (c, v: When, d: Dec) => addSeconds(c, v, new Dec(d.n * 3600n, d.scale)),
  add_minutes: (c, v: When, d: Dec) => addSeconds(c, v, new Dec(d.n * 60n, d.scale)),
  days_between: (c, a: When, b: When) => num(day(c, b) - day(c, a)),
  hours_between: (c, a: When, b: When) => num(elapsed(a, b, c.zone)).div(num(3600000000), 2),
  start_of_week: calendar((_y, _m, n) => n - weekday(n)),
  end_of_week: calendar((_y, _m, n) => n - weekday(n) + 6),
  start_of_month: calendar((y, m) => days(y, m, 1)),
  end_of_month: calendar((y, m) => days(y, m + 1, 1) - 1),
  start_of_quarter: calendar((y, m) => days(y, m - ((m - 1) % 3), 1)),
  end_of_quarter: calendar((y, m) => days(y, m - ((m - 1) % 3) + 3, 1) - 1),
  start_of_year: calendar((y) => days(y, 1, 1)),
  end_of_year: calendar((y) => days(y, 12, 31)),
  EOMONTH: (c, v: When, d: Dec) => {
    const k = shift(d);
    const t = k === null ? null : dateOf(addMonths(day(c, v), k));
    if (!t) return null;
    const [y, m] = ymd(t.n);
    return dateOf(days(y, m + 1, 1) - 1);
  },
  DATEDIF: dateDif,
  DAYS360: days360,
  next_birthday: (c, born: When, from: When) => {
    const [b, t] = [day(c, born), day(c, from)];
    const y = ymd(t)[0];
    const next = birthdayIn(b, y);
    return dateOf(next < t ? birthdayIn(b, y + 1) : next);
  },
  DISTANCE: (_c, a: Value, b: Value) => {
    const [p, q] = [place(a), place(b)];
    return p && q ? num(distanceMetres(p, q)) : null;
  },
};

function addSecondsTo(ms: number): Instant | null {
  const s = Math.floor(ms / 1000);
  return timeOf(s, (ms - s * 1000) * 1000);
}

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

  SUM: (_c, ...a: Value[]) => sum(numbers(a)),
  AVERAGE: (_c, ...a: Value[]) => quotient(sum(numbers(a)), num(numbers(a).length)),
  MAX: extreme(1),
  MIN: extreme(-1),
  PRODUCT: (_c, ...a: Value[]) => {
    const l = numbers(a);
    return l.length ? l.reduce((p, d) => checked(p.mul(d)), num(1)) : null;
  },
  MEDIAN: (_c, ...a: Value[]) => {
    const l = ordered(flat(a), false) as Dec[];
    const [x, y] = [l[(l.length - 1) >> 1], l[l.length >> 1]];
    return x && y ? (x === y ? x : x.add(y).div(num(2))) : null;
  },
  COUNT: (_c, ...a: Value[]) =>
    num(present(flat(a)).reduce((n: number, v) => n + (v instanceof Rows ? v.rows.length : 1), 0)),
  COUNTIF: (c, l: Value, crit: Value) => num(list(l).filter(criteria(c, crit)).length),
  SUMIF: (c, l: Value, crit: Value, of: Value = l) => sumIfs(c, of, l, crit),
  SUMIFS: sumIfs,
  SUMPRODUCT: (_c, ...a: Value[]) => {
    const [first = [], ...rest] = a.map(list);
    if (rest.some((l) => l.length !== first.length)) return null;
    const product = (i: number): Dec =>
      [first, ...rest].reduce((p, l) => checked(p.mul((l[i] as Dec | null) ?? num(0))), num(1));
    return sum(first.map((_v, i) => product(i)));
  },
  UNION: (_c, ...a: Value[]) => unique(a),

  CONCATENATE: (_c, ...a: Value[]) => joined(flat(a), ''),
  LEN: (_c, v: Value) =>
    num(v instanceof Rows ? v.rows.length : Array.isArray(v) ? v.length : [...((v ?? '') as string)].length),

  TODAY: (c) => new Day(civil(c.now, c.zone).day),
  NOW: (c) => c.now,
  is_birthday: (c, born: When | null, on: When | null) =>
    !!born && !!on && birthdayIn(day(c, born), ymd(day(c, on))[0]) === day(c, on),
  is_workday: (c, v: When | null, ...free: Value[]) => !!v && workdays(day(c, v), day(c, v), holidays(c, free)) === 1,
  NETWORKDAYS: (c, a: When | null, b: When | null, ...free: Value[]) =>
    a && b ? num(workdays(day(c, a), day(c, b), holidays(c, free))) : null,
  add_workdays: (c, v: When | null, d: Dec | null, ...free: Value[]) => {
    const n = d && shift(d);
    if (!v || n === null) return null;
    const t = day(c, v);
    return moved(v, addWorkdays(t, n, holidays(c, free)) - t, 0, c.zone);
  },

  me: (c) => c.me,
  my_departments: (c) => c.departments,
  my_roles: (c) => c.roles,
};

const table = new Map<string, Fn>();
for (const [name, f] of Object.entries(total)) table.set(name, f as Fn);
for (const [name, f] of Object.entries(strict)) {
  table.set(name, (c, ...a) => (a.includes(null) ? null : (f as Fn)(c, ...a)));
}

/** The functions by name. */
export const functions: ReadonlyMap<string, Fn> = table;
