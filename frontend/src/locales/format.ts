// Numbers, money and dates as a reader of the current language expects them.
// Numbers may arrive as strings when they are longer than a double can hold:
// Intl formats decimal strings exactly, so they are never parsed here.
import { type Locale, locale, lookup, t } from '.';

let zone: string | undefined;
// Looked at when a date first needs it: a browser takes long to make its first format.
let asked: string | undefined;

/** The time zone in which instants are shown: the member's own choice. */
export function timeZone(): string {
  if (asked) {
    try {
      new Intl.DateTimeFormat('en-US', { timeZone: asked });
      zone = asked;
    } catch {
      // A zone this browser does not know: keep the one we have.
    }
    asked = undefined;
  }
  zone ??= Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone;
}

/** Sets the zone of all later formatting; unknown names are ignored. */
export function setTimeZone(name: string | undefined | null): void {
  if (name) asked = name;
}

const cache = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

function numberFormat(options: Intl.NumberFormatOptions, language: Locale = locale()): Intl.NumberFormat {
  const key = `n${language}${JSON.stringify(options)}`;
  let format = cache.get(key) as Intl.NumberFormat | undefined;
  if (!format) {
    format = new Intl.NumberFormat(language, options);
    cache.set(key, format);
  }
  return format;
}

function dateFormat(options: Intl.DateTimeFormatOptions, language: Locale = locale()): Intl.DateTimeFormat {
  const key = `d${language}${JSON.stringify(options)}`;
  let format = cache.get(key) as Intl.DateTimeFormat | undefined;
  if (!format) {
    format = new Intl.DateTimeFormat(language, options);
    cache.set(key, format);
  }
  return format;
}

/**
 * Makes the first formats before a page needs them, each in a task of its own:
 * a browser reads its tables of a language with the first one, for tens of milliseconds.
 */
export function warmFormats(): void {
  const first = [
    () => dateFormat({ dateStyle: 'medium', timeStyle: 'short', timeZone: timeZone() }),
    () => formatMoney(0),
    () => new Intl.RelativeTimeFormat(locale()),
  ];
  const next = () => {
    first.shift()?.();
    if (first.length > 0) setTimeout(next);
  };
  setTimeout(next);
}

/** A number on the wire: a JSON number, or a string when it has more than 15 digits. */
export type Numeric = number | string;

function blank(value: Numeric | null | undefined): value is null | undefined | '' {
  return value === null || value === undefined || value === '';
}

export interface NumberStyle {
  /** Decimal places; both bounds when given. */
  scale?: number;
  /** Group digits by thousands; default true. */
  thousands?: boolean;
}

/** A plain number, blank for null. */
export function formatNumber(value: Numeric | null | undefined, style: NumberStyle = {}): string {
  if (blank(value)) return '';
  const options: Intl.NumberFormatOptions = {
    useGrouping: style.thousands ?? true,
    maximumFractionDigits: style.scale ?? 10,
  };
  if (style.scale !== undefined) options.minimumFractionDigits = style.scale;
  return numberFormat(options).format(value as number);
}

/** An amount of money with its currency's sign. */
export function formatMoney(value: Numeric | null | undefined, currency = 'CNY', scale = 2): string {
  if (blank(value)) return '';
  return numberFormat({
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: scale,
    maximumFractionDigits: scale,
  }).format(value as number);
}

/** A share: 0.25 is 25%. Null instead of a number of places shows those that there are, four at most. */
export function formatPercent(value: Numeric | null | undefined, scale: number | null = 0): string {
  if (blank(value)) return '';
  return numberFormat({
    style: 'percent',
    minimumFractionDigits: scale ?? 0,
    maximumFractionDigits: scale ?? 4,
  }).format(value as number);
}

/** A number in few characters for charts and KPIs: 1.2万, 1.2K. */
export function formatCompact(value: Numeric | null | undefined): string {
  if (blank(value)) return '';
  return numberFormat({ notation: 'compact', maximumFractionDigits: 1 }).format(value as number);
}

/** A number of bytes. */
export function formatSize(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${formatNumber(size, { scale: size < 10 && unit > 0 ? 1 : 0 })} ${units[unit]}`;
}

function parts(at: Date, tz: string): Record<string, string> {
  const format = dateFormat(
    {
      timeZone: tz,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    },
    'en-US',
  );
  const out: Record<string, string> = {};
  for (const part of format.formatToParts(at)) out[part.type] = part.value;
  return out;
}

/** The civil date of an instant in the reader's zone, as 2026-11-25. */
export function civilDate(at: Date, tz = timeZone()): string {
  const p = parts(at, tz);
  return `${p.year}-${p.month}-${p.day}`;
}

/** A civil date ("2026-11-25"): 2026-11-25 in Chinese, Nov 25, 2026 in English. */
export function formatDate(value: string | null | undefined): string {
  if (!value) return '';
  const day = value.slice(0, 10);
  if (locale() === 'zh-CN') return day;
  const at = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(at.getTime()) ? value : dateFormat({ timeZone: 'UTC', dateStyle: 'medium' }).format(at);
}

/** An instant (RFC 3339) in the reader's zone. */
export function formatDateTime(value: string | null | undefined, precision: 'minute' | 'second' = 'minute'): string {
  if (!value) return '';
  const at = new Date(value);
  if (Number.isNaN(at.getTime())) return value;
  const p = parts(at, timeZone());
  const time = `${p.hour}:${p.minute}${precision === 'second' ? `:${p.second}` : ''}`;
  return `${formatDate(`${p.year}-${p.month}-${p.day}`)} ${time}`;
}

/** The time of day of an instant in the reader's zone. */
export function formatTime(value: string): string {
  const p = parts(new Date(value), timeZone());
  return `${p.hour}:${p.minute}`;
}

/** An instant as people say it: 3 minutes ago, today 09:42, yesterday 08:00, Nov 18 17:26. */
export function formatRelative(value: string | null | undefined, now: Date = new Date()): string {
  if (!value) return '';
  const at = new Date(value);
  if (Number.isNaN(at.getTime())) return value;
  const seconds = Math.round((now.getTime() - at.getTime()) / 1000);
  if (seconds >= 0 && seconds < 60) return t('common.justNow');
  if (seconds >= 60 && seconds < 3600) return t('common.minutesAgo', { n: Math.floor(seconds / 60) });
  const day = civilDate(at);
  const time = formatTime(value);
  const days = dayNumber(civilDate(now)) - dayNumber(day);
  if (days === 0) return t('common.todayAt', { time });
  if (days === 1) return t('common.yesterdayAt', { time });
  if (days === -1) return t('common.tomorrowAt', { time });
  return `${formatDay(day, now)} ${time}`;
}

/** A civil date as people say it near today: today, tomorrow, 11-25; the year only when it differs. */
export function formatDay(value: string | null | undefined, now: Date = new Date()): string {
  if (!value) return '';
  const day = value.length > 10 ? civilDate(new Date(value)) : value;
  const today = civilDate(now);
  const days = dayNumber(day) - dayNumber(today);
  if (days === 0) return t('common.today');
  if (days === 1) return t('common.tomorrow');
  if (days === -1) return t('common.yesterday');
  if (day.slice(0, 4) !== today.slice(0, 4)) return formatDate(day);
  return formatMonthDay(day);
}

/** A civil date without its year: 11-25, Nov 25. */
export function formatMonthDay(day: string): string {
  if (locale() === 'zh-CN') return day.slice(5, 10);
  return dateFormat({ timeZone: 'UTC', month: 'short', day: 'numeric' }).format(
    new Date(`${day.slice(0, 10)}T00:00:00Z`),
  );
}

/** The month of a civil date: 2026-11, Nov 2026. */
export function formatMonth(day: string): string {
  if (locale() === 'zh-CN') return day.slice(0, 7);
  return dateFormat({ timeZone: 'UTC', month: 'short', year: 'numeric' }).format(
    new Date(`${day.slice(0, 7)}-01T00:00:00Z`),
  );
}

function dayNumber(day: string): number {
  return Math.round(Date.parse(`${day.slice(0, 10)}T00:00:00Z`) / 86_400_000);
}

/** Whole days from today to a civil date or instant, negative when past. */
export function daysUntil(value: string, now: Date = new Date()): number {
  const day = value.length > 10 ? civilDate(new Date(value)) : value;
  return dayNumber(day) - dayNumber(civilDate(now));
}

/** A length of time in its two largest units. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${formatNumber(Math.max(0, Math.round(ms)))} ms`;
  const units: [string, number][] = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
    ['second', 1000],
  ];
  const at = units.findIndex(([, size]) => ms >= size);
  return units
    .slice(at, at + 2)
    .map(
      ([unit, size], i, used) =>
        [unit, i === 0 ? Math.floor(ms / size) : Math.floor((ms % (used[0]?.[1] ?? 1)) / size)] as const,
    )
    .filter(([, count], i) => i === 0 || count > 0)
    .map(([unit, count]) => lookup(`common.unit.${unit}`, { n: count }) ?? '')
    .join(' ');
}

/** Values beside each other, as they can be read back: a、b in Chinese, a, b in English. */
export function joinValues(values: string[]): string {
  return values.join(locale() === 'zh-CN' ? '、' : ', ');
}

/** Names in a list: a、b 和 c. */
export function formatList(items: string[]): string {
  return new Intl.ListFormat(locale(), { type: 'conjunction' }).format(items);
}

/** A comparison for names as the reader's language sorts them. */
export function compareText(a: string, b: string): number {
  return collator().compare(a, b);
}

const collators = new Map<Locale, Intl.Collator>();
function collator(): Intl.Collator {
  let found = collators.get(locale());
  if (!found) {
    found = new Intl.Collator(locale(), { numeric: true });
    collators.set(locale(), found);
  }
  return found;
}

/** The wall time of an instant in the reader's zone: "2026-11-25 10:00:00". */
export function instantToWall(value: string, tz = timeZone()): string {
  const p = parts(new Date(value), tz);
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}:${p.second}`;
}

/** The instant of a wall time in the reader's zone. A time that a clock change skips becomes the later one. */
export function wallToInstant(wall: string, tz = timeZone()): string {
  const asUtc = Date.parse(`${wall.replace(' ', 'T')}Z`);
  const offset = (at: number) => Date.parse(`${instantToWall(new Date(at).toISOString(), tz).replace(' ', 'T')}Z`) - at;
  // The offsets a day before and after surround any change of clocks: the right
  // one leads back to the wall time; for a skipped time neither does.
  const early = offset(asUtc - 86_400_000);
  const late = offset(asUtc + 86_400_000);
  const fits = [early, late].find((o) => offset(asUtc - o) === o);
  const at = asUtc - (fits ?? early);
  return new Date(at).toISOString().replace('.000Z', 'Z');
}
