// Edits of records in a list: shown at once, saved one after the other, taken
// back or explained when refused, undone by operation.
import type { QueryClient } from '@tanstack/react-query';
import { asProblem, type Problem, post } from '@/api/client';
import { keys } from '@/api/keys';
import { type EntityRef, invalidateEntity, queryRecords, recordsPath } from '@/api/queries/records';
import type { BatchOp, BatchResult, BulkResult, BulkSelect, FaultItem, RecordData, UndoResult } from '@/api/types';
import { t } from '@/locales';
import type { Mark, RecordStore } from './record-store';
import { withUndoProgress } from './undo-progress';
import { idsIn } from './where';

export interface Change {
  id: string;
  values: Record<string, unknown>;
}

/** Somebody else changed the same field meanwhile. */
export interface Conflict {
  id: string;
  key: string;
  title: string;
  mine: unknown;
  theirs: unknown;
  by: string | null;
}

export interface UndoStep {
  operations: string[];
  count: number;
}

export interface WriteResult {
  /** Records that were written. */
  ids: string[];
  operations: string[];
  /** Why the rest was not. */
  problem?: Problem;
  /** The faults of single records, where the server named them. */
  refused?: Map<string, FaultItem[]>;
}

/** Records in one request: small enough to answer within a second or two. */
const batchSize = 500;

/** How often one request is sent again without the records that were refused. */
const maxTries = 10;

export class RecordEdits {
  private queue: Promise<unknown> = Promise.resolve();
  private before = new Map<string, unknown>();
  private undoable: UndoStep[] = [];
  private open: Conflict[] = [];
  private listeners = new Set<() => void>();
  private reviewed: { result?: UndoResult } | null = null;
  private stamp = 0;
  private refusedLast = false;
  private stale = new Set<string>();
  private refreshing: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private ref: EntityRef,
    private store: RecordStore,
    private client: QueryClient,
    /** Rows came or went. */
    private onRows: () => void,
  ) {}

  /** The fields that the list shows; all of them while it has not said. */
  fields: string[] | undefined;
  private own = new Map<string, number>();
  private pending = 0;

  /** Whether a revision of a record was written from here. */
  wrote(id: string, rev: number): boolean {
    return (this.own.get(id) ?? 0) >= rev;
  }

  /** Something is being saved. */
  get busy(): boolean {
    return this.pending > 0;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  version = (): number => this.stamp;

  private tell() {
    this.stamp++;
    for (const listener of this.listeners) listener();
  }

  get conflicts(): readonly Conflict[] {
    return this.open;
  }

  /** The latest act that can be taken back. */
  get last(): UndoStep | undefined {
    return this.undoable.at(-1);
  }

  get canUndo(): boolean {
    return this.undoable.length > 0;
  }

  /** Remembers an operation that Ctrl+Z takes back. */
  remember(step: UndoStep): void {
    this.refusedLast = false;
    this.add(step);
  }

  private add(step: UndoStep): void {
    if (step.operations.length === 0) return;
    this.undoable = [...this.undoable.slice(-99), step];
    this.tell();
  }

  /** Makes one step of several, as a paste of changes and new records is one act. */
  join(operations: string[], count: number): void {
    const some = new Set(operations);
    this.undoable = this.undoable.filter((step) => !step.operations.some((o) => some.has(o)));
    this.add({ operations, count });
  }

  /**
   * Changes records that are in the list. Resolves when the server has answered.
   * What belongs to an operation is undone with it.
   */
  set(changes: Change[], onProgress?: (share: number) => void, operation?: string): Promise<WriteResult> {
    this.refusedLast = false;
    this.store.together(() => {
      for (const { id, values } of changes) {
        const record = this.store.get(id);
        for (const [key, value] of Object.entries(values)) {
          const at = `${id} ${key}`;
          if (!this.before.has(at)) this.before.set(at, record?.[key] ?? null);
          this.store.mark(id, key, { state: 'saving', value });
        }
        this.store.patch(id, values);
      }
    });
    return this.enqueue(() => this.save(changes, onProgress, operation));
  }

  /** Makes new records. */
  create(
    rows: Record<string, unknown>[],
    onProgress?: (share: number) => void,
    operation?: string,
  ): Promise<WriteResult> {
    return this.enqueue(async () => {
      const result = await this.send(
        rows.map((values) => ({ op: 'create', values })),
        onProgress,
        operation,
      );
      if (result.ids.length > 0) this.onRows();
      return result;
    });
  }

  /** Changes or deletes what is ticked, by the server. */
  async bulk(input: { select: BulkSelect; set?: Record<string, unknown>; delete?: boolean }): Promise<BulkResult> {
    const result = await post<BulkResult>(`${recordsPath(this.ref)}/bulk`, input);
    this.remember({ operations: [result.operation], count: result.count });
    invalidateEntity(this.client, this.ref);
    this.onRows();
    return result;
  }

  /** Takes the last edit back, or a given one. */
  async undo(step = this.undoable.at(-1)): Promise<UndoResult | null> {
    if (!step) return null;
    this.undoable = this.undoable.filter((s) => !s.operations.some((o) => step.operations.includes(o)));
    this.tell();
    const total: UndoResult = { reverted: 0, kept: [], members: 0, members_kept: [] };
    try {
      await withUndoProgress(this.ref.app, step.count, async () => {
        for (const operation of [...step.operations].reverse()) {
          const result = await post<UndoResult>(
            `/apps/${encodeURIComponent(this.ref.app)}/operations/${operation}/undo`,
          );
          total.reverted += result.reverted;
          total.kept.push(...(result.kept ?? []));
        }
      });
    } finally {
      invalidateEntity(this.client, this.ref);
      this.client.invalidateQueries({ queryKey: keys.operations(this.ref.app) });
      this.onRows();
    }
    return total;
  }

  /** Whether the operations are listed, and what the last undo did. */
  get reviewing(): { result?: UndoResult } | null {
    return this.reviewed;
  }

  /** Lists the operations of the app, with the outcome of an undo. */
  review(result?: UndoResult): void {
    this.reviewed = { result };
    this.tell();
  }

  closeReview(): void {
    this.reviewed = null;
    this.tell();
  }

  /** Shows what was there before an edit that failed. */
  discard(id: string, key: string): void {
    const at = `${id} ${key}`;
    if (this.before.has(at)) {
      this.store.mark(id, key, null);
      this.store.patch(id, { [key]: this.before.get(at) });
      this.before.delete(at);
    }
    this.open = this.open.filter((c) => c.id !== id || c.key !== key);
    this.tell();
  }

  /** Gives up every edit that was not saved, and says how many. */
  discardFailed(): number {
    const failed = this.store.failed();
    this.store.together(() => {
      for (const { id, key } of failed) this.discard(id, key);
    });
    this.refusedLast = false;
    return failed.length;
  }

  /** Whether the latest act was refused, in whole or in part: it is taken back first. */
  get failedLast(): boolean {
    return this.refusedLast && this.store.failed().length > 0;
  }

  /** Sends the edits again whose values are not at fault. */
  retry(): Promise<WriteResult> {
    const changes = new Map<string, Change>();
    for (const { id, key, mark } of this.store.failed()) {
      if (!mark.again) continue;
      const change = changes.get(id) ?? { id, values: {} };
      change.values[key] = mark.value;
      changes.set(id, change);
    }
    return this.set([...changes.values()]);
  }

  /** Ends a conflict: the member's own value is written over the other one, or given up. */
  async resolve(conflict: Conflict, keep: 'mine' | 'theirs'): Promise<void> {
    this.open = this.open.filter((c) => c !== conflict);
    this.tell();
    const at = `${conflict.id} ${conflict.key}`;
    this.before.set(at, conflict.theirs);
    if (keep === 'theirs') this.discard(conflict.id, conflict.key);
    else await this.set([{ id: conflict.id, values: { [conflict.key]: conflict.mine } }]);
  }

  /** Fetches records again that changed elsewhere or have computed fields. */
  refresh(ids: Iterable<string>): void {
    for (const id of ids) this.stale.add(id);
    if (this.refreshing || this.stale.size === 0) return;
    this.refreshing = setTimeout(async () => {
      const wanted = [...this.stale].slice(0, batchSize);
      this.stale.clear();
      this.refreshing = null;
      try {
        const page = await this.read(wanted);
        this.store.put(page);
      } catch {
        // The rows keep what they show; the next event or reload brings them up to date.
      }
    }, 120);
  }

  private read(ids: string[]) {
    return queryRecords(this.ref, {
      filter: idsIn(ids),
      limit: ids.length,
      fields: this.fields && [...this.fields, 'updated_by'],
      count: 'none',
    });
  }

  private enqueue<T>(job: () => Promise<T>): Promise<T> {
    this.pending++;
    const run = this.queue.then(job, job).finally(() => this.pending--);
    this.queue = run.catch(() => {});
    return run;
  }

  private async save(
    changes: Change[],
    onProgress?: (share: number) => void,
    operation?: string,
  ): Promise<WriteResult> {
    // A later edit of the same cell may have replaced the value meanwhile.
    const ops = () =>
      changes.map(({ id, values }): BatchOp => ({ op: 'update', id, rev: this.store.get(id)?.rev, values }));
    let result = await this.send(ops(), onProgress, operation);
    const rest = changes.filter((c) => !result.ids.includes(c.id) && !result.refused?.has(c.id));
    if (rest.length > 0 && (result.problem?.status === 409 || result.problem?.status === 412)) {
      const clashes = await this.compare(rest);
      const retry = rest.filter((c) => !clashes.has(c.id));
      const again: WriteResult =
        retry.length > 0
          ? await this.send(
              retry.map(({ id, values }) => ({ op: 'update', id, rev: this.store.get(id)?.rev, values })),
              undefined,
              result.operations[0] ?? operation,
            )
          : { ids: [], operations: [] };
      result = {
        ids: [...result.ids, ...again.ids],
        operations: [...new Set([...result.operations, ...again.operations])],
        problem: again.problem ?? (result.refused?.size ? result.problem : undefined),
        refused: new Map([...(result.refused ?? []), ...(again.refused ?? [])]),
      };
      changes = changes.filter((c) => !clashes.has(c.id));
    }
    const written = new Set(result.ids);
    this.store.together(() => {
      for (const { id, values } of changes) {
        for (const [key, value] of Object.entries(values)) {
          const mark = this.store.markOf(id, key);
          // Somebody typed on: that later edit decides about the cell.
          if (mark && mark.value !== value) continue;
          if (written.has(id)) {
            this.store.mark(id, key, null);
            this.before.delete(`${id} ${key}`);
          } else if (result.problem) {
            this.store.mark(id, key, {
              state: 'failed',
              value,
              ...reasonFor(result.problem, result.refused?.get(id), key),
            });
            this.refusedLast = true;
          }
        }
      }
    });
    this.refresh(result.ids);
    this.client.invalidateQueries({ queryKey: keys.aggregates(this.ref.app, this.ref.entity) });
    this.client.invalidateQueries({ queryKey: keys.widgets(this.ref.app) });
    for (const id of result.ids)
      this.client.invalidateQueries({ queryKey: keys.record(this.ref.app, this.ref.entity, id) });
    return result;
  }

  // Which of the refused changes meet somebody else's in the same field.
  private async compare(changes: Change[]): Promise<Set<string>> {
    const clashes = new Set<string>();
    const page = await this.read(changes.map((c) => c.id)).catch(() => ({
      records: [] as RecordData[],
      _names: undefined,
    }));
    this.store.put(page);
    for (const { id, values } of changes) {
      const theirs = page.records.find((r) => r.id === id);
      if (!theirs) continue;
      for (const [key, mine] of Object.entries(values)) {
        const was = this.before.get(`${id} ${key}`);
        if (same(theirs[key], was) || same(theirs[key], mine)) continue;
        clashes.add(id);
        this.store.mark(id, key, { state: 'conflict', value: mine });
        const by = theirs.updated_by ? (this.store.names[theirs.updated_by] ?? null) : null;
        this.open = [...this.open, { id, key, title: theirs._title ?? '', mine, theirs: theirs[key] ?? null, by }];
      }
    }
    if (clashes.size > 0) this.tell();
    return clashes;
  }

  private async send(ops: BatchOp[], onProgress?: (share: number) => void, operation?: string): Promise<WriteResult> {
    const result: WriteResult = { ids: [], operations: [], refused: new Map() };
    for (let from = 0; from < ops.length; from += batchSize) {
      let part = ops.slice(from, from + batchSize);
      for (let tries = 1; part.length > 0; tries++) {
        try {
          const answer = await post<BatchResult>(
            `${recordsPath(this.ref)}/batch`,
            { ops: part, atomic: true, operation },
            { idempotencyKey: crypto.randomUUID() },
          );
          this.store.together(() => {
            for (const done of answer.results) {
              result.ids.push(done.id);
              this.own.set(done.id, done.rev);
              this.store.patch(done.id, { rev: done.rev });
            }
          });
          // The next part belongs to the same operation: one undo takes back all of them.
          operation = answer.operation;
          if (!result.operations.includes(operation)) result.operations.push(operation);
          break;
        } catch (error) {
          result.problem = asProblem(error);
          const named = faultsOf(result.problem);
          for (const [i, faults] of named) {
            const op = part[i];
            if (op?.op === 'update') result.refused?.set(op.id, faults);
          }
          // Changes of other records are not held up by the refused ones; new records come together or not at all.
          const rest = part.filter((op, i) => op.op === 'update' && !named.has(i));
          if (named.size === 0 || part.some((op) => op.op !== 'update') || tries >= maxTries) {
            this.join(result.operations, result.ids.length);
            return result;
          }
          part = rest;
        }
      }
      onProgress?.(Math.min(1, (from + batchSize) / ops.length));
    }
    this.join(result.operations, result.ids.length);
    return result;
  }
}

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/**
 * The faults of a batch by the position of what they are about: the server writes
 * `ops/<position>/<field>`. That somebody else was faster is no fault of a record.
 */
function faultsOf(problem: Problem): Map<number, FaultItem[]> {
  const named = new Map<number, FaultItem[]>();
  for (const fault of problem.errors) {
    if (fault.code === 'record.stale') continue;
    const at = /^ops\/(\d+)(\/|$)/.exec(fault.path);
    if (at) named.set(Number(at[1]), [...(named.get(Number(at[1])) ?? []), fault]);
  }
  return named;
}

/** Why an edit was not saved: its own fault, another one's of its record, or what happened to the whole request. */
function reasonFor(problem: Problem, own: FaultItem[] | undefined, key: string): Pick<Mark, 'message' | 'again'> {
  if (own) return { message: (own.find((e) => e.path.split('/').includes(key)) ?? own[0])?.message };
  if (faultsOf(problem).size > 0) return { message: t('grid.notSaved'), again: true };
  return {
    message: problem.errors[0]?.message ?? (problem.detail || problem.title),
    again: problem.offline || problem.status >= 500 || problem.status === 429,
  };
}
