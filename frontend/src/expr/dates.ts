// Functions on dates and moments.
import {
  addMonths,
  civil,
  DAY,
  Day,
  dateOf,
  days,
  daysIn,
  elapsed,
  type Instant,
  instantOf,
  moved,
  parseDay,
  shift,
  timeOf,
  toTime,
  weekday,
  ymd,
} from './civil';
import { type Context, day, isWhen, num, type Table, truncated, type When } from './context';
import { Dec } from './decimal';
import { flat, type Value } from './value';

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
  for (const h of n > 0 ? free : [...free].reverse()) {
    if (n > 0 ? h > a && h <= t : h < a && h >= t) {
      t += Math.sign(n);
      while (weekday(t) > 4) t += Math.sign(n);
    }
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

function addSecondsTo(ms: number): Instant | null {
  const s = Math.floor(ms / 1000);
  return timeOf(s, (ms - s * 1000) * 1000);
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

/** Functions for which any null argument gives null. */
export const strictDates: Table = {
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
};

/** Functions that see null arguments. */
export const totalDates: Table = {
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
};
