// The rows of one query by position, fetched in blocks as they come into sight.
import type { RecordData, RecordPage } from '@/api/types';
import type { RecordStore } from './record-store';

export interface BlockRequest {
  offset?: number;
  cursor?: string;
  limit: number;
  count: 'exact' | 'none';
}

export type FetchBlock = (request: BlockRequest, signal: AbortSignal) => Promise<RecordPage>;

interface Block {
  ids: string[];
  state: 'loading' | 'ready' | 'failed';
  /** Where the next block starts, by keyset: cheaper and steadier than an offset. */
  cursor?: string | null;
  stop?: AbortController;
  /** Shown until the reload that replaces it has arrived. */
  stale?: boolean;
}

export interface BlockOptions {
  size?: number;
  /** How many blocks are kept. */
  keep?: number;
  /** The number of rows, where it is known before: groups. */
  total?: number;
}

const atOnce = 2;
const pause = 40;

export class BlockCache {
  readonly size: number;
  private keep: number;
  private blocks = new Map<number, Block>();
  private order: number[] = [];
  private wanted: [from: number, to: number] = [0, 0];
  private count: number | null;
  private counted: boolean;
  private failure: unknown = null;
  private listeners = new Set<() => void>();
  private stamp = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private last = 0;
  private closed = false;
  /** Ranges that somebody needs whole, in sight or not. */
  private pins = new Set<[from: number, to: number]>();

  constructor(
    readonly store: RecordStore,
    private fetchBlock: FetchBlock,
    options: BlockOptions = {},
  ) {
    this.size = options.size ?? 100;
    this.keep = options.keep ?? 60;
    this.count = options.total ?? null;
    this.counted = options.total !== undefined;
  }

  /** The number of rows; null until the first answer. */
  get total(): number | null {
    return this.count;
  }

  /** Why nothing can be shown. */
  get error(): unknown {
    return this.failure;
  }

  version = (): number => this.stamp;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private tell() {
    this.stamp++;
    for (const listener of this.listeners) listener();
  }

  idAt(index: number): string | undefined {
    return this.blocks.get(Math.floor(index / this.size))?.ids[index % this.size];
  }

  at(index: number): RecordData | undefined {
    const id = this.idAt(index);
    return id === undefined ? undefined : this.store.get(id);
  }

  /** Whether the block of a row could not be fetched. */
  failedAt(index: number): boolean {
    return this.blocks.get(Math.floor(index / this.size))?.state === 'failed';
  }

  /** The position of a record among the rows that are here. */
  indexOf(id: string): number {
    for (const [b, block] of this.blocks) {
      const i = block.ids.indexOf(id);
      if (i >= 0) return b * this.size + i;
    }
    return -1;
  }

  /** The ids that are here, in order. */
  ids(): string[] {
    return [...this.blocks.entries()].sort(([a], [b]) => a - b).flatMap(([, block]) => block.ids);
  }

  /** Says which rows are in sight, the last one excluded; what is missing is fetched. */
  want(from: number, to: number): void {
    this.closed = false;
    this.wanted = [Math.max(0, from), Math.max(0, to)];
    const wait = this.last + pause - Date.now();
    if (this.timer) return;
    if (wait <= 0) this.pump();
    else {
      this.timer = setTimeout(() => {
        this.timer = null;
        this.pump();
      }, wait);
    }
  }

  /** Fetches again what could not be fetched. */
  retry(): void {
    this.failure = null;
    for (const [b, block] of this.blocks) if (block.state === 'failed') this.blocks.delete(b);
    this.tell();
    this.pump();
  }

  /** Fetches everything again; the rows in sight stay until the new ones are here. */
  async reload(): Promise<void> {
    this.counted = false;
    const visible = new Set(this.needed());
    for (const [b, block] of this.blocks) {
      block.stop?.abort();
      if (visible.has(b) && block.state === 'ready') block.stale = true;
      else this.blocks.delete(b);
    }
    this.pump();
    await this.settled();
  }

  /** Resolves when all rows of a range are here. */
  async load(from: number, to: number): Promise<RecordData[]> {
    const pin: [number, number] = [from, to];
    this.pins.add(pin);
    try {
      for (let b = Math.floor(from / this.size); b * this.size < Math.min(to, this.count ?? to); b++) {
        let block = this.blocks.get(b);
        if (!block || block.state === 'failed' || block.stale) await this.fetch(b);
        for (block = this.blocks.get(b); block?.state === 'loading'; block = this.blocks.get(b)) await this.next();
        if (block?.state === 'failed') throw this.failure ?? new Error('block');
      }
      const out: RecordData[] = [];
      for (let i = from; i < Math.min(to, this.count ?? to); i++) {
        const record = this.at(i);
        if (record) out.push(record);
      }
      return out;
    } finally {
      this.pins.delete(pin);
    }
  }

  /** Takes rows out that no longer exist. */
  remove(ids: Iterable<string>): void {
    const gone = new Set(ids);
    const all = this.ids().filter((id) => gone.has(id));
    if (all.length === 0) return;
    // Later blocks move up: rather than shift them all, they are fetched again when seen.
    const first = Math.min(...all.map((id) => Math.floor(this.indexOf(id) / this.size)));
    const block = this.blocks.get(first);
    if (block) block.ids = block.ids.filter((id) => !gone.has(id));
    if (this.count !== null) this.count = Math.max(0, this.count - all.length);
    const complete = this.count !== null && first * this.size + (block?.ids.length ?? 0) >= this.count;
    for (const [b, other] of this.blocks) {
      if (b > first) {
        other.stop?.abort();
        this.blocks.delete(b);
      }
    }
    if (block && !complete) block.stale = true;
    this.tell();
    this.pump();
  }

  /** Stops fetching; the rows that are here can still be read. `want` starts again. */
  close(): void {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    for (const [b, block] of this.blocks) {
      if (block.state !== 'loading') continue;
      block.stop?.abort();
      this.blocks.delete(b);
    }
    this.tell();
  }

  private needed(): number[] {
    const [from, to] = this.wanted;
    const end = Math.min(to, this.count ?? this.size);
    const out: number[] = [];
    for (let b = Math.floor(from / this.size); b === 0 || b * this.size < end; b++) out.push(b);
    return out;
  }

  private pinned(b: number): boolean {
    for (const [from, to] of this.pins) if ((b + 1) * this.size > from && b * this.size < to) return true;
    return false;
  }

  private next(): Promise<void> {
    return new Promise((resolve) => {
      const off = this.subscribe(() => {
        off();
        resolve();
      });
    });
  }

  private pump(): void {
    if (this.closed) return;
    this.last = Date.now();
    const needed = this.needed();
    let active = 0;
    for (const [b, block] of this.blocks) {
      if (block.state !== 'loading') continue;
      // Scrolled past before it arrived.
      if (b > 0 && !this.pinned(b) && (b < (needed[0] ?? 0) - 1 || b > (needed.at(-1) ?? 0) + 1)) {
        block.stop?.abort();
        this.blocks.delete(b);
      } else active++;
    }
    for (const b of needed) {
      if (active >= atOnce) break;
      const block = this.blocks.get(b);
      const dropped = block?.state === 'ready' && block.ids[0] !== undefined && !this.store.get(block.ids[0]);
      if (block && !block.stale && !dropped) continue;
      if (block?.state === 'loading') continue;
      active++;
      void this.fetch(b);
    }
  }

  private async fetch(b: number): Promise<void> {
    const before = this.blocks.get(b);
    const stop = new AbortController();
    const block: Block = { ids: before?.ids ?? [], state: 'loading', stop };
    this.blocks.set(b, block);
    const previous = this.blocks.get(b - 1);
    const cursor = previous?.state === 'ready' && !previous.stale ? (previous.cursor ?? undefined) : undefined;
    const counting = !this.counted;
    try {
      const page = await this.fetchBlock(
        {
          ...(cursor ? { cursor } : b > 0 ? { offset: b * this.size } : {}),
          limit: this.size,
          count: counting ? 'exact' : 'none',
        },
        stop.signal,
      );
      if (this.blocks.get(b) !== block || this.closed) return;
      block.ids = page.records.map((r) => r.id);
      block.state = 'ready';
      block.cursor = page.next_cursor;
      block.stop = undefined;
      this.failure = null;
      if (page.count !== undefined && counting) {
        this.count = page.count;
        this.counted = true;
      }
      this.fit(b, block, page);
      this.store.put(page);
      this.touch(b);
      this.tell();
      this.pump();
    } catch (error) {
      if (this.blocks.get(b) !== block || this.closed) return;
      if (error instanceof DOMException && error.name === 'AbortError') {
        this.blocks.delete(b);
        this.tell();
        return;
      }
      block.state = 'failed';
      block.stop = undefined;
      if (this.count === null || b === 0 || this.pinned(b)) this.failure = error;
      this.tell();
    }
  }

  // What the answer says about the end corrects a count that was wrong or missing.
  private fit(b: number, block: Block, page: RecordPage) {
    const seen = b * this.size + block.ids.length;
    const end = block.ids.length < this.size && !page.next_cursor;
    if (end && (block.ids.length > 0 || b === 0)) this.count = seen;
    else if (this.count === null || this.count < seen) this.count = seen + (page.next_cursor ? 1 : 0);
  }

  private touch(b: number) {
    this.order = this.order.filter((x) => x !== b);
    this.order.push(b);
    const needed = new Set(this.needed());
    while (this.order.length > this.keep) {
      const old = this.order.find((x) => !needed.has(x) && !this.pinned(x));
      if (old === undefined) break;
      this.order = this.order.filter((x) => x !== old);
      const block = this.blocks.get(old);
      if (block?.state !== 'ready') continue;
      this.blocks.delete(old);
      this.store.drop(block.ids);
    }
  }

  private settled(): Promise<void> {
    return new Promise((resolve) => {
      const busy = () => [...this.blocks.values()].some((x) => x.state === 'loading' || x.stale);
      if (!busy() || this.closed) {
        resolve();
        return;
      }
      const off = this.subscribe(() => {
        if (busy() && !this.closed) return;
        off();
        resolve();
      });
    });
  }
}
