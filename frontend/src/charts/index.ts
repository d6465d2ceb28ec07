// Every widget type, found by its folder. To add one, add a folder.
import type { ChartType } from './define';

const modules = import.meta.glob<{ default: ChartType }>('./*/index.ts', { eager: true });

const types = new Map<string, ChartType>();
for (const module of Object.values(modules)) types.set(module.default.type, module.default);

/** The names of all types. */
export function chartTypes(): string[] {
  return [...types.keys()].sort();
}

/** A widget type by name; undefined where this page does not know it. */
export function chartOf(type: string): ChartType | undefined {
  return types.get(type);
}

export * from './define';
