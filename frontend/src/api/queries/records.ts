import {
  type InfiniteData,
  type QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { asProblem, del, get, listOf, patch, post, send } from '../client';
import { keys } from '../keys';
import type {
  AggregateQuery,
  AggregateResult,
  BatchOp,
  BatchResult,
  BulkResult,
  BulkSelect,
  Comment,
  ExprTree,
  FaultItem,
  HistoryEntry,
  Json,
  Operation,
  Readers,
  RecordData,
  RecordPage,
  RecordQuery,
  RelatedList,
  UndoResult,
} from '../types';

export interface EntityRef {
  app: string;
  entity: string;
}

export const recordsPath = ({ app, entity }: EntityRef) =>
  `/apps/${encodeURIComponent(app)}/entities/${encodeURIComponent(entity)}/records`;

export function queryRecords(ref: EntityRef, query: RecordQuery, signal?: AbortSignal): Promise<RecordPage> {
  return post<RecordPage>(`${recordsPath(ref)}/query`, query, { signal });
}

/** Pages of a list, by cursor. */
export function useRecordPages(ref: EntityRef, query: RecordQuery, options: { enabled?: boolean } = {}) {
  return useInfiniteQuery({
    queryKey: keys.records(ref.app, ref.entity, query),
    queryFn: ({ pageParam, signal }) =>
      // The first page counts, later ones need not.
      queryRecords(ref, pageParam ? { ...query, cursor: pageParam, count: 'none' } : query, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (previous) => previous,
    enabled: options.enabled ?? true,
  });
}

/** One page of a list. */
export function useRecords(ref: EntityRef, query: RecordQuery, options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: [...keys.records(ref.app, ref.entity, query), 'page'],
    queryFn: ({ signal }) => queryRecords(ref, query, signal),
    placeholderData: (previous) => previous,
    enabled: options.enabled ?? true,
  });
}

export function useRecord(ref: EntityRef, id: string | undefined, expand?: string[]) {
  return useQuery({
    queryKey: [...keys.record(ref.app, ref.entity, id ?? ''), 'data'],
    queryFn: ({ signal }) =>
      get<RecordData & { _names?: Record<string, string> }>(`${recordsPath(ref)}/${id}`, { expand }, signal),
    enabled: id !== undefined && id !== '',
  });
}

/** Marks everything derived from an entity's records as stale. */
export function invalidateEntity(client: QueryClient, { app, entity }: EntityRef): void {
  client.invalidateQueries({ queryKey: keys.entity(app, entity) });
  client.invalidateQueries({ queryKey: keys.widgets(app) });
}

/** Puts a changed record into every cached list that shows it. */
export function patchCachedRecord(
  client: QueryClient,
  { app, entity }: EntityRef,
  id: string,
  change: Partial<RecordData>,
): void {
  const replace = (records: RecordData[]) => records.map((r) => (r.id === id ? { ...r, ...change } : r));
  // Other things are kept below this key too, such as when the lists last changed.
  type Kept = InfiniteData<RecordPage> | RecordPage | number;
  client.setQueriesData<Kept>({ queryKey: keys.recordLists(app, entity) }, (data) => {
    if (!data || typeof data !== 'object') return data;
    if ('pages' in data)
      return { ...data, pages: data.pages.map((page) => ({ ...page, records: replace(page.records) })) };
    return 'records' in data ? { ...data, records: replace(data.records) } : data;
  });
  client.setQueryData<RecordData>([...keys.record(app, entity, id), 'data'], (data) =>
    data ? { ...data, ...change } : data,
  );
}

export function useCreateRecord(ref: EntityRef) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (values: Record<string, unknown>) => post<RecordData>(recordsPath(ref), values),
    onSuccess: () => invalidateEntity(client, ref),
  });
}

/** Changes fields of a record; shown at once and taken back when refused. */
export function useUpdateRecord(ref: EntityRef) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, rev, values }: { id: string; rev?: number; values: Record<string, unknown> }) =>
      patch<RecordData>(`${recordsPath(ref)}/${id}`, values, { ifMatch: rev }),
    onMutate: async ({ id, values }) => {
      await client.cancelQueries({ queryKey: keys.recordLists(ref.app, ref.entity) });
      const lists = client.getQueriesData({ queryKey: keys.recordLists(ref.app, ref.entity) });
      const one = client.getQueryData([...keys.record(ref.app, ref.entity, id), 'data']);
      patchCachedRecord(client, ref, id, values);
      return { lists, one };
    },
    onError: (_error, { id }, context) => {
      for (const [key, data] of context?.lists ?? []) client.setQueryData(key, data);
      if (context?.one) client.setQueryData([...keys.record(ref.app, ref.entity, id), 'data'], context.one);
    },
    onSuccess: (record, { id }) => {
      if (record) patchCachedRecord(client, ref, id, record);
      client.invalidateQueries({ queryKey: keys.history(ref.app, ref.entity, id) });
      client.invalidateQueries({ queryKey: keys.aggregates(ref.app, ref.entity) });
      client.invalidateQueries({ queryKey: keys.widgets(ref.app) });
    },
  });
}

export function useDeleteRecord(ref: EntityRef) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, rev }: { id: string; rev?: number }) =>
      del<{ operation?: string } | undefined>(`${recordsPath(ref)}/${id}`, { ifMatch: rev }),
    onSuccess: () => invalidateEntity(client, ref),
  });
}

export function useRestoreRecord(ref: EntityRef) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => post<RecordData>(`${recordsPath(ref)}/${id}/restore`),
    onSuccess: () => invalidateEntity(client, ref),
  });
}

/** Many writes in one transaction. */
export function useBatch(ref: EntityRef) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({
      ops,
      atomic = true,
      key = crypto.randomUUID(),
    }: {
      ops: BatchOp[];
      atomic?: boolean;
      key?: string;
    }) => post<BatchResult>(`${recordsPath(ref)}/batch`, { ops, atomic }, { idempotencyKey: key }),
    onSuccess: () => invalidateEntity(client, ref),
  });
}

/** Sets or deletes every record of a selection, by the server. */
export function useBulk(ref: EntityRef) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { select: BulkSelect; set?: Record<string, unknown>; delete?: boolean }) =>
      post<BulkResult>(`${recordsPath(ref)}/bulk`, input),
    onSuccess: () => invalidateEntity(client, ref),
  });
}

export function useAggregate(ref: EntityRef, query: AggregateQuery, options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: keys.aggregate(ref.app, ref.entity, query),
    queryFn: ({ signal }) => post<AggregateResult>(`${recordsPath(ref)}/aggregate`, query, { signal }),
    placeholderData: (previous) => previous,
    enabled: options.enabled ?? true,
  });
}

/** The computed fields for values that are not saved yet. */
export function evaluateRecord(ref: EntityRef, values: Record<string, unknown>, id?: string, signal?: AbortSignal) {
  return post<{ values: Record<string, Json>; faults: FaultItem[] }>(
    `${recordsPath(ref)}/evaluate`,
    { values, id },
    { signal },
  );
}

export function useHistory(ref: EntityRef, id: string) {
  return useQuery({
    queryKey: keys.history(ref.app, ref.entity, id),
    queryFn: async ({ signal }) =>
      listOf<HistoryEntry>(await get<HistoryEntry[] | object>(`${recordsPath(ref)}/${id}/history`, undefined, signal)),
  });
}

export function useComments(ref: EntityRef, id: string) {
  return useQuery({
    queryKey: keys.comments(ref.app, ref.entity, id),
    queryFn: async ({ signal }) =>
      listOf<Comment>(await get<Comment[] | object>(`${recordsPath(ref)}/${id}/comments`, undefined, signal)),
  });
}

export function useAddComment(ref: EntityRef, id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { text: string; mentions: string[] }) =>
      post<Comment>(`${recordsPath(ref)}/${id}/comments`, input),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.comments(ref.app, ref.entity, id) }),
  });
}

export function useRelated(ref: EntityRef, id: string) {
  return useQuery({
    queryKey: keys.related(ref.app, ref.entity, id),
    queryFn: async ({ signal }) =>
      listOf<RelatedList>(await get<RelatedList[] | object>(`${recordsPath(ref)}/${id}/related`, undefined, signal)),
  });
}

/** Presses a button of a record. */
export function usePressButton(ref: EntityRef) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, rule, inputs }: { id: string; rule: string; inputs?: Record<string, unknown> }) =>
      post<{ record?: RecordData; message?: string; open?: string }>(`${recordsPath(ref)}/${id}/buttons/${rule}`, {
        inputs: inputs ?? {},
      }),
    onSuccess: () => invalidateEntity(client, ref),
    // A colleague was faster: what is on the screen is out of date.
    onError: (error) => {
      if (asProblem(error).status === 409) invalidateEntity(client, ref);
    },
  });
}

export interface Reason {
  role?: string;
  text: string;
  /** The condition of the role, for those who build the app, and what its parts came to. */
  when?: string;
  seen?: { text: string; value?: Json }[];
}

export interface Explanation {
  visible: boolean;
  reasons: Reason[];
  /** Of the field that was asked about. */
  field_level?: 'hidden' | 'partial' | 'shown';
  writable?: boolean;
}

/** Why a field is hidden or read-only, or what another member would see. */
export function explain(ref: EntityRef, id: string, query: { field?: string; view_as?: string }, signal?: AbortSignal) {
  return get<Explanation>(`${recordsPath(ref)}/${id}/why`, query, signal);
}

/** Who sees a record; members are looked at some at a time. */
export function useReaders(ref: EntityRef, id: string) {
  return useInfiniteQuery({
    queryKey: keys.readers(ref.app, ref.entity, id),
    queryFn: ({ pageParam, signal }) => get<Readers>(`${recordsPath(ref)}/${id}/readers`, { from: pageParam }, signal),
    initialPageParam: 0,
    getNextPageParam: (last) => (last.asked < last.of ? last.asked : undefined),
  });
}

export type ExportFormat = 'csv' | 'xlsx' | 'ndjson';

/** Which records a file has, and how. */
export interface ExportQuery {
  format: ExportFormat;
  filter?: string;
  search?: string;
  sort?: string;
  /** Keys; every readable field when left out. */
  fields?: string[];
  ids?: string[];
  except?: string[];
  /** Keys and plain values in place of headings and texts. */
  keys?: boolean;
}

/** Downloads records as a file; what the server refuses is thrown, not shown as a page. */
export async function downloadExport(ref: EntityRef, query: ExportQuery, signal?: AbortSignal): Promise<void> {
  const answer = await send(recordsPath(ref).replace(/\/records$/, '/export'), { query: { ...query }, signal });
  const content = await answer.blob();
  const given = /filename\*=UTF-8''([^;]+)/i.exec(answer.headers.get('Content-Disposition') ?? '')?.[1];
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = given ? decodeURIComponent(given) : `${ref.entity}.${query.format}`;
  link.click();
  // The download has its own hold on the content by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// --- operations and undo ----------------------------------------------------

/** Takes an operation back; records changed since are kept and listed. What is around the request may tell how far it has come. */
export function useUndo(app: string, around: (run: () => Promise<UndoResult>) => Promise<UndoResult> = (run) => run()) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (operation: string) =>
      around(() => post<UndoResult>(`/apps/${encodeURIComponent(app)}/operations/${operation}/undo`)),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.app(app) }),
  });
}

export function useOperations(app: string) {
  return useQuery({
    queryKey: keys.operations(app),
    // Every edit adds one.
    refetchOnMount: 'always',
    queryFn: async ({ signal }) =>
      listOf<Operation>(
        await get<Operation[] | object>(`/apps/${encodeURIComponent(app)}/operations`, undefined, signal),
      ),
  });
}

export type { ExprTree };
