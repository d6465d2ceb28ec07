import { describe, expect, it, vi } from 'vitest';
import type { RecordPage } from '@/api/types';
import { BlockCache, type BlockRequest } from './block-cache';
import { RecordStore } from './record-store';

const id = (n: number) => `r${n}`;

function server(total: number) {
  const calls: BlockRequest[] = [];
  const held: (() => void)[] = [];
  let hold = false;
  let fail = false;
  const state = { total, rev: 1 };
  const fetch = (request: BlockRequest, signal: AbortSignal) =>
    new Promise<RecordPage>((resolve, reject) => {
      calls.push(request);
      signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
      const answer = () => {
        if (fail) return reject(new Error('down'));
        const from = request.cursor ? Number(request.cursor) : (request.offset ?? 0);
        const to = Math.min(from + request.limit, state.total);
        const records = Array.from({ length: Math.max(0, to - from) }, (_, i) => ({
          id: id(from + i),
          rev: state.rev,
          n: from + i,
        }));
        resolve({
          records,
          next_cursor: to < state.total ? String(to) : null,
          ...(request.count === 'exact' ? { count: state.total } : {}),
        });
      };
      if (hold) held.push(answer);
      else setTimeout(answer, 0);
    });
  return {
    fetch,
    calls,
    state,
    hold: (on: boolean) => {
      hold = on;
      if (!on) for (const f of held.splice(0)) f();
    },
    fail: (on: boolean) => {
      fail = on;
    },
  };
}

const rest = () => new Promise((r) => setTimeout(r, 60));

describe('BlockCache', () => {
  it('counts once and follows the cursor from block to block', async () => {
    const s = server(1000);
    const cache = new BlockCache(new RecordStore(), s.fetch);
    cache.want(0, 30);
    await rest();
    expect(cache.total).toBe(1000);
    expect(cache.at(5)?.n).toBe(5);
    cache.want(90, 120);
    await rest();
    expect(cache.at(110)?.n).toBe(110);
    expect(s.calls).toEqual([
      { limit: 100, count: 'exact' },
      { cursor: '100', limit: 100, count: 'none' },
    ]);
  });

  it('jumps by offset and gives up what was scrolled past', async () => {
    const s = server(100_000);
    const cache = new BlockCache(new RecordStore(), s.fetch);
    cache.want(0, 30);
    await rest();
    s.hold(true);
    cache.want(50_000, 50_030);
    await rest();
    cache.want(90_000, 90_030);
    await rest();
    s.hold(false);
    await rest();
    expect(cache.at(50_000)).toBeUndefined();
    expect(cache.at(90_010)?.n).toBe(90_010);
    expect(s.calls.at(-1)).toMatchObject({ offset: 90_000 });
  });

  it('forgets blocks that have not been seen for long', async () => {
    const s = server(2000);
    const store = new RecordStore();
    const cache = new BlockCache(store, s.fetch, { keep: 3 });
    for (let i = 0; i < 6; i++) {
      cache.want(i * 100, i * 100 + 20);
      await rest();
    }
    expect(store.get(id(0))).toBeUndefined();
    expect(cache.at(510)?.n).toBe(510);
    cache.want(0, 20);
    await rest();
    expect(cache.at(3)?.n).toBe(3);
  });

  it('keeps rows in sight while they are fetched again', async () => {
    const s = server(300);
    const cache = new BlockCache(new RecordStore(), s.fetch);
    cache.want(0, 20);
    await rest();
    s.hold(true);
    s.state.total = 301;
    s.state.rev = 2;
    const done = cache.reload();
    expect(cache.at(0)?.rev).toBe(1);
    s.hold(false);
    await done;
    expect(cache.total).toBe(301);
    expect(cache.at(0)?.rev).toBe(2);
  });

  it('says why nothing is there, and tries again', async () => {
    const s = server(10);
    s.fail(true);
    const cache = new BlockCache(new RecordStore(), s.fetch);
    const told = vi.fn();
    cache.subscribe(told);
    cache.want(0, 10);
    await rest();
    expect(String(cache.error)).toContain('down');
    expect(told).toHaveBeenCalled();
    s.fail(false);
    cache.retry();
    await rest();
    expect(cache.error).toBeNull();
    expect(cache.total).toBe(10);
  });

  it('moves up when rows are gone', async () => {
    const s = server(250);
    const cache = new BlockCache(new RecordStore(), s.fetch);
    cache.want(0, 150);
    await rest();
    cache.remove([id(3)]);
    expect(cache.total).toBe(249);
    expect(cache.idAt(3)).toBe(id(4));
  });

  it('loads a range for those who need all of it', async () => {
    const s = server(420);
    const cache = new BlockCache(new RecordStore(), s.fetch);
    const rows = await cache.load(150, 1000);
    expect(rows.map((r) => r.n)).toEqual(Array.from({ length: 270 }, (_, i) => 150 + i));
  });

  it('finds out the end without a count', async () => {
    const cache = new BlockCache(new RecordStore(), async () => ({
      records: [{ id: 'a', rev: 1 }],
      next_cursor: null,
    }));
    cache.want(0, 10);
    await rest();
    expect(cache.total).toBe(1);
  });
});

describe('RecordStore', () => {
  it('keeps what is being saved when an older answer arrives', () => {
    const store = new RecordStore();
    store.put({ records: [{ id: 'a', rev: 3, name: 'old' }] });
    store.patch('a', { name: 'mine' });
    store.mark('a', 'name', { state: 'saving', value: 'mine' });
    store.put({ records: [{ id: 'a', rev: 3, name: 'old', total: 1 }] });
    expect(store.get('a')).toMatchObject({ name: 'mine', total: 1 });
    store.put({ records: [{ id: 'a', rev: 2, name: 'older' }] });
    expect(store.get('a')?.name).toBe('mine');
    store.mark('a', 'name', null);
    store.put({ records: [{ id: 'a', rev: 4, name: 'saved' }] });
    expect(store.get('a')).toMatchObject({ rev: 4, name: 'saved' });
  });
});
