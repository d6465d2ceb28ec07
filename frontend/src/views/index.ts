// Every view type, found by its folder. To add one, add a folder.
import type { ViewType } from './define';

const modules = import.meta.glob<{ default: ViewType }>('./*/index.ts', { eager: true });

const types = new Map<string, ViewType>();
for (const module of Object.values(modules)) types.set(module.default.type, module.default);

/** All view types, the grid first. */
export function viewTypes(): ViewType[] {
  return [...types.values()].sort((a, b) =>
    a.type === 'grid' ? -1 : b.type === 'grid' ? 1 : a.type.localeCompare(b.type),
  );
}

/** A view type by name; a grid where this page does not know it. */
export function viewOf(type: string | undefined): ViewType {
  return types.get(type ?? 'grid') ?? (types.get('grid') as ViewType);
}

export * from './define';
