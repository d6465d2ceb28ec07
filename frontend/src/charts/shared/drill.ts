import type { Json, Text } from '@/api/types';
import type { Drill, DrillPart } from '../define';

/** What the settings of charts of groups share. */
export interface SeriesConfig {
  entity: string;
  filter?: string;
  group_by?: { field: string; bucket?: string };
  split_by?: { field: string; bucket?: string };
  measures?: { fn: string; field?: string; label?: Text }[];
  sort?: string;
  limit?: number;
  date_field?: string;
  period?: string;
  [more: string]: unknown;
}

/** The records behind a mark. */
export function drillOf(
  config: Pick<SeriesConfig, 'entity' | 'filter' | 'date_field' | 'period'>,
  parts: DrillPart[] = [],
): Drill {
  return { entity: config.entity, filter: config.filter, dateField: config.date_field, period: config.period, parts };
}

/** The value of a group of a row as a condition. */
export function partOf(column: { as: string; field?: string; bucket?: string }, row: Record<string, Json>): DrillPart {
  return { field: column.field ?? '', bucket: column.bucket, value: row[column.as] ?? null };
}
