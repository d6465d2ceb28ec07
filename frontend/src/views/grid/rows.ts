// What stands on each line of the grid: records of one query, or groups with
// their records below them.
import { post } from '@/api/client';
import { type EntityRef, queryRecords, recordsPath } from '@/api/queries/records';
import type { AggregateResult, RecordData, RuntimeField, Sort, ViewColumn } from '@/api/types';
import { choicesOf } from '@/fields';
import type { Walker } from '../define';
import { BlockCache } from '../shared/block-cache';
import type { RecordStore } from '../shared/record-store';
import { allOf, literal } from '../shared/where';

export interface RowsQuery {
  ref: EntityRef;
  filter: string;
  search: string;
  sort: Sort[];
  fields: string[];
  groups: RuntimeField[];
  footers: { field: RuntimeField; fn: NonNullable<ViewColumn['footer']> }[];
}

export interface GroupNode {
  kind: 'group';
  key: string;
  field: RuntimeField;
  /** The value that the records of the group share; null for blank. */
  value: unknown;
  depth: number;
  count: number;
  /** Subtotals by field id. */
  totals: Record<string, unknown>;
  children: GroupNode[];
  filter: string;
}

export type Line =
  | { kind: 'record'; record: RecordData | undefined; number: number; failed: boolean }
  | { kind: 'group'; group: GroupNode; open: boolean }
  | { kind: 'gone' };

/** The lines of a grid by position. */
export interface Rows {
  readonly count: number;
  /** Records altogether; null until known. */
  readonly total: number | null;
  readonly error: unknown;
  line: (index: number) => Line;
  record: (index: number) => RecordData | undefined;
  id: (index: number) => string | undefined;
  indexOf: (id: string) => number;
  /** Says which lines are in sight. */
  want: (from: number, to: number) => void;
  /** Fetches the records of a range of lines, groups left out. */
  load: (from: number, to: number) => Promise<{ index: number; record: RecordData }[]>;
  /** The place of a line among the records, for pasting below the last one; -1 in groups. */
  place: (index: number) => number;
  reload: () => Promise<void>;
  retry: () => void;
  remove: (ids: string[]) => void;
  toggle: (key: string) => void;
  setAll: (open: boolean) => void;
  subscribe: (listener: () => void) => () => void;
  version: () => number;
  start: () => void;
  /** Stops fetching; what is here can still be read. */
  close: () => void;
}

/** Beyond this an element is taller than browsers can draw. */
const lineLimit = 600_000;

function fetcher(query: RowsQuery, filter: string) {
  return (request: { offset?: number; cursor?: string; limit: number; count: 'exact' | 'none' }, signal: AbortSignal) =>
    queryRecords(
      query.ref,
      {
        ...request,
        fields: query.fields,
        ...(filter ? { filter } : {}),
        ...(query.search ? { search: query.search } : {}),
        ...(query.sort.length > 0 ? { sort: query.sort } : {}),
      },
      signal,
    );
}

/** Steps through the records as they stand in the lines; heads of groups are passed over. */
export function walkerOf(rows: Rows): Walker {
  return {
    step: (id, by) => {
      let index = rows.indexOf(id);
      if (index < 0) return undefined;
      do index += by;
      while (rows.line(index).kind === 'group');
      return rows.id(index);
    },
    place: (id) => {
      const index = rows.indexOf(id);
      const line = index < 0 ? null : rows.line(index);
      return line?.kind === 'record' ? line.number : undefined;
    },
  };
}

export function makeRows(store: RecordStore, query: RowsQuery): Rows {
  return query.groups.length > 0 ? new GroupedRows(store, query) : new FlatRows(store, query);
}

class FlatRows implements Rows {
  private cache: BlockCache;
  constructor(store: RecordStore, query: RowsQuery) {
    this.cache = new BlockCache(store, fetcher(query, query.filter));
  }
  get count() {
    return Math.min(this.cache.total ?? 0, lineLimit);
  }
  get total() {
    return this.cache.total;
  }
  get error() {
    return this.cache.error;
  }
  line = (index: number): Line => ({
    kind: 'record',
    record: this.cache.at(index),
    number: index + 1,
    failed: this.cache.failedAt(index),
  });
  record = (index: number) => this.cache.at(index);
  id = (index: number) => this.cache.idAt(index);
  indexOf = (id: string) => this.cache.indexOf(id);
  want = (from: number, to: number) => this.cache.want(from, to);
  load = async (from: number, to: number) =>
    (await this.cache.load(from, to)).map((record, i) => ({ index: from + i, record }));
  place = (index: number) => index;
  reload = () => this.cache.reload();
  retry = () => this.cache.retry();
  remove = (ids: string[]) => this.cache.remove(ids);
  toggle = () => {};
  setAll = () => {};
  subscribe = (listener: () => void) => this.cache.subscribe(listener);
  version = () => this.cache.version();
  start = () => this.cache.want(0, 50);
  close = () => this.cache.close();
}

/** The condition that a group's records meet. */
export function groupFilter(field: RuntimeField, value: unknown): string {
  const blank = value === null || value === undefined;
  if (field.kind === 'list') return blank ? `ISEMPTY(${field.key})` : `${literal(value)} in ${field.key}`;
  if (blank) return `${field.key} == nil`;
  if (field.kind === 'time')
    return `(${field.key} >= ${literal(value)} and ${field.key} < add_days(${literal(value)}, 1))`;
  if (field.kind === 'number') return `${field.key} == ${String(value)}`;
  return `${field.key} == ${literal(value)}`;
}

interface Segment {
  start: number;
  size: number;
  group?: GroupNode;
  cache?: BlockCache;
  /** Number of the first record. */
  first: number;
}

class GroupedRows implements Rows {
  private nodes: GroupNode[] | null = null;
  private caches = new Map<string, { cache: BlockCache; off: () => void }>();
  private closedKeys = new Set<string>();
  private segments: Segment[] = [];
  private listeners = new Set<() => void>();
  private stamp = 0;
  private stop: AbortController | null = null;
  private lines = 0;
  private records: number | null = null;
  private wanted: [number, number] = [0, 50];
  error: unknown = null;

  constructor(
    private store: RecordStore,
    private query: RowsQuery,
  ) {}

  start = () => void this.fetch();

  get count() {
    return this.lines;
  }

  get total() {
    return this.records;
  }

  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  version = () => this.stamp;
  private tell = () => {
    this.stamp++;
    for (const listener of this.listeners) listener();
  };

  // One answer per level: only the server can average an average.
  private async fetch(): Promise<void> {
    this.stop?.abort();
    const stop = new AbortController();
    this.stop = stop;
    const { ref, groups, footers, filter, search } = this.query;
    const measures = [
      { fn: 'count', as: 'count' },
      ...footers.map((f, i) => ({ fn: f.fn === 'filled' ? 'count' : f.fn, field: f.field.key, as: `m${i}` })),
    ];
    try {
      const levels = await Promise.all(
        groups.map((_, depth) =>
          post<AggregateResult>(
            `${recordsPath(ref)}/aggregate`,
            {
              group_by: groups.slice(0, depth + 1).map((f) => ({ field: f.key })),
              measures,
              limit: 10_000,
              ...(filter ? { filter } : {}),
              ...(search ? { search } : {}),
            },
            { signal: stop.signal },
          ),
        ),
      );
      if (stop.signal.aborted) return;
      for (const level of levels) this.store.learn(level._names);
      this.nodes = this.build(levels);
      this.error = null;
    } catch (error) {
      if (stop.signal.aborted) return;
      this.error = error;
    }
    this.layOut();
  }

  private build(levels: AggregateResult[]): GroupNode[] {
    const { groups, footers, filter } = this.query;
    const parents = new Map<string, GroupNode>();
    const top: GroupNode[] = [];
    levels.forEach((level, depth) => {
      const field = groups[depth] as RuntimeField;
      for (const row of level.rows) {
        const path = groups.slice(0, depth + 1).map((f) => row[f.key] ?? null);
        const key = JSON.stringify(path);
        const parent = depth > 0 ? parents.get(JSON.stringify(path.slice(0, -1))) : undefined;
        if (depth > 0 && !parent) continue;
        const node: GroupNode = {
          kind: 'group',
          key,
          field,
          value: path.at(-1),
          depth,
          count: Number(row.count ?? 0),
          totals: Object.fromEntries(footers.map((f, i) => [f.field.id, row[`m${i}`]])),
          children: [],
          filter: allOf(parent?.filter ?? filter, groupFilter(field, path.at(-1))),
        };
        parents.set(key, node);
        (parent ? parent.children : top).push(node);
      }
    });
    const sortLevel = (nodes: GroupNode[]) => {
      const field = nodes[0]?.field;
      if (field) nodes.sort(this.order(field));
      for (const node of nodes) sortLevel(node.children);
    };
    sortLevel(top);
    return top;
  }

  // Choices in their own order, blank last; otherwise as the server sorted them.
  private order(field: RuntimeField) {
    const desc = this.query.sort.find((s) => s.field === field.id || s.field === field.key)?.desc ?? false;
    const places = new Map(choicesOf(field).map((c, i) => [c.key, i]));
    return (a: GroupNode, b: GroupNode): number => {
      if (a.value === null || b.value === null) return a.value === b.value ? 0 : a.value === null ? 1 : -1;
      let by = 0;
      if (places.size > 0)
        by = (places.get(String(a.value)) ?? places.size) - (places.get(String(b.value)) ?? places.size);
      else if (typeof a.value === 'number' && typeof b.value === 'number') by = a.value - b.value;
      else if (field.kind === 'ref' || field.elem === 'ref') {
        by = (this.store.names[String(a.value)] ?? '').localeCompare(this.store.names[String(b.value)] ?? '');
      } else by = String(a.value) < String(b.value) ? -1 : String(a.value) > String(b.value) ? 1 : 0;
      return desc ? -by : by;
    };
  }

  private layOut(): void {
    const segments: Segment[] = [];
    const live = new Set<string>();
    let line = 0;
    let first = 0;
    const walk = (nodes: GroupNode[]) => {
      for (const node of nodes) {
        segments.push({ start: line, size: 1, group: node, first });
        line++;
        if (this.closedKeys.has(node.key)) {
          first += node.children.length > 0 ? 0 : node.count;
          continue;
        }
        if (node.children.length > 0) walk(node.children);
        else {
          live.add(node.key);
          const size = this.cacheOf(node).total ?? node.count;
          segments.push({ start: line, size, cache: this.cacheOf(node), first });
          line += size;
          first += size;
        }
      }
    };
    walk(this.nodes ?? []);
    for (const [key, { cache, off }] of this.caches) {
      if (live.has(key)) continue;
      off();
      cache.close();
      this.caches.delete(key);
    }
    this.segments = segments;
    this.lines = Math.min(line, lineLimit);
    this.records = this.nodes ? this.nodes.reduce((n, g) => n + g.count, 0) : null;
    this.tell();
    this.want(...this.wanted);
  }

  private cacheOf(node: GroupNode): BlockCache {
    let found = this.caches.get(node.key);
    if (!found) {
      const cache = new BlockCache(this.store, fetcher(this.query, node.filter), { total: node.count, keep: 10 });
      let size = cache.total;
      const off = cache.subscribe(() => {
        if (cache.total === size) this.tell();
        else {
          size = cache.total;
          this.layOut();
        }
      });
      found = { cache, off };
      this.caches.set(node.key, found);
    }
    return found.cache;
  }

  private segmentAt(index: number): Segment | undefined {
    let low = 0;
    let high = this.segments.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const segment = this.segments[middle] as Segment;
      if (index < segment.start) high = middle - 1;
      else if (index >= segment.start + segment.size) low = middle + 1;
      else return segment;
    }
    return undefined;
  }

  line = (index: number): Line => {
    const segment = this.segmentAt(index);
    if (!segment) return { kind: 'gone' };
    if (segment.group) return { kind: 'group', group: segment.group, open: !this.closedKeys.has(segment.group.key) };
    const offset = index - segment.start;
    return {
      kind: 'record',
      record: segment.cache?.at(offset),
      number: segment.first + offset + 1,
      failed: segment.cache?.failedAt(offset) ?? false,
    };
  };
  record = (index: number) => {
    const segment = this.segmentAt(index);
    return segment?.cache?.at(index - segment.start);
  };
  id = (index: number) => {
    const segment = this.segmentAt(index);
    return segment?.cache?.idAt(index - segment.start);
  };
  indexOf = (id: string) => {
    for (const segment of this.segments) {
      const at = segment.cache?.indexOf(id) ?? -1;
      if (at >= 0) return segment.start + at;
    }
    return -1;
  };
  want = (from: number, to: number) => {
    this.wanted = [from, to];
    for (const segment of this.segments) {
      if (!segment.cache || segment.start >= to || segment.start + segment.size <= from) continue;
      segment.cache.want(Math.max(0, from - segment.start), Math.min(segment.size, to - segment.start));
    }
  };
  load = async (from: number, to: number) => {
    const out: { index: number; record: RecordData }[] = [];
    for (const segment of this.segments) {
      if (!segment.cache || segment.start >= to || segment.start + segment.size <= from) continue;
      const start = Math.max(0, from - segment.start);
      const records = await segment.cache.load(start, Math.min(segment.size, to - segment.start));
      for (const [i, record] of records.entries()) out.push({ index: segment.start + start + i, record });
    }
    return out;
  };
  place = () => -1;
  reload = async () => {
    await Promise.all([this.fetch(), ...[...this.caches.values()].map(({ cache }) => cache.reload())]);
  };
  retry = () => {
    this.error = null;
    this.tell();
    void this.fetch();
    for (const { cache } of this.caches.values()) cache.retry();
  };
  remove = (ids: string[]) => {
    for (const { cache } of this.caches.values()) cache.remove(ids);
  };
  toggle = (key: string) => {
    if (this.closedKeys.has(key)) this.closedKeys.delete(key);
    else this.closedKeys.add(key);
    this.layOut();
  };
  setAll = (open: boolean) => {
    this.closedKeys.clear();
    const walk = (nodes: GroupNode[]) => {
      for (const node of nodes) {
        this.closedKeys.add(node.key);
        walk(node.children);
      }
    };
    if (!open) walk(this.nodes ?? []);
    this.layOut();
  };
  close = () => {
    this.stop?.abort();
    for (const { cache } of this.caches.values()) cache.close();
  };
}
