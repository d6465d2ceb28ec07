// Changes of a form's layout. A layout is a list of nodes that flow in twelve
// columns; sections and tabs hold lists of their own. A place is named by the
// path to it: "2" or "2.items.0" for a node, "" or "2.items" for a list.
// Every function takes a layout and returns another; none changes its argument.
import type { LayoutNode } from '@/api/types';

/** The path of a node. */
export type NodePath = string;
/** A place in a list of nodes: before the node at the index. */
export interface Slot {
  list: string;
  index: number;
}
/** Where something is dropped relative to a node. */
export type Edge = 'top' | 'bottom' | 'left' | 'right';

/** The widths a field can have, of twelve. */
export const widths = [3, 4, 6, 8, 9, 12] as const;

/** A layout after a change, with the paths of the nodes that were moved or made. */
export interface Changed {
  layout: LayoutNode[];
  paths: NodePath[];
}

const parts = (path: string): (string | number)[] =>
  path === '' ? [] : path.split('.').map((p) => (/^\d+$/.test(p) ? Number(p) : p));

function walk(layout: LayoutNode[], path: string): unknown {
  let here: unknown = layout;
  for (const part of parts(path)) {
    if (here === null || typeof here !== 'object') return undefined;
    here = (here as Record<string | number, unknown>)[part];
  }
  return here;
}

export function nodeAt(layout: LayoutNode[], path: NodePath): LayoutNode | undefined {
  const found = path === '' ? undefined : walk(layout, path);
  return found && !Array.isArray(found) ? (found as LayoutNode) : undefined;
}

export function listAt(layout: LayoutNode[], path: string): LayoutNode[] | undefined {
  const found = walk(layout, path);
  return Array.isArray(found) ? (found as LayoutNode[]) : undefined;
}

/** The list that a node stands in, and its index there. */
export function slotOf(path: NodePath): Slot {
  const cut = path.lastIndexOf('.');
  return { list: cut < 0 ? '' : path.slice(0, cut), index: Number(path.slice(cut + 1)) };
}

export const pathIn = (list: string, index: number): NodePath => (list === '' ? String(index) : `${list}.${index}`);

/** The node that a list belongs to; null for the layout itself. */
export function ownerOf(list: string): NodePath | null {
  if (list === '') return null;
  return list.replace(/\.(items|tabs\.\d+\.items)$/, '');
}

/** Whether a path lies within another or is it. */
export const within = (path: NodePath, outer: NodePath): boolean => path === outer || path.startsWith(`${outer}.`);

/** Every node with its path, in reading order. */
export function* eachNode(layout: LayoutNode[], list = ''): Generator<{ node: LayoutNode; path: NodePath }> {
  for (const [i, node] of layout.entries()) {
    const path = pathIn(list, i);
    yield { node, path };
    if (node.items) yield* eachNode(node.items, `${path}.items`);
    for (const [j, tab] of node.tabs?.entries() ?? []) yield* eachNode(tab.items, `${path}.tabs.${j}.items`);
  }
}

/** Where a field stands; undefined when the form does not show it. */
export function findField(layout: LayoutNode[], field: string): NodePath | undefined {
  for (const { node, path } of eachNode(layout)) if (node.field === field) return path;
  return undefined;
}

/** Paths in reading order, without those inside others of the list. */
export function topmost(layout: LayoutNode[], paths: Iterable<NodePath>): NodePath[] {
  const wanted = new Set(paths);
  const out: NodePath[] = [];
  for (const { path } of eachNode(layout)) if (wanted.has(path) && !out.some((o) => within(path, o))) out.push(path);
  return out;
}

/** Layout places hold nodes of any kind, but tabs and sections only stand at the top or in a tab. */
export function accepts(layout: LayoutNode[], list: string, node: LayoutNode): boolean {
  if (listAt(layout, list) === undefined) return false;
  const depth = (list.match(/items/g) ?? []).length;
  if (node.type === 'tabs') return depth === 0 || ownerType(layout, list) === 'section';
  if (node.type === 'section') return depth === 0 || ownerType(layout, list) === 'tabs';
  return true;
}

function ownerType(layout: LayoutNode[], list: string): LayoutNode['type'] | undefined {
  const owner = ownerOf(list);
  return owner === null ? undefined : nodeAt(layout, owner)?.type;
}

export const widthOf = (node: LayoutNode): number => (node.type === 'field' ? (node.width ?? 12) : 12);

/** The rows in which the nodes of a list appear, as indexes. */
export function rowsOf(list: LayoutNode[]): number[][] {
  const rows: number[][] = [];
  let used = 12;
  for (const [i, node] of list.entries()) {
    const width = widthOf(node);
    if (used + width > 12) {
      rows.push([]);
      used = 0;
    }
    rows.at(-1)?.push(i);
    used += width;
  }
  return rows;
}

function copy(layout: LayoutNode[]): LayoutNode[] {
  return structuredClone(layout) as LayoutNode[];
}

function pathsOf(layout: LayoutNode[], nodes: LayoutNode[]): NodePath[] {
  const out: NodePath[] = [];
  for (const { node, path } of eachNode(layout)) if (nodes.includes(node)) out.push(path);
  return out;
}

/** Puts nodes into a slot. */
export function insert(layout: LayoutNode[], slot: Slot, nodes: LayoutNode[]): Changed {
  const next = copy(layout);
  const made = copy(nodes);
  const list = listAt(next, slot.list);
  if (!list) return { layout, paths: [] };
  list.splice(Math.max(0, Math.min(slot.index, list.length)), 0, ...made);
  return { layout: next, paths: pathsOf(next, made) };
}

/** Takes nodes out, with what is inside them. */
export function remove(layout: LayoutNode[], paths: NodePath[]): LayoutNode[] {
  const next = copy(layout);
  for (const path of topmost(next, paths).reverse()) {
    const slot = slotOf(path);
    listAt(next, slot.list)?.splice(slot.index, 1);
  }
  return next;
}

/** Moves nodes into a slot, keeping their order. Nothing moves into itself. */
export function move(layout: LayoutNode[], paths: NodePath[], slot: Slot): Changed {
  const tops = topmost(layout, paths);
  const owner = ownerOf(slot.list);
  if (tops.length === 0 || (owner !== null && tops.some((p) => within(owner, p)))) return { layout, paths };
  const next = copy(layout);
  const target = listAt(next, slot.list);
  const nodes = tops.map((p) => nodeAt(next, p)).filter((n): n is LayoutNode => n !== undefined);
  if (!target || nodes.some((node) => !accepts(next, slot.list, node))) return { layout, paths };
  // A marker holds the place while indexes shift.
  const marker: LayoutNode = { type: 'divider' };
  target.splice(slot.index, 0, marker);
  const drop = new Set(nodes);
  const sweep = (list: LayoutNode[]) => {
    for (let i = list.length - 1; i >= 0; i--) {
      const node = list[i] as LayoutNode;
      if (drop.has(node)) list.splice(i, 1);
      else {
        if (node.items) sweep(node.items);
        for (const tab of node.tabs ?? []) sweep(tab.items);
      }
    }
  };
  sweep(next);
  target.splice(target.indexOf(marker), 1, ...nodes);
  return { layout: next, paths: pathsOf(next, nodes) };
}

/** The slot at an edge of a node, and the indexes of the row it would join for the left and right edge. */
export function slotAt(layout: LayoutNode[], path: NodePath, edge: Edge): Slot & { beside: number[] } {
  const { list, index } = slotOf(path);
  const nodes = listAt(layout, list) ?? [];
  const row = rowsOf(nodes).find((r) => r.includes(index)) ?? [index];
  if (edge === 'top') return { list, index: row[0] ?? index, beside: [] };
  if (edge === 'bottom') return { list, index: (row.at(-1) ?? index) + 1, beside: [] };
  return { list, index: edge === 'left' ? index : index + 1, beside: row };
}

/** Puts new or moved nodes at an edge of a node. Left and right share the row's width evenly. */
export function place(
  layout: LayoutNode[],
  what: { nodes: LayoutNode[] } | { paths: NodePath[] },
  path: NodePath,
  edge: Edge,
): Changed {
  const { beside, ...slot } = slotAt(layout, path, edge);
  const mates = beside.map((i) => listAt(layout, slot.list)?.[i]).filter((n): n is LayoutNode => n?.type === 'field');
  const mateFields = new Set(mates.map((n) => n.field));
  const moved = 'nodes' in what ? insert(layout, slot, what.nodes) : move(layout, what.paths, slot);
  if (moved.layout === layout || beside.length === 0) return moved;
  // What moved away may have shifted the list itself.
  const home = slotOf(moved.paths[0] ?? '').list;
  const list = listAt(moved.layout, home) ?? [];
  const row = list.filter(
    (n, i) => n.type === 'field' && (mateFields.has(n.field) || moved.paths.includes(pathIn(home, i))),
  );
  const share = 12 / row.length;
  if (row.length > 1 && row.length <= 4) {
    for (const node of row) node.width = share;
  }
  return moved;
}

/** The same nodes with other settings. */
export function patch(
  layout: LayoutNode[],
  paths: NodePath[],
  change: Partial<LayoutNode> | ((node: LayoutNode) => void),
): LayoutNode[] {
  const next = copy(layout);
  for (const path of paths) {
    const node = nodeAt(next, path);
    if (!node) continue;
    if (typeof change === 'function') change(node);
    else Object.assign(node, change);
    for (const key of Object.keys(node) as (keyof LayoutNode)[]) if (node[key] === undefined) delete node[key];
  }
  return next;
}

/** Sets the width of fields; other nodes always take the whole row. */
export function resize(layout: LayoutNode[], paths: NodePath[], width: number): LayoutNode[] {
  return patch(layout, paths, (node) => {
    if (node.type === 'field') node.width = width;
  });
}

/** Puts nodes into a new section where the first of them stood. */
export function wrap(layout: LayoutNode[], paths: NodePath[], section: LayoutNode): Changed {
  const tops = topmost(layout, paths).filter((p) => nodeAt(layout, p)?.type !== 'section');
  const first = tops[0];
  if (first === undefined) return { layout, paths };
  const slot = slotOf(first);
  if (!accepts(layout, slot.list, section)) return { layout, paths };
  const next = copy(layout);
  const nodes = tops.map((p) => nodeAt(next, p)).filter((n): n is LayoutNode => n !== undefined);
  const made: LayoutNode = { ...section, items: nodes };
  const emptied = remove(next, tops);
  // Nodes before the first one keep their places, so its slot is still right.
  return insert(emptied, slot, [made]);
}

/** Dissolves sections and tabs: their nodes take their place. */
export function unwrap(layout: LayoutNode[], path: NodePath): Changed {
  const node = nodeAt(layout, path);
  if (!node || (node.type !== 'section' && node.type !== 'tabs')) return { layout, paths: [path] };
  const inner = node.items ?? node.tabs?.flatMap((tab) => tab.items) ?? [];
  return insert(remove(layout, [path]), slotOf(path), inner);
}

/** Moves nodes one place up or down in reading order, into and out of sections at their edges. */
export function nudge(layout: LayoutNode[], paths: NodePath[], by: -1 | 1): Changed {
  const tops = topmost(layout, paths);
  const first = by < 0 ? tops[0] : tops.at(-1);
  if (first === undefined) return { layout, paths };
  const node = nodeAt(layout, first) as LayoutNode;
  const { list, index } = slotOf(first);
  const nodes = listAt(layout, list) ?? [];
  const neighbour = nodes[index + by];
  const fits = (slot: Slot) => tops.every((p) => accepts(layout, slot.list, nodeAt(layout, p) as LayoutNode));
  if (neighbour) {
    // Into a neighbouring section or tab, at its near end.
    const path = pathIn(list, index + by);
    const inner = neighbour.items
      ? `${path}.items`
      : neighbour.tabs?.length
        ? `${path}.tabs.${by < 0 ? neighbour.tabs.length - 1 : 0}.items`
        : undefined;
    const slot =
      inner === undefined ? undefined : { list: inner, index: by < 0 ? (listAt(layout, inner)?.length ?? 0) : 0 };
    if (slot && node.type !== 'section' && node.type !== 'tabs' && fits(slot)) return move(layout, tops, slot);
    return move(layout, tops, { list, index: by < 0 ? index - 1 : index + 2 });
  }
  const owner = ownerOf(list);
  if (owner === null) return { layout, paths };
  const out = slotOf(owner);
  // Between tabs of one node first.
  const tab = list.match(/^(.*\.tabs\.)(\d+)\.items$/);
  const other = tab ? `${tab[1]}${Number(tab[2]) + by}.items` : undefined;
  const sibling = other === undefined ? undefined : listAt(layout, other);
  if (other !== undefined && sibling) return move(layout, tops, { list: other, index: by < 0 ? sibling.length : 0 });
  return move(layout, tops, { list: out.list, index: by < 0 ? out.index : out.index + 1 });
}

/** Removes the nodes of fields wherever they stand. */
export function withoutFields(layout: LayoutNode[], fields: ReadonlySet<string>): LayoutNode[] {
  const gone: NodePath[] = [];
  for (const { node, path } of eachNode(layout)) if (node.field && fields.has(node.field)) gone.push(path);
  return gone.length === 0 ? layout : remove(layout, gone);
}
