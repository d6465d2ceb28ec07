import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '@/api/client';
import type { Draft, Entity } from '@/api/types';
import { createDraftStore, type DraftStore, same, type Transport } from './doc';
import type { Doc } from './model';

const entity = (id: string, name: string): Entity => ({ id, key: id.slice(4), name, title: '', fields: [] });

/** A server in memory that keeps revisions like the real one. */
function server(...names: string[]) {
  const docs = new Map<string, { kind: Doc['kind']; rev: number; body: unknown; deleted: boolean; changed: boolean }>();
  for (const name of names)
    docs.set(`ent_${name}`, {
      kind: 'entity',
      rev: 1,
      body: entity(`ent_${name}`, name),
      deleted: false,
      changed: false,
    });
  const calls: string[] = [];
  let down = false;
  const draft = (): Draft => ({ rev: 1, docs: [...docs].map(([id, d]) => ({ id, ...d })) as Draft['docs'] });
  const fail = (status: number) => new Problem({ title: 'no', status, code: 'x' });
  const transport: Transport = {
    load: async () => draft(),
    save: async (doc, rev) => {
      calls.push(`put ${doc.id} ${rev}`);
      if (down) throw fail(0);
      const have = docs.get(doc.id);
      if (rev !== '*' && have?.rev !== rev) throw fail(412);
      if ((doc.body as Entity).name === 'bad') throw fail(422);
      docs.set(doc.id, { kind: doc.kind, rev: (have?.rev ?? 0) + 1, body: doc.body, deleted: false, changed: true });
      return { rev: (have?.rev ?? 0) + 1, faults: [] };
    },
    remove: async (id, rev) => {
      calls.push(`delete ${id} ${rev}`);
      docs.delete(id);
    },
  };
  return { docs, calls, draft, transport, offline: (on: boolean) => (down = on) };
}

const rename = (store: DraftStore, id: string, name: string, mark?: string) =>
  store.change(
    `rename to ${name}`,
    (docs) => {
      const doc = docs[id];
      if (doc) (doc.body as Entity).name = name;
    },
    mark,
  );
const nameOf = (store: DraftStore, id: string) => (store.getState().docs[id]?.body as Entity | undefined)?.name;

describe('draft store', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function open(...names: string[]) {
    const s = server(...names);
    const store = createDraftStore(s.draft(), s.transport);
    return { ...s, store };
  }

  it('undoes and redoes by label, with documents as they were', () => {
    const { store } = open('a');
    const first = store.getState().docs.ent_a;
    rename(store, 'ent_a', 'b');
    rename(store, 'ent_a', 'c');
    expect(store.getState().steps.map((s) => s.label)).toEqual(['rename to b', 'rename to c']);
    expect(store.undo()?.label).toBe('rename to c');
    store.undo();
    expect(store.getState().docs.ent_a).toBe(first);
    store.travel(2);
    expect(nameOf(store, 'ent_a')).toBe('c');
    store.undo();
    rename(store, 'ent_a', 'd');
    expect(store.getState().steps.map((s) => s.label)).toEqual(['rename to b', 'rename to d']);
    expect(store.redo()).toBeUndefined();
  });

  it('joins steps of one mark that follow closely', () => {
    const { store } = open('a');
    rename(store, 'ent_a', 'x', 'name');
    vi.advanceTimersByTime(500);
    rename(store, 'ent_a', 'xy', 'name');
    vi.advanceTimersByTime(5000);
    rename(store, 'ent_a', 'xyz', 'name');
    expect(store.getState().steps).toHaveLength(2);
    store.undo();
    expect(nameOf(store, 'ent_a')).toBe('xy');
    store.undo();
    expect(nameOf(store, 'ent_a')).toBe('a');
  });

  it('keeps at least a hundred steps and no step that changes nothing', () => {
    const { store } = open('a');
    for (let i = 0; i < 150; i++) rename(store, 'ent_a', `n${i}`);
    expect(rename(store, 'ent_a', 'n149')).toBe(false);
    expect(store.getState().steps).toHaveLength(150);
    for (let i = 0; i < 150; i++) store.undo();
    expect(nameOf(store, 'ent_a')).toBe('a');
  });

  it('saves within two seconds, also while typing goes on', async () => {
    const { store, calls } = open('a');
    for (let i = 0; i < 8; i++) {
      rename(store, 'ent_a', `t${i}`, 'name');
      await vi.advanceTimersByTimeAsync(250);
    }
    expect(calls[0]).toBe('put ent_a 1');
    await vi.advanceTimersByTimeAsync(2000);
    expect(store.getState().save).toBe('saved');
    expect(store.getState().changed.has('ent_a')).toBe(true);
    expect(store.dirty()).toBe(false);
  });

  it('knows that undoing everything leaves nothing to publish', async () => {
    const { store } = open('a');
    rename(store, 'ent_a', 'b');
    await vi.advanceTimersByTimeAsync(2000);
    store.undo();
    await vi.advanceTimersByTimeAsync(2000);
    expect(store.getState().save).toBe('saved');
    expect([...store.getState().changed]).toEqual([]);
  });

  it('waits while the server is out of reach and sends later', async () => {
    const { store, offline, docs } = open('a');
    offline(true);
    rename(store, 'ent_a', 'b');
    await vi.advanceTimersByTimeAsync(2000);
    expect(store.getState().save).toBe('offline');
    offline(false);
    await vi.advanceTimersByTimeAsync(6000);
    expect(store.getState().save).toBe('saved');
    expect((docs.get('ent_a')?.body as Entity | undefined)?.name).toBe('b');
  });

  it('says when the server refuses a document and tries again after the next change', async () => {
    const { store, calls } = open('a');
    rename(store, 'ent_a', 'bad');
    await vi.advanceTimersByTimeAsync(2000);
    expect(store.getState().save).toBe('failed');
    expect(store.getState().problem?.status).toBe(422);
    const before = calls.length;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(calls.length).toBe(before);
    rename(store, 'ent_a', 'good');
    await vi.advanceTimersByTimeAsync(2000);
    expect(store.getState().save).toBe('saved');
  });

  it('offers a choice when a colleague changed the same document', async () => {
    const { store, docs } = open('a', 'b');
    docs.set('ent_a', { kind: 'entity', rev: 7, body: entity('ent_a', 'theirs'), deleted: false, changed: true });
    rename(store, 'ent_a', 'mine');
    rename(store, 'ent_b', 'other');
    await vi.advanceTimersByTimeAsync(2000);
    expect(store.getState().save).toBe('conflict');
    expect((docs.get('ent_b')?.body as Entity | undefined)?.name).toBe('other');
    const [conflict] = store.getState().conflicts;
    expect((conflict?.theirs?.body as Entity | undefined)?.name).toBe('theirs');
    store.resolve('ent_a', 'theirs');
    expect(nameOf(store, 'ent_a')).toBe('theirs');
    expect(store.getState().steps.map((s) => s.label)).toEqual(['rename to other']);
    expect(store.getState().save).toBe('saved');
  });

  it('keeps the own version of a conflict when asked to', async () => {
    const { store, docs } = open('a');
    docs.set('ent_a', { kind: 'entity', rev: 7, body: entity('ent_a', 'theirs'), deleted: false, changed: true });
    rename(store, 'ent_a', 'mine');
    await vi.advanceTimersByTimeAsync(2000);
    store.resolve('ent_a', 'mine');
    await vi.advanceTimersByTimeAsync(2000);
    expect(store.getState().save).toBe('saved');
    expect((docs.get('ent_a')?.body as Entity | undefined)?.name).toBe('mine');
  });

  it('makes and removes documents, and undo brings them back', async () => {
    const { store, docs, calls } = open('a');
    store.change('add', (d) => {
      d.ent_new = { id: 'ent_new', kind: 'entity', body: entity('ent_new', 'new') };
      delete d.ent_a;
    });
    await vi.advanceTimersByTimeAsync(2000);
    expect(calls).toEqual(['put ent_new *', 'delete ent_a 1']);
    expect([...docs.keys()]).toEqual(['ent_new']);
    store.undo();
    await vi.advanceTimersByTimeAsync(2000);
    expect([...docs.keys()]).toEqual(['ent_a']);
    expect(store.getState().save).toBe('saved');
    expect([...store.getState().changed]).toEqual([]);
  });

  it('loses nothing that changes during a save', async () => {
    const { store, docs, transport } = open('a');
    const save = transport.save;
    transport.save = async (doc, rev) => {
      await new Promise((r) => setTimeout(r, 500));
      return save(doc, rev);
    };
    rename(store, 'ent_a', 'one');
    await vi.advanceTimersByTimeAsync(900);
    rename(store, 'ent_a', 'two');
    await vi.advanceTimersByTimeAsync(5000);
    expect(store.getState().save).toBe('saved');
    expect((docs.get('ent_a')?.body as Entity | undefined)?.name).toBe('two');
  });
});

describe('same', () => {
  it('compares by content and treats an absent member as undefined', () => {
    expect(same({ a: [1, { b: 2 }], c: undefined }, { a: [1, { b: 2 }] })).toBe(true);
    expect(same({ a: [1] }, { a: { 0: 1 } })).toBe(false);
    expect(same({ a: null }, { a: undefined })).toBe(false);
  });
});
