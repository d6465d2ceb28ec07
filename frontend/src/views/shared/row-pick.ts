// The rows that are ticked: some, or everything the query finds but some. The
// server carries out what is done with them, so nothing has to be loaded.
import type { BulkSelect } from '@/api/types';

export type RowPick = { all: false; ids: ReadonlySet<string> } | { all: true; except: ReadonlySet<string> };

export const nothingPicked: RowPick = { all: false, ids: new Set() };
export const everythingPicked: RowPick = { all: true, except: new Set() };

export function isPicked(pick: RowPick, id: string): boolean {
  return pick.all ? !pick.except.has(id) : pick.ids.has(id);
}

/** Ticks or unticks rows. */
export function withPicked(pick: RowPick, ids: Iterable<string>, on: boolean): RowPick {
  const set = new Set(pick.all ? pick.except : pick.ids);
  for (const id of ids) {
    if (on === pick.all) set.delete(id);
    else set.add(id);
  }
  return pick.all ? { all: true, except: set } : { all: false, ids: set };
}

/** How many rows are ticked of so many. */
export function pickedCount(pick: RowPick, total: number): number {
  return pick.all ? Math.max(0, total - pick.except.size) : pick.ids.size;
}

/** The selection as the server takes it. */
export function bulkSelect(pick: RowPick, query: { filter: string; search: string }): BulkSelect {
  if (!pick.all) return { ids: [...pick.ids] };
  return {
    query: { ...(query.filter ? { filter: query.filter } : {}), ...(query.search ? { search: query.search } : {}) },
    ...(pick.except.size > 0 ? { except: [...pick.except] } : {}),
  };
}
