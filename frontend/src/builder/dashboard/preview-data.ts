// The data of a widget that is still being made: the same questions the server
// asks for a published one, put to the records from here.
import { post } from '@/api/client';
import { queryRecords } from '@/api/queries/records';
import type { Json, RecordPage, RuntimeEntity, Sort, Text, Widget } from '@/api/types';
import type { ChartData, DataColumn, DataQuery } from '@/charts';
import { periodExpr } from '@/runtime/dashboard/filters';
import { allOf } from '@/views/shared/where';

interface Group {
  field: string;
  bucket?: string;
}
interface Measure {
  fn: string;
  field?: string;
  label?: Text;
}
interface Question {
  entity?: string;
  filter?: string;
  measure?: Measure;
  measures?: Measure[];
  group_by?: Group;
  split_by?: Group;
  rows?: Group[];
  sort?: string | Sort[];
  columns?: string[];
  limit?: number;
  date_field?: string;
  period?: string;
  compare?: string;
  ratio?: Question;
  order?: string[];
  actions?: string[];
  text?: Text;
}

type Find = (ref: string | undefined) => RuntimeEntity | undefined;

const keyOf = (entity: RuntimeEntity, ref: string): string => entity.fields.find((f) => f.id === ref)?.key ?? ref;

/** The period before one, as a condition. */
function periodFilter(entity: RuntimeEntity, q: Question, previous: boolean): string {
  if (!q.period) return '';
  const bounds = periodExpr(q.period);
  if (!bounds) return '';
  const key = q.date_field ? keyOf(entity, q.date_field) : 'created_at';
  if (!previous) return `${key} >= ${bounds[0]} and ${key} < ${bounds[1]}`;
  const back: Record<string, [string, number]> = {
    today: ['add_days', 1],
    yesterday: ['add_days', 1],
    this_week: ['add_days', 7],
    last_week: ['add_days', 7],
    this_month: ['add_months', 1],
    last_month: ['add_months', 1],
    this_quarter: ['add_months', 3],
    last_quarter: ['add_months', 3],
    this_year: ['add_months', 12],
    last_year: ['add_months', 12],
  };
  const rolling = /^last_(\d+)_days$/.exec(q.period);
  const [fn, n] = rolling
    ? (['add_days', Number(rolling[1])] as const)
    : (back[q.period] ?? (['add_days', 1] as const));
  return `${key} >= ${fn}(${bounds[0]}, -${n}) and ${key} < ${bounds[0]}`;
}

async function aggregate(
  app: string,
  entity: RuntimeEntity,
  q: Question,
  previous: boolean,
  signal?: AbortSignal,
): Promise<DataQuery> {
  const groups = [q.group_by, q.split_by, ...(q.rows ?? [])].filter((g): g is Group => !!g?.field);
  const measures = (q.measures ?? [q.measure ?? { fn: 'count' }]).map((m) => ({ ...m, fn: m.fn || 'count' }));
  const order =
    typeof q.sort === 'string' && groups.length > 0 ? q.sort.replace('value', 'm0').replace('label', 'g0') : undefined;
  const page = await post<{ rows: Record<string, Json>[]; _names?: Record<string, string> }>(
    `/apps/${encodeURIComponent(app)}/entities/${entity.key}/records/aggregate`,
    {
      group_by: groups.map((g, i) => ({
        field: keyOf(entity, g.field),
        ...(g.bucket ? { bucket: g.bucket } : {}),
        as: `g${i}`,
      })),
      measures: measures.map((m, i) => ({
        fn: m.fn,
        ...(m.fn !== 'count' && m.field ? { field: keyOf(entity, m.field) } : {}),
        as: `m${i}`,
      })),
      filter: allOf(q.filter, periodFilter(entity, q, previous)) || undefined,
      ...(order ? { order } : {}),
      limit: q.limit ?? 50,
    },
    { signal },
  );
  return {
    entity: entity.key,
    groups: groups.map((g, i): DataColumn => ({ as: `g${i}`, field: keyOf(entity, g.field), bucket: g.bucket })),
    measures: measures.map(
      (m, i): DataColumn => ({
        as: `m${i}`,
        field: m.field ? keyOf(entity, m.field) : undefined,
        fn: m.fn,
        label: m.label,
      }),
    ),
    rows: page.rows,
    _names: page._names,
  };
}

/** What the widget would show now; null while its settings are not complete. */
export async function previewData(
  app: string,
  widget: Widget,
  source: string,
  find: Find,
  signal?: AbortSignal,
): Promise<ChartData | null> {
  const config = widget.config as Question;
  // A ranking has no order of its own to choose: the highest come first.
  const q: Question = widget.type === 'ranking' ? { limit: 10, ...config, sort: '-value' } : config;
  if (source === 'static') return { source, queries: {}, text: q.text };
  if (source === 'tasks') return { source, queries: {}, tasks: [] };
  const entity = find(q.entity);
  if (!entity) return null;
  if (source === 'records') {
    // An order whose field is still to be chosen is none yet.
    const orders = Array.isArray(q.sort) ? q.sort.filter((s) => s.field) : [];
    const sort = orders.map((s) => (s.desc ? '-' : '') + keyOf(entity, s.field)).join(',') || undefined;
    const page: RecordPage = await queryRecords(
      { app, entity: entity.key },
      {
        filter: q.filter || undefined,
        sort,
        limit: q.limit ?? 10,
        fields: q.columns?.map((c) => keyOf(entity, c)),
        count: 'none',
      },
      signal,
    );
    return {
      source,
      actions: q.actions,
      queries: { main: { entity: entity.key, records: page.records, _names: page._names } },
    };
  }
  if ([q.group_by, ...(q.rows ?? [])].some((g) => g && !g.field)) return null;
  if ((q.measures ?? [q.measure]).some((m) => m?.fn && m.fn !== 'count' && !m.field)) return null;
  const queries: Record<string, DataQuery> = { main: await aggregate(app, entity, q, false, signal) };
  const compares = q.compare === 'previous' && !!q.period;
  if (compares) queries.previous = await aggregate(app, entity, q, true, signal);
  if (q.ratio) {
    const other = find(q.ratio.entity) ?? entity;
    const part = {
      ...q.ratio,
      period: q.period,
      date_field: q.ratio.date_field ?? (other.id === entity.id ? q.date_field : undefined),
    };
    queries.ratio = await aggregate(app, other, part, false, signal);
    if (compares) queries.ratio_previous = await aggregate(app, other, part, true, signal);
  }
  const choices = q.group_by
    ? entity.fields.find((f) => f.id === q.group_by?.field || f.key === q.group_by?.field)?.choices
    : undefined;
  return { source, queries, order: q.order ?? choices?.map((c) => c.key) };
}
