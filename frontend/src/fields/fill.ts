// What picking a linked record copies into the record that is being edited.
import type { RecordData, RuntimeField } from '@/api/types';
import { option } from './define';

interface FillRule {
  from: string;
  to: string;
  rows?: Record<string, string>;
}

const byRef = (fields: readonly RuntimeField[] | undefined, ref: string) =>
  fields?.find((f) => f.id === ref || f.key === ref);

/** Whether picking a record of this link copies anything. */
export function fills(field: RuntimeField): boolean {
  return option<FillRule[]>(field, 'fill', []).length > 0;
}

/**
 * The values to set, by key. Fields that the reader may not see on the other
 * record or write on this one are left as they are; taking the link away
 * empties nothing that somebody may have corrected by hand.
 */
export function fillPatch(
  field: RuntimeField,
  target: RecordData | null,
  from: readonly RuntimeField[] | undefined,
  to: readonly RuntimeField[],
): Record<string, unknown> {
  const patch: Record<string, unknown> = {};
  if (!target) return patch;
  for (const rule of option<FillRule[]>(field, 'fill', [])) {
    const source = byRef(from, rule.from);
    const place = byRef(to, rule.to);
    if (!source || !place?.writable || !(source.key in target)) continue;
    const value = target[source.key] ?? null;
    if (!place.fields) {
      patch[place.key] = value;
      continue;
    }
    if (!Array.isArray(value)) continue;
    // Rows are copied column by column: they are new rows here.
    const columns = Object.entries(rule.rows ?? {})
      .map(([a, b]) => [byRef(source.fields, a)?.key, byRef(place.fields, b)?.key] as const)
      .filter((pair): pair is [string, string] => pair[0] !== undefined && pair[1] !== undefined);
    patch[place.key] = value.map((row: Record<string, unknown>) => ({
      _key: crypto.randomUUID(),
      ...Object.fromEntries(columns.map(([a, b]) => [b, row[a] ?? null])),
    }));
  }
  return patch;
}
