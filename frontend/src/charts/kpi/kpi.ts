// The one number of a KPI, and what it is held against.
import type { Json } from '@/api/types';
import type { DataQuery } from '../define';

export interface Kpi {
  value: number | null;
  /** Of the previous period. */
  before: number | null;
  /** A share of something: shown in percent. */
  ratio: boolean;
}

const only = (query: DataQuery | undefined): number | null => {
  const row = query?.rows?.[0];
  const value = row?.[query?.measures?.[0]?.as ?? 'm0'];
  return value === null || value === undefined ? null : Number(value);
};

const share = (part: number | null, whole: number | null) => (part === null || !whole ? null : part / whole);

export function kpiOf(queries: Record<string, DataQuery>): Kpi {
  const ratio = !!queries.ratio;
  return ratio
    ? {
        ratio,
        value: share(only(queries.main), only(queries.ratio)),
        before: share(only(queries.previous), only(queries.ratio_previous)),
      }
    : { ratio, value: only(queries.main), before: only(queries.previous) };
}

/** How much more than before: as a share of it, or in points for percentages. Null when it cannot be said. */
export function changeOf({ value, before }: Kpi, points: boolean): number | null {
  if (value === null || before === null) return null;
  if (points) return value - before;
  return before === 0 ? null : (value - before) / Math.abs(before);
}

/** How far a goal is reached, from 0. */
export function reached(value: number | null, goal: Json | undefined): number | null {
  const to = Number(goal ?? Number.NaN);
  return value === null || !(to > 0) ? null : Math.max(0, value / to);
}
