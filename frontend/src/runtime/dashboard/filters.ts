// The dashboard's filters in the address, and the conditions behind a number.
import type { BoardFilter, Json, RuntimeEntity } from '@/api/types';
import type { Drill, DrillPart } from '@/charts';
import { nextBucket } from '@/charts/shared/buckets';
import { wallToInstant } from '@/locales/format';
import { allOf, equals, literal } from '@/views/shared/where';

export type FilterValue = string | string[] | { from: string; to: string };
export type FilterValues = Record<string, FilterValue>;

/** The spans that a date filter offers, in their order. */
export const periods = [
  'today',
  'yesterday',
  'this_week',
  'last_week',
  'this_month',
  'last_month',
  'this_quarter',
  'last_quarter',
  'this_year',
  'last_year',
  'last_7_days',
  'last_30_days',
  'last_90_days',
  'last_365_days',
] as const;

const prefix = 'f.';

/** The values of the filters that an address holds; defaults where it is silent. */
export function readFilters(params: URLSearchParams, filters: BoardFilter[]): FilterValues {
  const out: FilterValues = {};
  for (const filter of filters) {
    const text = params.get(prefix + filter.id);
    if (text === null) {
      if (typeof filter.default === 'string' && filter.default) out[filter.id] = filter.default;
      else if (Array.isArray(filter.default)) out[filter.id] = filter.default.map(String);
      continue;
    }
    if (text === '') continue; // a default that was taken away
    if (filter.type === 'date') {
      const [from, to] = text.split('..');
      out[filter.id] = to !== undefined ? { from: from ?? '', to } : text;
    } else out[filter.id] = filter.type === 'select' ? text.split(',') : text;
  }
  return out;
}

/** The address with one filter changed. */
export function writeFilter(params: URLSearchParams, filter: BoardFilter, value: FilterValue | null): URLSearchParams {
  const next = new URLSearchParams(params);
  const empty = value === null || (Array.isArray(value) && value.length === 0) || value === '';
  if (!empty)
    next.set(
      prefix + filter.id,
      typeof value === 'string' ? value : Array.isArray(value) ? value.join(',') : `${value.from}..${value.to}`,
    );
  else if (filter.default) next.set(prefix + filter.id, '');
  else next.delete(prefix + filter.id);
  return next;
}

const start: Record<string, [unit: string, base: string]> = {
  week: ['add_days', 'start_of_week(today())'],
  month: ['add_months', 'start_of_month(today())'],
  quarter: ['add_months', 'start_of_quarter(today())'],
  year: ['add_months', 'start_of_year(today())'],
};
const length: Record<string, number> = { week: 7, month: 1, quarter: 3, year: 12 };

/** A span from (included) and to (excluded) as expressions; null for an unknown one. */
export function periodExpr(period: string): [string, string] | null {
  if (period === 'today') return ['today()', 'add_days(today(), 1)'];
  if (period === 'yesterday') return ['add_days(today(), -1)', 'today()'];
  const rolling = /^last_(\d+)_days$/.exec(period);
  if (rolling) return [`add_days(today(), ${1 - Number(rolling[1])})`, 'add_days(today(), 1)'];
  const named = /^(this|last)_(\w+)$/.exec(period);
  const [unit, base] = (named && start[named[2] as string]) || [];
  const size = named && length[named[2] as string];
  if (!named || !unit || !base || !size) return null;
  return named[1] === 'this' ? [base, `${unit}(${base}, ${size})`] : [`${unit}(${base}, ${-size})`, base];
}

function between(key: string, bounds: [string, string] | null): string {
  return bounds ? `${key} >= ${bounds[0]} and ${key} < ${bounds[1]}` : '';
}

function dayBounds(entity: RuntimeEntity, key: string, from: string, to: string, zone: string): [string, string] {
  const instant = isTime(entity, key);
  const text = (day: string) =>
    literal(instant ? wallToInstant(`${day.slice(0, 10)} 00:00:00`, zone) : day.slice(0, 10));
  return [text(from), text(to)];
}

const system = new Set(['created_at', 'updated_at']);
const fieldAt = (entity: RuntimeEntity, ref: string) => entity.fields.find((f) => f.key === ref || f.id === ref);
const isTime = (entity: RuntimeEntity, key: string) => system.has(key) || fieldAt(entity, key)?.kind === 'time';

/** What a group of a chart says about its records. */
export function partText(part: DrillPart, entity: RuntimeEntity, zone: string): string {
  const field = fieldAt(entity, part.field);
  const key = field?.key ?? part.field;
  if (part.value === null || part.value === '') return field?.kind === 'list' ? `ISEMPTY(${key})` : `${key} == nil`;
  const dated = part.bucket || field?.kind === 'time';
  if (dated && typeof part.value === 'string') {
    return between(key, dayBounds(entity, key, part.value, nextBucket(part.value, part.bucket ?? 'day'), zone));
  }
  if (field?.kind === 'list') return `${literal(part.value)} in ${key}`;
  return equals(key, part.value);
}

/** What a dashboard's filter says about the records of an entity. */
export function filterText(filter: BoardFilter, value: FilterValue, entity: RuntimeEntity, zone: string): string {
  const ref = filter.fields[entity.id] ?? filter.fields[entity.key];
  if (!ref) return '';
  const field = fieldAt(entity, ref);
  const key = field?.key ?? ref;
  if (Array.isArray(value)) {
    if (value.length === 0) return '';
    if (field?.kind === 'list') return `(${value.map((v) => `${literal(v)} in ${key}`).join(' or ')})`;
    return value.length === 1 ? equals(key, value[0] as Json) : `${key} in ${literal(value)}`;
  }
  if (typeof value === 'object')
    return between(key, dayBounds(entity, key, value.from, nextBucket(value.to, 'day'), zone));
  if (filter.type === 'date') return between(key, periodExpr(value));
  if (filter.type === 'member' && value === 'me') return `${key} == me()`;
  return equals(key, value);
}

/** Everything that holds for the records behind a number, as one condition. */
export function drillFilter(
  drill: Drill,
  entity: RuntimeEntity,
  filters: BoardFilter[],
  values: FilterValues,
  zone: string,
): string {
  const dateKey = fieldAt(entity, drill.dateField ?? '')?.key ?? (drill.dateField || 'created_at');
  return allOf(
    drill.filter,
    drill.period ? between(dateKey, periodExpr(drill.period)) : '',
    ...(drill.parts ?? []).map((part) => partText(part, entity, zone)),
    ...filters.map((f) => (values[f.id] === undefined ? '' : filterText(f, values[f.id] as FilterValue, entity, zone))),
  );
}

/** The filters as the server takes them. */
export function sentFilters(values: FilterValues): Record<string, Json> {
  return values as Record<string, Json>;
}
