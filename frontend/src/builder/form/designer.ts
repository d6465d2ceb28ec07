// The form designer's own state (what is selected, what is being renamed) and
// everything that can be done with it. Buttons, menus and keys all go through
// the list of commands at the end.
import { createContext, useContext } from 'react';
import { createStore, type StoreApi, useStore } from 'zustand';
import type { Entity, Field, Form, LayoutNode, Text } from '@/api/types';
import { fieldOf as fieldType } from '@/fields';
import type { IconName } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import {
  addColumns,
  addFields,
  cloneField,
  deleteFields,
  editField,
  followName,
  makeField,
  moveColumn,
  removeNodes,
  renameField,
} from '../commands/fields';
import {
  type Edge,
  eachNode,
  findField,
  insert,
  listAt,
  move,
  type NodePath,
  nodeAt,
  nudge,
  pathIn,
  place,
  resize,
  type Slot,
  slotOf,
  topmost,
  unwrap,
  widths,
  wrap,
} from '../commands/layout';
import type { DraftStore } from '../doc';
import { bodyOf, columnOf, type Docs, type Place } from '../model';
import type { Parts } from '../parts';

/** What is selected: a field by id ("f:…"), another node by path ("n:…"), a column of a sub-form ("c:…"). */
export type Key = string;

export type LeftTab = 'forms' | 'parts' | 'outline';

export interface DesignerState {
  selection: readonly Key[];
  renaming: Key | null;
  left: LeftTab;
  /** The open tab of each tabs node, by path. */
  tabs: Readonly<Record<NodePath, number>>;
  /** Keys that wait for the answer whether to delete them. */
  deleting: readonly Key[] | null;
  /** Text of a spreadsheet that is to become fields. */
  pasting: string | null;
  /** Counts requests to put the focus on what is selected. */
  focus: number;
}

export interface Designer {
  entity: string;
  /** The layout that is edited. */
  form: string;
  store: DraftStore;
  parts: Parts;
  ui: StoreApi<DesignerState>;
  /** Ids of fields that hold data already. */
  published: () => Pick<ReadonlySet<string>, 'has'>;
}

export const DesignerContext = createContext<Designer | null>(null);

export function useDesigner(): Designer {
  const value = useContext(DesignerContext);
  if (!value) throw new Error('useDesigner outside the designer');
  return value;
}

export function useDesignerState<T>(select: (state: DesignerState) => T): T {
  return useStore(useDesigner().ui, select);
}

/** Puts the focus on what is selected once it is drawn, so that typing names it. */
export function focusSelection(d: Designer): void {
  d.ui.setState((s) => ({ focus: s.focus + 1 }));
}

export function createDesignerState(): StoreApi<DesignerState> {
  return createStore<DesignerState>(() => ({
    selection: [],
    renaming: null,
    left: 'parts',
    tabs: {},
    deleting: null,
    pasting: null,
    focus: 0,
  }));
}

// --- keys -------------------------------------------------------------------

export const keyOf = (node: LayoutNode, path: NodePath): Key => (node.field ? `f:${node.field}` : `n:${path}`);
export const columnKey = (column: string): Key => `c:${column}`;

/** The path of a selected node; undefined for columns and what is gone. */
export function pathOf(layout: LayoutNode[], key: Key): NodePath | undefined {
  const rest = key.slice(2);
  if (key.startsWith('f:')) return findField(layout, rest);
  if (!key.startsWith('n:')) return undefined;
  const node = nodeAt(layout, rest);
  return node && !node.field ? rest : undefined;
}

/** Where the faults of a node of a layout are told. */
export function placeOfNode(form: { id: string }, path: NodePath | undefined): Place | undefined {
  return path === undefined ? undefined : { doc: form.id, path: ['layout', ...path.split('.')] };
}

export interface Current {
  docs: Docs;
  entity: Entity;
  form: Form;
}

/** The documents as they are now; undefined when the form is gone. */
export function now(d: Designer): Current | undefined {
  const { docs } = d.store.getState();
  const entity = bodyOf(docs, 'entity', d.entity);
  const form = bodyOf(docs, 'form', d.form);
  return entity && form ? { docs, entity, form } : undefined;
}

/** The fields and columns among keys. */
export function fieldsOfKeys(entity: Entity, keys: readonly Key[]): { field: Field; subform?: Field }[] {
  return keys.flatMap((key): { field: Field; subform?: Field }[] => {
    if (key.startsWith('c:')) {
      const found = columnOf(entity, key.slice(2));
      return found ? [{ field: found.column, subform: found.parent }] : [];
    }
    const field = key.startsWith('f:') ? entity.fields.find((f) => f.id === key.slice(2)) : undefined;
    return field ? [{ field }] : [];
  });
}

const pathsOf = (layout: LayoutNode[], keys: readonly Key[]): NodePath[] =>
  keys.flatMap((k) => pathOf(layout, k) ?? []);

// --- selection --------------------------------------------------------------

export function select(d: Designer, keys: readonly Key[]): void {
  d.ui.setState({ selection: keys, renaming: null });
}

/** Selects what stands at paths, after a change that moved or made it. */
function selectPaths(d: Designer, paths: NodePath[]): void {
  const layout = now(d)?.form.layout ?? [];
  select(
    d,
    paths.flatMap((p) => {
      const node = nodeAt(layout, p);
      return node ? [keyOf(node, p)] : [];
    }),
  );
}

/** Click: one; with a modifier: one more or less; with shift: all between. */
export function pick(d: Designer, key: Key, how: 'one' | 'toggle' | 'range'): void {
  const { selection } = d.ui.getState();
  if (how === 'toggle') {
    select(
      d,
      selection.includes(key) ? selection.filter((k) => k !== key) : [...selection.filter((k) => k[0] !== 'c'), key],
    );
    return;
  }
  const last = selection.at(-1);
  const current = now(d);
  if (how === 'range' && last && current && key[0] !== 'c') {
    const keys = [...eachNode(current.form.layout)].map(({ node, path }) => keyOf(node, path));
    const [a, b] = [keys.indexOf(last), keys.indexOf(key)];
    if (a >= 0 && b >= 0) {
      const between = keys.slice(Math.min(a, b), Math.max(a, b) + 1);
      select(d, a <= b ? between : between.reverse());
      return;
    }
  }
  select(d, [key]);
}

/** The next node in reading order, for the arrow keys. */
export function step(d: Designer, by: -1 | 1): void {
  const current = now(d);
  if (!current) return;
  const { selection, tabs } = d.ui.getState();
  const last = selection.at(-1);
  if (last?.startsWith('c:')) {
    const found = columnOf(current.entity, last.slice(2));
    const columns = found?.parent.fields ?? [];
    const next = columns[columns.findIndex((c) => c.id === last.slice(2)) + by];
    if (next) select(d, [columnKey(next.id)]);
    return;
  }
  // Nodes of tabs that are not open are not there to be walked to.
  const shown = [...eachNode(current.form.layout)].filter(({ path }) => {
    for (const match of path.matchAll(/^(.*?)\.tabs\.(\d+)\./g))
      if ((tabs[match[1] ?? ''] ?? 0) !== Number(match[2])) return false;
    return true;
  });
  const keys = shown.map(({ node, path }) => keyOf(node, path));
  const at = last ? keys.indexOf(last) : by > 0 ? -1 : keys.length;
  const next = keys[Math.max(0, Math.min(keys.length - 1, at + by))];
  if (next) select(d, [next]);
}

// --- changes ----------------------------------------------------------------

const nameOf = (fields: { name: Text }[]): string =>
  fields
    .slice(0, 2)
    .map((f) => textOf(f.name))
    .join(t('common.comma')) + (fields.length > 2 ? '…' : '');

function setLayout(d: Designer, label: string, layout: LayoutNode[], mark?: string): boolean {
  return d.store.change(
    label,
    (docs) => {
      const form = bodyOf(docs, 'form', d.form);
      if (form) form.layout = layout;
    },
    mark,
  );
}

/** Where something new goes when nobody says: after the selection, in a selected section, else at the end. */
export function defaultSlot(d: Designer): Slot {
  const current = now(d);
  const layout = current?.form.layout ?? [];
  const last = d.ui.getState().selection.at(-1);
  const column = last?.startsWith('c:') && current ? columnOf(current.entity, last.slice(2)) : undefined;
  const path = column ? findField(layout, column.parent.id) : last ? pathOf(layout, last) : undefined;
  const node = path === undefined ? undefined : nodeAt(layout, path);
  if (path === undefined || !node) return { list: '', index: layout.length };
  if (node.type === 'section') return { list: `${path}.items`, index: node.items?.length ?? 0 };
  if (node.type === 'tabs') {
    const open = Math.min(d.ui.getState().tabs[path] ?? 0, (node.tabs?.length ?? 1) - 1);
    return { list: `${path}.tabs.${open}.items`, index: node.tabs?.[open]?.items.length ?? 0 };
  }
  const slot = slotOf(path);
  return { list: slot.list, index: slot.index + 1 };
}

/** Whether a type can be a column of a sub-form. */
export function canBeColumn(parts: Parts, type: string): boolean {
  const part = parts.fields.get(type);
  return !!part && part.kind !== 'rows' && !(part.traits.holds_ref && part.kind === 'list');
}

/** The sub-form that a selected column or sub-form is about. */
export function selectedSubform(d: Designer): Field | undefined {
  const current = now(d);
  const last = d.ui.getState().selection.at(-1);
  if (!current || !last) return undefined;
  if (last.startsWith('c:')) return columnOf(current.entity, last.slice(2))?.parent;
  const field = current.entity.fields.find((f) => f.id === last.slice(2));
  return field && d.parts.fields.get(field.type)?.kind === 'rows' ? field : undefined;
}

export type Target = { slot: Slot } | { path: NodePath; edge: Edge } | { subform: string; index?: number };

// Half a row unless the control needs all of it: rows of equal halves line up.
const spanOf = (type: string): number => ((fieldType(type).span ?? 6) > 6 ? 12 : 6);

/** Adds a new field of a type. */
export function addNew(d: Designer, type: string, target?: Target): void {
  const current = now(d);
  const part = d.parts.fields.get(type);
  if (!current || !part) return;
  const inSubform =
    target && 'subform' in target
      ? target.subform
      : target
        ? undefined
        : canBeColumn(d.parts, type)
          ? d.ui.getState().selection.at(-1)?.startsWith('c:')
            ? selectedSubform(d)?.id
            : undefined
          : undefined;
  if (inSubform) {
    const parent = current.entity.fields.find((f) => f.id === inSubform);
    if (!parent || !canBeColumn(d.parts, type)) return;
    const column = makeField(part, parent.fields ?? []);
    const at = target && 'subform' in target ? target.index : undefined;
    d.store.change(t('build.did.addColumn', { name: textOf(column.name) }), (docs) =>
      addColumns(docs, d.entity, inSubform, [column], at),
    );
    select(d, [columnKey(column.id)]);
    return;
  }
  const field = makeField(part, current.entity.fields);
  const node: LayoutNode = { type: 'field', field: field.id, width: spanOf(type) };
  d.store.change(t('build.did.addField', { name: textOf(field.name) }), (docs) => {
    addFields(docs, { entity: d.entity }, [field]);
    put(docs, d.form, [node], target ?? { slot: defaultSlot(d) });
  });
  select(d, [`f:${field.id}`]);
}

function put(
  docs: Parameters<Parameters<DraftStore['change']>[1]>[0],
  formId: string,
  nodes: LayoutNode[],
  target: Target,
): NodePath[] {
  const form = bodyOf(docs, 'form', formId);
  if (!form || 'subform' in target) return [];
  const layout = JSON.parse(JSON.stringify(form.layout)) as LayoutNode[];
  const changed =
    'slot' in target ? insert(layout, target.slot, nodes) : place(layout, { nodes }, target.path, target.edge);
  form.layout = changed.layout;
  return changed.paths;
}

/** Shows fields that the entity already has. */
export function showFields(d: Designer, ids: string[], target?: Target): void {
  const current = now(d);
  if (!current) return;
  const fresh = ids.filter((id) => findField(current.form.layout, id) === undefined);
  const nodes = fresh.map(
    (id): LayoutNode => ({
      type: 'field',
      field: id,
      width: spanOf(current.entity.fields.find((f) => f.id === id)?.type ?? 'text'),
    }),
  );
  if (nodes.length === 0) return;
  d.store.change(t('build.did.showField'), (docs) => {
    put(docs, d.form, nodes, target ?? { slot: defaultSlot(d) });
  });
  select(
    d,
    fresh.map((id) => `f:${id}`),
  );
}

export type LayoutKind = 'section' | 'tabs' | 'text' | 'divider' | 'related';

export function newNode(kind: LayoutKind): LayoutNode {
  switch (kind) {
    case 'section':
      return { type: 'section', title: t('build.designer.section'), items: [] };
    case 'tabs':
      return { type: 'tabs', tabs: [1, 2].map((n) => ({ title: t('build.designer.tabN', { n }), items: [] })) };
    case 'text':
      return { type: 'text', text: t('build.designer.textHere') };
    case 'divider':
      return { type: 'divider' };
    case 'related':
      return { type: 'related' };
  }
}

/** Adds a section, tabs, a text, a line or a related list. */
export function addLayout(d: Designer, kind: LayoutKind, target?: Target): void {
  const current = now(d);
  if (!current) return;
  const nodes = [newNode(kind)];
  let to: Target = target ?? { slot: defaultSlot(d) };
  // Sections and tabs stand at the top: what cannot go in goes after.
  if ('slot' in to && (kind === 'section' || kind === 'tabs') && to.slot.list !== '') {
    const top = Number(to.slot.list.split('.')[0]);
    to = { slot: { list: '', index: top + 1 } };
  }
  let paths: NodePath[] = [];
  d.store.change(t('build.did.addLayout', { name: t(`build.designer.${kind}`) }), (docs) => {
    paths = put(docs, d.form, nodes, to);
  });
  selectPaths(d, paths);
}

/** Moves what is dragged to where it was dropped. */
export function drop(d: Designer, keys: readonly Key[], target: Target): void {
  const current = now(d);
  if (!current) return;
  if ('subform' in target) {
    const column = keys.find((k) => k.startsWith('c:'));
    if (column)
      d.store.change(t('build.did.move'), (docs) =>
        moveColumn(docs, d.entity, target.subform, column.slice(2), target.index ?? 999),
      );
    return;
  }
  const paths = pathsOf(current.form.layout, keys);
  if ('path' in target && paths.includes(target.path)) return;
  const changed =
    'slot' in target
      ? move(current.form.layout, paths, target.slot)
      : place(current.form.layout, { paths }, target.path, target.edge);
  if (setLayout(d, t('build.did.move'), changed.layout)) selectPaths(d, changed.paths);
}

/** Ends a rename; '' leaves the name as it was. */
export function finishRename(d: Designer, key: Key, words: string): void {
  d.ui.setState({ renaming: null });
  const name = words.trim();
  const current = now(d);
  if (name === '' || !current) return;
  const id = key.slice(2);
  if (key.startsWith('n:')) {
    const node = nodeAt(current.form.layout, id);
    if (!node) return;
    const member = node.type === 'text' ? 'text' : 'title';
    if (textOf(node[member]) === name) return;
    d.store.change(t('build.did.rename', { name }), (docs) => {
      const form = bodyOf(docs, 'form', d.form);
      const mine = form && nodeAt(form.layout as LayoutNode[], id);
      if (mine)
        mine[member] = typeof mine[member] === 'object' ? { ...(mine[member] as object), [localeKey()]: name } : name;
    });
    return;
  }
  const [found] = fieldsOfKeys(current.entity, [key]);
  if (!found || textOf(found.field.name) === name) return;
  const before = found.field.name;
  d.store.change(t('build.did.rename', { name }), (docs) => {
    renameField(docs, d.entity, id, name);
    if (!d.published().has(id)) followName(docs, d.parts, d.entity, id, before);
  });
}

const localeKey = () => document.documentElement.lang || 'zh-CN';

// --- clipboard --------------------------------------------------------------

interface Clip {
  entity: string;
  nodes: LayoutNode[];
  fields: Field[];
  /** Columns of a sub-form. */
  columns: Field[];
}

let clip: Clip | null = null;
/** Tells our own clipboard text from anything else that is pasted. */
export const clipMark = 'tenon/fields';

export const hasClip = (): boolean => clip !== null;

function take(current: Current, keys: readonly Key[]): Clip | null {
  const columns = keys
    .filter((k) => k.startsWith('c:'))
    .flatMap((k) => columnOf(current.entity, k.slice(2))?.column ?? []);
  const paths = topmost(current.form.layout, pathsOf(current.form.layout, keys));
  const nodes = paths.flatMap((p) => nodeAt(current.form.layout, p) ?? []);
  if (columns.length + nodes.length === 0) return null;
  const ids = new Set([...eachNode(nodes)].flatMap(({ node }) => (node.field ? [node.field] : [])));
  return { entity: current.entity.id, nodes, fields: current.entity.fields.filter((f) => ids.has(f.id)), columns };
}

/** Inserts copies of what was copied; fields become new fields. */
function pasteClip(d: Designer, what: Clip, target?: Target, did: 'paste' | 'duplicate' = 'paste'): void {
  const current = now(d);
  if (!current) return;
  // What was duplicated is what there was before; what was pasted is what came.
  const said = (sources: Field[], copies: Field[]) => (did === 'duplicate' ? sources : copies);
  if (what.columns.length > 0) {
    const parent = selectedSubform(d);
    const copies: Field[] = [];
    if (parent) {
      for (const column of what.columns) copies.push(cloneField(column, [...(parent.fields ?? []), ...copies]));
      d.store.change(t(`build.did.${did}`, { name: nameOf(said(what.columns, copies)) }), (docs) =>
        addColumns(docs, d.entity, parent.id, copies),
      );
      select(
        d,
        copies.map((c) => columnKey(c.id)),
      );
      return;
    }
    for (const column of what.columns) copies.push(cloneField(column, [...current.entity.fields, ...copies]));
    d.store.change(t(`build.did.${did}`, { name: nameOf(said(what.columns, copies)) }), (docs) => {
      addFields(docs, { entity: d.entity }, copies);
      put(
        docs,
        d.form,
        copies.map((c) => ({ type: 'field', field: c.id, width: spanOf(c.type) })),
        target ?? { slot: defaultSlot(d) },
      );
    });
    select(
      d,
      copies.map((c) => `f:${c.id}`),
    );
    return;
  }
  const copies: Field[] = [];
  const ids = new Map<string, string>();
  for (const field of what.fields) {
    const copy = cloneField(field, [...current.entity.fields, ...copies]);
    ids.set(field.id, copy.id);
    copies.push(copy);
  }
  const renew = (nodes: LayoutNode[]): LayoutNode[] =>
    nodes.flatMap((node): LayoutNode[] => {
      // System fields stand once in a form.
      if (node.field && !ids.has(node.field))
        return findField(current.form.layout, node.field) === undefined ? [node] : [];
      return [
        {
          ...node,
          ...(node.field ? { field: ids.get(node.field) } : {}),
          ...(node.items ? { items: renew(node.items) } : {}),
          ...(node.tabs ? { tabs: node.tabs.map((tab) => ({ ...tab, items: renew(tab.items) })) } : {}),
        },
      ];
    });
  const nodes = renew(what.nodes);
  let paths: NodePath[] = [];
  d.store.change(
    t(`build.did.${did}`, {
      name: nameOf(copies.length ? said(what.fields, copies) : [{ name: t('build.designer.section') }]),
    }),
    (docs) => {
      addFields(docs, { entity: d.entity }, copies);
      const deep = nodes.some((n) => n.type === 'section' || n.type === 'tabs');
      paths = put(
        docs,
        d.form,
        nodes,
        target ?? { slot: deep ? { list: '', index: topIndex(defaultSlot(d)) } : defaultSlot(d) },
      );
    },
  );
  selectPaths(d, paths);
}

const topIndex = (slot: Slot): number => (slot.list === '' ? slot.index : Number(slot.list.split('.')[0]) + 1);

/** Removes nodes without further questions; with `fields` the fields go as well. */
export function removeKeys(d: Designer, keys: readonly Key[], fields: boolean): void {
  const current = now(d);
  if (!current) return;
  const layout = current.form.layout;
  const paths = pathsOf(layout, keys);
  const inside = paths.flatMap((p) => {
    const node = nodeAt(layout, p);
    return node ? [...eachNode([node])].flatMap(({ node: n }) => (n.field ? [n.field] : [])) : [];
  });
  const own = new Set(current.entity.fields.map((f) => f.id));
  const columns = keys.filter((k) => k.startsWith('c:')).map((k) => k.slice(2));
  const gone = new Set([...(fields ? inside.filter((id) => own.has(id)) : []), ...columns]);
  const named = fieldsOfKeys(current.entity, keys).map((f) => f.field);
  const label =
    gone.size > 0
      ? t('build.did.deleteFields', { name: nameOf(named.length ? named : [{ name: t('build.designer.section') }]) })
      : t('build.did.remove');
  d.ui.setState({ deleting: null });
  d.store.change(label, (docs) => {
    removeNodes(docs, d.form, paths);
    if (gone.size > 0) deleteFields(docs, d.entity, gone);
  });
  const slot = paths[0] ? slotOf(paths[0]) : undefined;
  const after = now(d)?.form.layout ?? [];
  const list = slot ? (listAt(after, slot.list) ?? []) : [];
  const next = slot && list.length > 0 ? Math.min(slot.index, list.length - 1) : -1;
  select(d, slot && next >= 0 ? [keyOf(list[next] as LayoutNode, pathIn(slot.list, next))] : []);
}

/** The ids of all fields that deleting keys would take along. */
export function fieldsBelow(current: Current, keys: readonly Key[]): Set<string> {
  const own = new Set(current.entity.fields.map((f) => f.id));
  const out = new Set(keys.filter((k) => k.startsWith('c:')).map((k) => k.slice(2)));
  for (const path of pathsOf(current.form.layout, keys)) {
    const node = nodeAt(current.form.layout, path);
    if (node) for (const { node: n } of eachNode([node])) if (n.field && own.has(n.field)) out.add(n.field);
  }
  return out;
}

// --- the list of commands ---------------------------------------------------

export interface DesignerCommand {
  name: string;
  label: () => string;
  icon: IconName;
  /** As the menu shows it: "mod+d". */
  shortcut?: string;
  danger?: boolean;
  can: (d: Designer) => boolean;
  run: (d: Designer) => void;
}

const some = (d: Designer) => d.ui.getState().selection.length > 0;
const nodes = (d: Designer) => d.ui.getState().selection.some((k) => k[0] !== 'c');
const layoutOf = (d: Designer) => now(d)?.form.layout ?? [];
const selectedPaths = (d: Designer) => pathsOf(layoutOf(d), d.ui.getState().selection);

function changeWidth(d: Designer, by: -1 | 1): void {
  const layout = layoutOf(d);
  const paths = selectedPaths(d);
  const first = paths[0] === undefined ? undefined : nodeAt(layout, paths[0]);
  if (!first) return;
  const at = widths.findIndex((w) => w >= (first.width ?? 12));
  const next = widths[Math.max(0, Math.min(widths.length - 1, at + by))];
  if (next) setLayout(d, t('build.did.width'), resize(layout, paths, next), 'width');
}

/** Sets the width of the selected fields. */
export function setWidth(d: Designer, width: number): void {
  setLayout(d, t('build.did.width'), resize(layoutOf(d), selectedPaths(d), width));
}

function shift(d: Designer, by: -1 | 1): void {
  const current = now(d);
  const { selection } = d.ui.getState();
  const column = selection[0]?.startsWith('c:')
    ? current && columnOf(current.entity, selection[0].slice(2))
    : undefined;
  if (column) {
    const at = column.parent.fields?.findIndex((c) => c.id === column.column.id) ?? -1;
    const to = at + by;
    if (to < 0 || to >= (column.parent.fields?.length ?? 0)) return;
    d.store.change(t('build.did.move'), (docs) =>
      moveColumn(docs, d.entity, column.parent.id, column.column.id, by > 0 ? to + 1 : to),
    );
    return;
  }
  const changed = nudge(layoutOf(d), selectedPaths(d), by);
  if (setLayout(d, t('build.did.move'), changed.layout)) selectPaths(d, changed.paths);
}

export const commands: readonly DesignerCommand[] = [
  {
    name: 'rename',
    label: () => t('common.rename'),
    icon: 'pen',
    shortcut: 'F2',
    can: (d) => {
      const [key] = d.ui.getState().selection;
      if (!key) return false;
      const path = pathOf(layoutOf(d), key);
      const type = path === undefined ? undefined : nodeAt(layoutOf(d), path)?.type;
      return (
        key[0] === 'c' ||
        (key[0] === 'f' && !!now(d)?.entity.fields.some((f) => f.id === key.slice(2))) ||
        type === 'section' ||
        type === 'text'
      );
    },
    run: (d) => d.ui.setState({ renaming: d.ui.getState().selection[0] ?? null }),
  },
  {
    name: 'up',
    label: () => t('build.moveUp'),
    icon: 'arrow-up',
    shortcut: 'alt+ArrowUp',
    can: some,
    run: (d) => shift(d, -1),
  },
  {
    name: 'down',
    label: () => t('build.moveDown'),
    icon: 'arrow-down',
    shortcut: 'alt+ArrowDown',
    can: some,
    run: (d) => shift(d, 1),
  },
  {
    name: 'narrower',
    label: () => t('build.designer.narrower'),
    icon: 'minimize',
    shortcut: 'alt+ArrowLeft',
    can: nodes,
    run: (d) => (d.ui.getState().selection[0]?.[0] === 'c' ? shift(d, -1) : changeWidth(d, -1)),
  },
  {
    name: 'wider',
    label: () => t('build.designer.wider'),
    icon: 'maximize',
    shortcut: 'alt+ArrowRight',
    can: nodes,
    run: (d) => (d.ui.getState().selection[0]?.[0] === 'c' ? shift(d, 1) : changeWidth(d, 1)),
  },
  {
    name: 'duplicate',
    label: () => t('common.duplicate'),
    icon: 'copy',
    shortcut: 'mod+d',
    can: some,
    run: (d) => {
      const current = now(d);
      const what = current && take(current, d.ui.getState().selection);
      if (what) pasteClip(d, what, undefined, 'duplicate');
    },
  },
  {
    name: 'copy',
    label: () => t('common.copy'),
    icon: 'copy',
    shortcut: 'mod+c',
    can: some,
    run: (d) => {
      const current = now(d);
      clip = current ? take(current, d.ui.getState().selection) : null;
      // The system's clipboard says whose turn it is when something is pasted.
      void navigator.clipboard?.writeText(clipMark).catch(() => {});
    },
  },
  {
    name: 'paste',
    label: () => t('build.designer.paste'),
    icon: 'template',
    shortcut: 'mod+v',
    can: () => clip !== null,
    run: (d) => {
      if (clip) pasteClip(d, clip);
    },
  },
  {
    name: 'group',
    label: () => t('build.designer.group'),
    icon: 'section',
    shortcut: 'mod+g',
    can: (d) => wrap(layoutOf(d), selectedPaths(d), { type: 'section' }).layout !== layoutOf(d),
    run: (d) => {
      const changed = wrap(layoutOf(d), selectedPaths(d), { type: 'section', title: t('build.designer.section') });
      if (setLayout(d, t('build.did.group'), changed.layout)) selectPaths(d, changed.paths);
    },
  },
  {
    name: 'ungroup',
    label: () => t('build.designer.ungroup'),
    icon: 'group',
    shortcut: 'mod+shift+g',
    can: (d) =>
      selectedPaths(d).length === 1 &&
      ['section', 'tabs'].includes(nodeAt(layoutOf(d), selectedPaths(d)[0] ?? '')?.type ?? ''),
    run: (d) => {
      const changed = unwrap(layoutOf(d), selectedPaths(d)[0] ?? '');
      if (setLayout(d, t('build.did.ungroup'), changed.layout)) selectPaths(d, changed.paths);
    },
  },
  {
    name: 'all',
    label: () => t('common.selectAll'),
    icon: 'multi-select',
    shortcut: 'mod+a',
    can: (d) => layoutOf(d).length > 0,
    run: (d) =>
      select(
        d,
        layoutOf(d).map((node, i) => keyOf(node, String(i))),
      ),
  },
  {
    name: 'delete',
    label: () => t('common.delete'),
    icon: 'trash',
    shortcut: 'Delete',
    danger: true,
    can: some,
    run: (d) => d.ui.setState({ deleting: d.ui.getState().selection }),
  },
];

export const command = (name: string): DesignerCommand => commands.find((c) => c.name === name) as DesignerCommand;

/** Changes the settings of the selected nodes in the layout. */
export function patchNodes(
  d: Designer,
  keys: readonly Key[],
  change: (node: LayoutNode) => void,
  label = t('build.did.settings'),
  mark?: string,
): void {
  const layout = layoutOf(d);
  const paths = pathsOf(layout, keys);
  d.store.change(
    label,
    (docs) => {
      const form = bodyOf(docs, 'form', d.form);
      for (const path of form ? paths : []) {
        const node = nodeAt((form as Form).layout as LayoutNode[], path);
        if (!node) continue;
        change(node);
        for (const key of Object.keys(node) as (keyof LayoutNode)[]) if (node[key] === undefined) delete node[key];
      }
    },
    mark,
  );
}

/** Changes a field or column of the entity. */
export function patchField(
  d: Designer,
  id: string,
  change: (field: Field) => void,
  label: string,
  mark?: string,
): void {
  d.store.change(label, (docs) => editField(docs, d.entity, id, change), mark);
}
