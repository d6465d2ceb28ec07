/** What an import did, or would do, with its rows. */
export interface CountsOf {
  created?: number;
  updated?: number;
  unchanged?: number;
  skipped?: number;
  members?: number;
  related?: Record<string, number>;
}

/** Rows that are written; those that are the same already are not. */
export function rowsOf(counts: CountsOf): number {
  return (counts.created ?? 0) + (counts.updated ?? 0);
}

/** Whether anything comes of it: a row may add people or records of other forms and stay the same itself. */
export function changes(counts: CountsOf): boolean {
  return rowsOf(counts) > 0 || !!counts.members || Object.values(counts.related ?? {}).some((n) => n > 0);
}
