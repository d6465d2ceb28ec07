// The records that a list has in sight, by id, whatever view shows them. Edits
// are put here at once, so that every view of the page shows them together.
import type { RecordData, RecordPage } from '@/api/types';

/** What happened to an edit that is not (yet) saved. */
export interface Mark {
  state: 'saving' | 'failed' | 'conflict';
  /** What the member entered. */
  value: unknown;
  message?: string;
  /** Nothing is wrong with the value: the server did not answer, or could not. */
  again?: boolean;
}

export class RecordStore {
  /** Display names by id; grows in place, so that cells need not redraw for names of other rows. */
  readonly names: Record<string, string> = {};
  private records = new Map<string, RecordData>();
  private marks = new Map<string, Map<string, Mark>>();
  private listeners = new Set<() => void>();
  private stamp = 0;

  get = (id: string): RecordData | undefined => this.records.get(id);

  /** Changes with every change: what React compares. */
  version = (): number => this.stamp;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private held = 0;
  private due = false;

  private tell() {
    this.due = true;
    if (this.held > 0) return;
    this.due = false;
    this.stamp++;
    for (const listener of this.listeners) listener();
  }

  /** Tells of many changes once. */
  together(work: () => void): void {
    this.held++;
    try {
      work();
    } finally {
      this.held--;
      if (this.held === 0 && this.due) this.tell();
    }
  }

  learn = (names: Readonly<Record<string, string>> | undefined): void => {
    if (names) Object.assign(this.names, names);
  };

  /** Takes in what the server sent. Values that are being saved stay as entered. */
  put(page: Pick<RecordPage, 'records' | '_names'>): void {
    this.learn(page._names);
    for (const record of page.records) {
      const known = this.records.get(record.id);
      // An answer that was on its way while a later one arrived.
      if (known && known.rev > record.rev) continue;
      const marks = this.marks.get(record.id);
      const next = known ? { ...known, ...record } : { ...record };
      for (const [key, mark] of marks ?? []) next[key] = mark.value;
      this.records.set(record.id, next);
    }
    this.tell();
  }

  patch(id: string, change: Partial<RecordData>): void {
    const known = this.records.get(id);
    if (!known) return;
    this.records.set(id, { ...known, ...change } as RecordData);
    this.tell();
  }

  /** Forgets records that went out of sight. */
  drop(ids: Iterable<string>): void {
    for (const id of ids) if (!this.marks.has(id)) this.records.delete(id);
  }

  mark(id: string, key: string, mark: Mark | null): void {
    const marks = this.marks.get(id) ?? new Map<string, Mark>();
    if (mark) marks.set(key, mark);
    else marks.delete(key);
    if (marks.size > 0) this.marks.set(id, marks);
    else this.marks.delete(id);
    // A row redraws when its record is another object.
    const known = this.records.get(id);
    if (known) this.records.set(id, { ...known });
    this.tell();
  }

  markOf(id: string, key: string): Mark | undefined {
    return this.marks.get(id)?.get(key);
  }

  /** The edits that were not saved, in no order. */
  failed(): { id: string; key: string; mark: Mark }[] {
    return [...this.marks].flatMap(([id, marks]) =>
      [...marks].filter(([, mark]) => mark.state === 'failed').map(([key, mark]) => ({ id, key, mark })),
    );
  }

  marksOf(id: string): ReadonlyMap<string, Mark> | undefined {
    return this.marks.get(id);
  }

  clear(): void {
    this.records.clear();
    this.marks.clear();
    this.tell();
  }
}
