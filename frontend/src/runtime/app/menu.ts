// The menu of a published app: which entries a member sees, and what an address means.
import type { Dashboard, Form, MenuItem, Runtime, RuntimeEntity, View } from '@/api/types';

/** What a menu entry opens. */
export type Target =
  | { kind: 'entity'; entity: RuntimeEntity; view?: View }
  | { kind: 'form'; form: Form; entity: RuntimeEntity }
  | { kind: 'dashboard'; dashboard: Dashboard }
  | { kind: 'url'; url: string };

export interface Entry {
  item: MenuItem;
  /** The last part of the address; null for a group. */
  slug: string | null;
  target: Target | null;
  children: Entry[];
}

/** Words that are routes of their own inside an app. */
const reserved = new Set(['edit', 'r', 'new']);

export function targetOf(runtime: Runtime, item: MenuItem): Target | null {
  if (item.view) {
    const view = runtime.views.find((v) => v.id === item.view || v.key === item.view);
    const entity = view && entityOf(runtime, view.entity);
    return view && entity ? { kind: 'entity', entity, view } : null;
  }
  if (item.form) {
    const form = runtime.forms.find((f) => f.id === item.form || f.key === item.form);
    const entity = form && entityOf(runtime, form.entity);
    return form && entity ? { kind: 'form', form, entity } : null;
  }
  if (item.entity) {
    const entity = entityOf(runtime, item.entity);
    return entity ? { kind: 'entity', entity } : null;
  }
  if (item.dashboard) {
    const dashboard = runtime.dashboards.find((d) => d.id === item.dashboard || d.key === item.dashboard);
    return dashboard ? { kind: 'dashboard', dashboard } : null;
  }
  // Only links that leave the page: a script in a menu must not run.
  if (item.url && /^(https?:|mailto:|tel:|\/)/i.test(item.url)) return { kind: 'url', url: item.url };
  return null;
}

export function entityOf(runtime: Runtime, idOrKey: string): RuntimeEntity | undefined {
  return runtime.entities.find((e) => e.id === idOrKey || e.key === idOrKey);
}

function keyOf(target: Target | null): string | null {
  if (!target) return null;
  switch (target.kind) {
    case 'entity':
      return target.view?.key ?? target.entity.key;
    case 'form':
      return target.form.key;
    case 'dashboard':
      return target.dashboard.key;
    case 'url':
      return null;
  }
}

/**
 * The entries that the member may open. Groups without such entries are left out.
 * The short menu shows the everyday ones, and the page where the member's day begins.
 */
export function menuOf(runtime: Runtime, options: { light?: boolean } = {}): Entry[] {
  const light = new Set(runtime.app.light_menu ?? []);
  const home = homeOf(runtime);
  if (home) light.add(home);
  const walk = (items: MenuItem[]): Entry[] =>
    items.flatMap((item): Entry[] => {
      if (item.roles?.length && !runtime.me.admin && !item.roles.some((r) => runtime.me.roles.includes(r))) return [];
      const hidden = options.light && item.advanced && !light.has(item.id);
      if (item.items) {
        const children = walk(item.items);
        // What is left of a hidden group stands without its heading.
        if (hidden) return children.filter((child) => child.target && light.has(child.item.id));
        return children.length > 0 ? [{ item, slug: null, target: null, children }] : [];
      }
      if (hidden) return [];
      const target = targetOf(runtime, item);
      return target ? [{ item, slug: item.id, target, children: [] }] : [];
    });
  const entries = walk(runtime.app.menu ?? []);
  // A home from the hidden part comes first: it is where the day begins.
  const at = options.light ? entries.findIndex((e) => e.item.id === home && e.item.advanced) : -1;
  if (at > 0) entries.unshift(...entries.splice(at, 1));
  // Addresses use the readable key of the target where it means one entry only.
  const seen = new Map<string, number>();
  for (const entry of leaves(entries)) {
    const key = keyOf(entry.target);
    if (key) seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  for (const entry of leaves(entries)) {
    const key = keyOf(entry.target);
    if (key && seen.get(key) === 1 && !reserved.has(key)) entry.slug = key;
  }
  return entries;
}

/** The entries below groups, in order. */
export function leaves(entries: Entry[]): Entry[] {
  return entries.flatMap((entry) => (entry.target ? [entry] : leaves(entry.children)));
}

/** The entry of an address: its slug, its id, or the key of an entity without an entry. */
export function findEntry(runtime: Runtime, entries: Entry[], slug: string): Entry | undefined {
  const all = leaves(entries);
  const found = all.find((e) => e.slug === slug) ?? all.find((e) => e.item.id === slug);
  if (found) return found;
  const entity = entityOf(runtime, slug);
  if (!entity) return undefined;
  return (
    all.find((e) => e.target?.kind === 'entity' && e.target.entity.id === entity.id && !e.target.view) ?? {
      item: { id: entity.id, name: entity.name, icon: entity.icon, entity: entity.id },
      slug: entity.key,
      target: { kind: 'entity', entity },
      children: [],
    }
  );
}

/** The id of the entry that is named home for one of the member's roles, or for all. */
function homeOf(runtime: Runtime): string | undefined {
  const home = runtime.app.home ?? {};
  return runtime.me.roles.map((r) => home[r]).find(Boolean) ?? home['*'];
}

/** Where the app opens for this member: the home of a role, else the first entry. */
export function homeEntry(runtime: Runtime, entries: Entry[]): Entry | undefined {
  const all = leaves(entries).filter((e) => e.target?.kind !== 'url');
  const wanted = homeOf(runtime);
  return all.find((e) => e.item.id === wanted) ?? all[0];
}
