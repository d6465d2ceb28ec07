// Civil time: days are counted from 1970-01-01, moments in microseconds. The
// zone is the workspace's; its offsets come from Intl.
import { Dec } from './decimal';

/** A civil date as a count of days. */
export class Day {
  constructor(readonly n: number) {}
}

/** A moment in microseconds since 1970. */
export class Instant {
  constructor(readonly us: bigint) {}
}

/** What the clocks of a zone show: the day, the second of the day, microseconds. */
export interface Clock {
  day: number;
  sec: number;
  us: number;
}

export const DAY = 86400;
const MILLION = 1000000n;

const div = Math.floor;

/** The day number of a civil date of the Gregorian calendar. */
export function days(y: number, m: number, d: number): number {
  const shifted = y * 12 + m - 3; // months since March of year 0
  const year = div(shifted / 12);
  const month = shifted - year * 12;
  return 365 * year + div(year / 4) - div(year / 100) + div(year / 400) + div((153 * month + 2) / 5) + d - 1 - 719468;
}

/** The year, month and day of a day number. */
export function ymd(n: number): [y: number, m: number, d: number] {
  const z = n + 719468;
  const era = div(z / 146097);
  const doe = z - era * 146097;
  const yoe = div((doe - div(doe / 1460) + div(doe / 36524) - div(doe / 146096)) / 365);
  const doy = doe - (365 * yoe + div(yoe / 4) - div(yoe / 100));
  const mp = div((5 * doy + 2) / 153);
  const m = mp < 10 ? mp + 3 : mp - 9;
  return [yoe + era * 400 + (m < 3 ? 1 : 0), m, doy - div((153 * mp + 2) / 5) + 1];
}

/** How many days a month has. */
export const daysIn = (y: number, m: number): number => days(y, m + 1, 1) - days(y, m, 1);

/** 0 for Monday to 6 for Sunday. */
export const weekday = (n: number): number => (((n + 3) % 7) + 7) % 7;

const FIRST = days(1, 1, 1);
const LAST = days(9999, 12, 31);

const inRange = (day: number): boolean => day >= FIRST && day <= LAST;

/** The date of a day number, null outside the years 1 to 9999. */
export const dateOf = (n: number): Day | null => (inRange(n) ? new Day(n) : null);

const formats = new Map<string, Intl.DateTimeFormat>();

/** The zone's offset from UTC at a moment, both in seconds. */
function offset(sec: number, zone: string): number {
  if (zone === 'UTC') return 0;
  let f = formats.get(zone);
  if (!f) {
    f = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, f);
  }
  const text = f.format(sec * 1000);
  const [m = 0, d = 0, y = 0, h = 0, mi = 0, s = 0] = (text.match(/\d+/g) ?? []).map(Number);
  return days(text.includes('B') ? 1 - y : y, m, d) * DAY + h * 3600 + mi * 60 + s - sec;
}

const seconds = (t: Instant): number => Number((t.us - (((t.us % MILLION) + MILLION) % MILLION)) / MILLION);

/** What the clocks of the zone show at a moment, or at the start of a date. */
export function civil(v: Day | Instant, zone: string): Clock {
  if (v instanceof Day) return { day: v.n, sec: 0, us: 0 };
  const utc = seconds(v);
  const local = utc + offset(utc, zone);
  const day = div(local / DAY);
  return { day, sec: local - day * DAY, us: Number(v.us - BigInt(utc) * MILLION) };
}

const moment = (sec: number, us: number): Instant => new Instant(BigInt(sec) * MILLION + BigInt(us));

/** A moment of so many seconds since 1970, null outside the years 1 to 9999. */
export const timeOf = (sec: number, us = 0): Instant | null => (inRange(div(sec / DAY)) ? moment(sec, us) : null);

/**
 * The moment at which the clocks show a civil time, of any year. A time that
 * they skip is read with the offset before the change, one shown twice is the
 * second.
 */
function instant(c: Clock, zone: string): Instant {
  const u = c.day * DAY + c.sec;
  const after = offset(u + DAY, zone);
  return moment(offset(u - after, zone) === after ? u - after : u - offset(u - DAY, zone), c.us);
}

/** The moment of a civil time, null outside the years 1 to 9999. */
export function instantOf(c: Clock, zone: string): Instant | null {
  const t = instant(c, zone);
  return timeOf(seconds(t), c.us);
}

/** The start of a date; a moment stays. */
export function toTime(v: Day | Instant, zone: string): Instant {
  return v instanceof Instant ? v : instant(civil(v, zone), zone);
}

/** Moves a day by months, kept within the month's end; far away when out of range. */
export function addMonths(n: number, months: number): number {
  if (!months) return n;
  const [y, m, d] = ymd(n);
  const total = y * 12 + m - 1 + months;
  if (total < 12 || total >= 120000) return LAST + 1;
  const year = div(total / 12);
  const month = (total % 12) + 1;
  return days(year, month, Math.min(d, daysIn(year, month)));
}

/** Moves by months and days, keeping the time of day. */
export function moved(v: Day | Instant, n: number, months: number, zone: string): Day | Instant | null {
  const c = civil(v, zone);
  const day = addMonths(c.day, months) + n;
  if (!inRange(day)) return null;
  return v instanceof Day ? new Day(day) : instantOf({ ...c, day }, zone);
}

/** Microseconds from one date or moment to another. */
export const elapsed = (a: Day | Instant, b: Day | Instant, zone: string): bigint =>
  toTime(b, zone).us - toTime(a, zone).us;

/** Reads 2026-11-22. */
export function parseDay(s: string): Day | null {
  const m = /^(\d{4})-(\d\d)-(\d\d)$/.exec(s);
  if (!m) return null;
  const [y, mo, d] = [Number(m[1]), Number(m[2]), Number(m[3])];
  return y && mo >= 1 && mo <= 12 && d >= 1 && d <= daysIn(y, mo) ? new Day(days(y, mo, d)) : null;
}

/** Reads an RFC 3339 moment. */
export function parseInstant(s: string): Instant | null {
  const m = /^(.{10})T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d+))?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/.exec(s);
  const d = m && parseDay(m[1] as string);
  if (!m || !d) return null;
  const off = (Number(m[7] ?? 0) * 3600 + Number(m[8] ?? 0) * 60) * (m[6] === '-' ? -1 : 1);
  const us = Number((m[5] ?? '').padEnd(6, '0').slice(0, 6));
  return timeOf(d.n * DAY + Number(m[2]) * 3600 + Number(m[3]) * 60 + Number(m[4]) - off, us);
}

/** n with at least so many digits. */
export const pad = (n: number, width: number): string => String(n).padStart(width, '0');

/** 2026-11-22 */
export function dayText(n: number): string {
  const [y, m, d] = ymd(n);
  return `${pad(y, 4)}-${pad(m, 2)}-${pad(d, 2)}`;
}

/** RFC 3339 in UTC, with the fraction of the second if asked. */
export function instantText(t: Instant, fraction: boolean): string {
  const c = civil(t, 'UTC');
  const us = fraction && c.us ? `.${pad(c.us, 6).replace(/0+$/, '')}` : '';
  return `${dayText(c.day)}T${pad(div(c.sec / 3600), 2)}:${pad(div(c.sec / 60) % 60, 2)}:${pad(c.sec % 60, 2)}${us}Z`;
}

/** Days or months to move by: rounded down, null when too many. */
export function shift(d: Dec): number | null {
  const n = d.floor();
  return n.abs().cmp(Dec.of(3652059)) > 0 ? null : n.clamp(-3652059, 3652059);
}
