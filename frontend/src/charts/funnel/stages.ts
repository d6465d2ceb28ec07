// Stages of a funnel from first to last.
import type { Json } from '@/api/types';

export interface Stage {
  key: string;
  value: number;
  /** Of the widest stage. */
  width: number;
  /** Of the stage before; null for the first one, after an empty one and where there are more. */
  passed: number | null;
}

/** Lays rows out in an order of keys; stages without records count zero, keys out of the order are left out. */
export function stagesOf(rows: Record<string, Json>[], group: string, measure: string, order: string[]): Stage[] {
  const values = new Map(rows.map((r) => [String(r[group] ?? ''), Number(r[measure] ?? 0)]));
  const widest = Math.max(0, ...order.map((key) => values.get(key) ?? 0));
  return order.map((key, i) => {
    const value = values.get(key) ?? 0;
    const before = i > 0 ? (values.get(order[i - 1] as string) ?? 0) : 0;
    return {
      key,
      value,
      width: widest > 0 ? value / widest : 0,
      // More than before is no share that went on.
      passed: before > 0 && value <= before ? value / before : null,
    };
  });
}
