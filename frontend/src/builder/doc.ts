// The draft of an app while it is being edited: documents, labelled history,
// autosave. One store per opened app, handed down through context.
//
// A step of the history keeps the documents it touched as they were and as they
// became. They are immutable and share what did not change, so a hundred steps
// cost little, and undo needs no inverse of any command.
import { freeze, type Draft as Mutable, produce } from 'immer';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { asProblem, type Problem } from '@/api/client';
import type { DocKind, Draft, FaultItem } from '@/api/types';
import { type Doc, type Docs, placeMissing } from './model';

/** How the store reaches the server. */
export interface Transport {
  load: () => Promise<Draft>;
  save: (doc: Doc, rev: number | '*') => Promise<{ rev: number; faults: FaultItem[] }>;
  remove: (id: string, rev: number | '*') => Promise<void>;
}

/** One entry of the history. A document that is null is not there. */
export interface Step {
  id: number;
  /** What was done, in words. */
  label: string;
  at: number;
  /** Steps with the same mark that follow each other closely become one: typing. */
  mark?: string;
  before: Record<string, Doc | null>;
  after: Record<string, Doc | null>;
}

/**
 * saved: the server has everything; waiting: it will be sent in a moment;
 * offline: it will be sent when the server answers again; failed: the server
 * refused a document; conflict: somebody else changed the same document.
 */
export type SaveState = 'saved' | 'waiting' | 'saving' | 'offline' | 'failed' | 'conflict';

/** The same document changed here and by a colleague. */
export interface Conflict {
  id: string;
  kind: DocKind;
  mine: Doc | null;
  theirs: Doc | null;
  rev: number;
}

/** What the server has of a document. */
interface Remote {
  rev: number;
  doc: Doc | null;
  /** Differs from the published version. */
  changed: boolean;
  /** The published body, once it was seen. */
  live?: Doc | null;
}

export interface DraftState {
  docs: Docs;
  steps: readonly Step[];
  /** How many of the steps are in force; the rest can be redone. */
  cursor: number;
  save: SaveState;
  /** Why saving failed. */
  problem: Problem | null;
  conflicts: readonly Conflict[];
  /** Everything that is wrong with the draft, as of the last save. */
  faults: readonly FaultItem[];
  /** Ids of the documents that differ from the published version. */
  changed: ReadonlySet<string>;
  /** When the server last had everything. */
  savedAt: number | null;
}

export interface DraftStore extends StoreApi<DraftState> {
  /** Changes the documents by a recipe and notes it under a label. False when nothing changed. */
  change: (label: string, recipe: (docs: Mutable<Record<string, Doc>>) => void, mark?: string) => boolean;
  undo: () => Step | undefined;
  redo: () => Step | undefined;
  /** Goes to the state after the first n steps. */
  travel: (cursor: number) => void;
  /** Sends what is unsaved now; resolves when the server has it or has refused it. */
  flush: () => Promise<void>;
  /** Ends a conflict: sends the own version, or takes the colleague's. */
  resolve: (id: string, choice: 'mine' | 'theirs') => void;
  setFaults: (faults: FaultItem[]) => void;
  /** Takes the server's draft as it is now; the history starts anew. */
  reload: () => Promise<void>;
  /** Whether something would be lost if the page closed now. */
  dirty: () => boolean;
  dispose: () => void;
}

export interface StoreOptions {
  /** Milliseconds of rest before a save. */
  delay?: number;
  /** Milliseconds after which a save no longer waits for rest. */
  patience?: number;
  /** Milliseconds between attempts while the server is out of reach. */
  retry?: number;
  /** Milliseconds within which equal marks become one step. */
  pause?: number;
  limit?: number;
  now?: () => number;
}

/** Makes the store of a draft that was just loaded. */
export function createDraftStore(draft: Draft, transport: Transport, options: StoreOptions = {}): DraftStore {
  const { delay = 700, patience = 1600, retry = 4000, pause = 2000, limit = 300, now = Date.now } = options;
  let remote = new Map<string, Remote>();
  let nextStep = 1;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let firstChange = 0;
  let running: Promise<void> | undefined;
  let disposed = false;
  // Documents the server refused wait until they change again.
  const refused = new Map<string, Doc | null>();

  const store = createStore<DraftState>(() => ({
    docs: {},
    steps: [],
    cursor: 0,
    save: 'saved',
    problem: null,
    conflicts: [],
    faults: [],
    changed: new Set(),
    savedAt: null,
  }));
  const get = store.getState;
  const set = store.setState;

  function take(loaded: Draft) {
    const docs: Record<string, Doc> = {};
    remote = new Map();
    for (const entry of loaded.docs) {
      const doc = entry.deleted
        ? null
        : (freeze({ id: entry.id, kind: entry.kind, body: entry.body } as Doc, true) as Doc);
      if (doc) docs[entry.id] = doc;
      remote.set(entry.id, { rev: entry.rev, doc, changed: entry.changed, live: entry.changed ? undefined : doc });
    }
    refused.clear();
    set({
      docs,
      steps: [],
      cursor: 0,
      save: 'saved',
      problem: null,
      conflicts: [],
      savedAt: now(),
      changed: changedIds(docs),
    });
  }

  function changedIds(docs: Docs): Set<string> {
    const out = new Set<string>();
    for (const [id, there] of remote) {
      const here = docs[id] ?? null;
      if (there.live !== undefined ? !same(here, there.live) : there.changed || here !== there.doc) out.add(id);
    }
    for (const id of Object.keys(docs)) if (!remote.has(id)) out.add(id);
    return out;
  }

  function unsaved(): string[] {
    const { docs, conflicts } = get();
    const contested = new Set(conflicts.map((c) => c.id));
    const out: string[] = [];
    for (const [id, doc] of Object.entries(docs)) {
      if (!contested.has(id) && remote.get(id)?.doc !== doc) out.push(id);
    }
    for (const [id, there] of remote) {
      if (there.doc && !docs[id] && !contested.has(id)) out.push(id);
    }
    return out;
  }

  const pending = () => unsaved().filter((id) => !refused.has(id) || refused.get(id) !== (get().docs[id] ?? null));

  function settle() {
    if (disposed) return;
    const { docs, conflicts, save } = get();
    const changed = changedIds(docs);
    const rest = unsaved();
    const state: SaveState = conflicts.length
      ? 'conflict'
      : rest.length === 0
        ? 'saved'
        : save === 'offline'
          ? 'offline'
          : pending().length === 0
            ? 'failed'
            : 'waiting';
    set({
      changed,
      save: state,
      problem: state === 'failed' || state === 'offline' ? get().problem : null,
      ...(state === 'saved' ? { savedAt: now() } : {}),
    });
  }

  function schedule(wait = delay) {
    if (disposed) return;
    const at = now();
    if (!timer) firstChange = at;
    clearTimeout(timer);
    timer = setTimeout(flush, Math.max(0, Math.min(wait, firstChange + patience - at)));
  }

  /** Puts documents in place; the server hears of it soon. */
  function install(next: Record<string, Doc | null>) {
    const docs = produce(get().docs as Record<string, Doc>, (draft) => {
      for (const [id, doc] of Object.entries(next)) {
        if (doc) draft[id] = doc as Mutable<Doc>;
        else delete draft[id];
      }
    });
    set({ docs });
  }

  function afterEdit() {
    settle();
    if (pending().length > 0) schedule();
  }

  function change(label: string, recipe: (docs: Mutable<Record<string, Doc>>) => void, mark?: string): boolean {
    const before = get().docs;
    const docs = produce(before as Record<string, Doc>, (draft) => {
      recipe(draft);
    });
    const touched = [...new Set([...Object.keys(before), ...Object.keys(docs)])].filter(
      (id) => before[id] !== docs[id],
    );
    if (touched.length === 0) return false;
    const pick = (from: Docs) => Object.fromEntries(touched.map((id) => [id, from[id] ?? null]));
    const { steps, cursor } = get();
    const kept = steps.slice(0, cursor);
    const last = kept.at(-1);
    const at = now();
    const joins = mark !== undefined && last?.mark === mark && at - last.at < pause && cursor === steps.length;
    const step: Step = joins
      ? { ...last, at, before: { ...pick(before), ...last.before }, after: { ...last.after, ...pick(docs) } }
      : { id: nextStep++, label, at, mark, before: pick(before), after: pick(docs) };
    const list = joins ? [...kept.slice(0, -1), step] : [...kept, step].slice(-limit);
    set({ docs, steps: list, cursor: list.length });
    afterEdit();
    return true;
  }

  function travel(cursor: number) {
    const { steps, cursor: from } = get();
    const to = Math.max(0, Math.min(steps.length, cursor));
    if (to === from) return;
    const next: Record<string, Doc | null> = {};
    if (to < from) for (const step of steps.slice(to, from).reverse()) Object.assign(next, step.before);
    else for (const step of steps.slice(from, to)) Object.assign(next, step.after);
    install(next);
    set({ cursor: to });
    afterEdit();
  }

  async function send(): Promise<void> {
    for (;;) {
      const id = pending()[0];
      if (id === undefined || disposed) return;
      const doc = get().docs[id] ?? null;
      const there = remote.get(id);
      try {
        if (doc) {
          const answer = await transport.save(doc, there?.doc ? there.rev : '*');
          remote.set(id, { ...there, rev: answer.rev, doc, changed: true });
          set({ faults: placeMissing(answer.faults ?? []) });
        } else {
          await transport.remove(id, there?.rev ?? '*');
          if (there?.live === undefined && !there?.changed) remote.set(id, { rev: 0, doc: null, changed: true });
          else if (there?.live) remote.set(id, { ...there, doc: null, rev: 0, changed: true });
          else remote.delete(id);
        }
        refused.delete(id);
      } catch (error) {
        const problem = asProblem(error);
        if (problem.offline || problem.status >= 500) {
          set({ save: 'offline', problem });
          throw error;
        }
        if (problem.status === 409 || problem.status === 412 || (problem.status === 404 && !doc)) await meet(id);
        else {
          refused.set(id, doc);
          set({ problem });
        }
      }
    }
  }

  /** Somebody else changed the document: compare, and ask when both differ. */
  async function meet(id: string) {
    const loaded = await transport.load();
    const entry = loaded.docs.find((d) => d.id === id);
    const theirs =
      entry && !entry.deleted ? (freeze({ id, kind: entry.kind, body: entry.body } as Doc, true) as Doc) : null;
    const mine = get().docs[id] ?? null;
    const was = remote.get(id);
    const rev = entry?.rev ?? 0;
    const there: Remote = {
      rev,
      doc: theirs,
      changed: entry?.changed ?? false,
      live: entry && !entry.changed ? theirs : was?.live,
    };
    if (same(mine, theirs)) {
      if (theirs) install({ [id]: theirs });
      if (entry) remote.set(id, there);
      else remote.delete(id);
      return;
    }
    remote.set(id, there);
    const kind = (mine ?? theirs)?.kind;
    if (!kind) return;
    set({ conflicts: [...get().conflicts.filter((c) => c.id !== id), { id, kind, mine, theirs, rev }] });
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (running) return running.then(() => (pending().length > 0 && get().save !== 'offline' ? flush() : undefined));
    if (pending().length === 0) return Promise.resolve();
    set({ save: 'saving' });
    running = send()
      .catch(() => {
        if (!disposed) {
          clearTimeout(timer);
          firstChange = now();
          timer = setTimeout(flush, retry);
        }
      })
      .finally(() => {
        running = undefined;
        if (get().save === 'saving') set({ save: 'waiting' });
        settle();
        if (!timer && get().save === 'waiting') schedule();
      });
    return running;
  }

  function resolve(id: string, choice: 'mine' | 'theirs') {
    const conflict = get().conflicts.find((c) => c.id === id);
    if (!conflict) return;
    set({ conflicts: get().conflicts.filter((c) => c.id !== id) });
    if (choice === 'theirs') {
      install({ [id]: conflict.theirs });
      const taken = get().docs[id] ?? null;
      const there = remote.get(id);
      if (there) remote.set(id, { ...there, doc: taken });
      // Steps on the document would bring the own version back piece by piece.
      const { steps, cursor } = get();
      const without = (step: Step) => !(id in step.before);
      set({ steps: steps.filter(without), cursor: steps.slice(0, cursor).filter(without).length });
    }
    afterEdit();
  }

  const online = () => {
    if (get().save === 'offline') void flush();
  };
  globalThis.addEventListener?.('online', online);

  take(draft);

  return Object.assign(store, {
    change,
    travel,
    flush,
    resolve,
    undo: () => {
      const { steps, cursor } = get();
      travel(cursor - 1);
      return steps[cursor - 1];
    },
    redo: () => {
      const { steps, cursor } = get();
      travel(cursor + 1);
      return steps[cursor];
    },
    setFaults: (faults: FaultItem[]) => set({ faults: placeMissing(faults) }),
    reload: async () => take(await transport.load()),
    dirty: () => unsaved().length > 0,
    dispose: () => {
      disposed = true;
      clearTimeout(timer);
      globalThis.removeEventListener?.('online', online);
    },
  });
}

/** Whether two documents say the same, whatever the order of their members. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const x = a as Record<string, unknown>;
  const y = b as Record<string, unknown>;
  const keys = new Set([...Object.keys(x), ...Object.keys(y)]);
  for (const key of keys) if (!same(x[key], y[key])) return false;
  return true;
}
