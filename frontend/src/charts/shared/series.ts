// Rows of groups and measures as categories and series.
import type { Json, RuntimeEntity } from '@/api/types';
import type { DataColumn, DataQuery } from '../define';
import { fillBuckets } from './buckets';

export interface Line {
  /** The value of the second group; undefined without one. */
  split?: Json;
  measure: DataColumn;
  values: (number | null)[];
}

export interface SeriesData {
  categories: Json[];
  lines: Line[];
  entity?: RuntimeEntity;
}

const number = (value: Json | undefined): number | null =>
  value === null || value === undefined ? null : Number(value);
const same = (value: Json | undefined) => JSON.stringify(value ?? null);

/** Pivots rows: the first group makes the categories, the second one the lines. */
export function seriesOf(query: DataQuery, fill: boolean): SeriesData {
  const rows = query.rows ?? [];
  const [first, second] = query.groups ?? [];
  const measures = query.measures ?? [];
  if (!first) return { categories: [], lines: [] };
  let categories = unique(rows.map((r) => r[first.as] ?? null));
  if (fill && first.bucket) {
    const days = categories.filter((c): c is string => typeof c === 'string');
    categories = fillBuckets(days, first.bucket);
  }
  const at = new Map(categories.map((c, i) => [same(c), i]));
  const blank = (fn: string | undefined) => (fn === 'count' || fn === 'sum' ? 0 : null);
  const lines: Line[] = [];
  const splits = second ? unique(rows.map((r) => r[second.as] ?? null)) : [undefined];
  for (const split of splits) {
    for (const measure of measures) {
      const values: (number | null)[] = categories.map(() => blank(measure.fn));
      for (const row of rows) {
        if (second && same(row[second.as]) !== same(split)) continue;
        const i = at.get(same(row[first.as]));
        if (i !== undefined) values[i] = number(row[measure.as]);
      }
      lines.push({ split, measure, values });
    }
  }
  return { categories, lines };
}

function unique(values: Json[]): Json[] {
  const seen = new Map(values.map((v) => [same(v), v]));
  return [...seen.values()];
}

/** Measures of one kind share an axis: money beside counts would flatten the counts. */
export function axesOf(lines: Line[], kindOf: (measure: DataColumn) => string): number[] {
  const kinds: string[] = [];
  return lines.map((line) => {
    const kind = kindOf(line.measure);
    if (!kinds.includes(kind) && kinds.length < 2) kinds.push(kind);
    return Math.max(0, kinds.indexOf(kind));
  });
}
