// The draft as the builder holds it: documents by id, and the questions that
// every screen asks of them. Nothing here changes anything.
import type {
  AppInfo,
  Dashboard,
  DocBodies,
  DocKind,
  Entity,
  FaultItem,
  Field,
  Form,
  LayoutNode,
  MenuItem,
  Role,
  Rule,
  View,
} from '@/api/types';
import { t } from '@/locales';

/** One document of the draft. */
export type Doc = { [K in DocKind]: { id: string; kind: K; body: DocBodies[K] } }[DocKind];

/** The documents of a draft by id, in the order in which they are listed. */
export type Docs = Readonly<Record<string, Doc>>;

/** A place in a document: its id and the path to a member of its body. */
export interface Place {
  doc: string;
  path: (string | number)[];
}

function bodies<K extends DocKind>(docs: Docs, kind: K): DocBodies[K][] {
  const out: DocBodies[K][] = [];
  for (const doc of Object.values(docs)) if (doc.kind === kind) out.push(doc.body as DocBodies[K]);
  return out;
}

export const entities = (docs: Docs): Entity[] => bodies(docs, 'entity');
export const forms = (docs: Docs): Form[] => bodies(docs, 'form');
export const views = (docs: Docs): View[] => bodies(docs, 'view');
export const dashboards = (docs: Docs): Dashboard[] => bodies(docs, 'dashboard');
export const rules = (docs: Docs): Rule[] => bodies(docs, 'rule');
export const roles = (docs: Docs): Role[] => bodies(docs, 'role');

/** The app document; every draft has one. */
export function info(docs: Docs): AppInfo {
  return bodies(docs, 'app')[0] ?? { id: '', key: '', name: '' };
}

/** The entities in the order of the app's menu, those without an entry last. */
export function listedEntities(docs: Docs): Entity[] {
  const all = new Map(entities(docs).map((e) => [e.id, e]));
  const out = new Map<string, Entity>();
  const walk = (items: MenuItem[]) => {
    for (const item of items) {
      const id = item.entity ?? bodyOf(docs, 'view', item.view)?.entity ?? bodyOf(docs, 'form', item.form)?.entity;
      const entity = id ? all.get(id) : undefined;
      if (entity) out.set(entity.id, entity);
      if (item.items) walk(item.items);
    }
  };
  walk(info(docs).menu ?? []);
  for (const [id, entity] of all) out.set(id, entity);
  return [...out.values()];
}

/** What changed as people count it: a layout is part of its form. */
export function changedThings(changed: ReadonlySet<string>, docs: Docs): number {
  const owners = [...changed].map((id) => {
    const doc = docs[id];
    return doc?.kind === 'form' && docs[doc.body.entity] ? doc.body.entity : id;
  });
  return new Set(owners).size;
}

/** A document of a kind by id; undefined when it is gone. */
export function bodyOf<K extends DocKind>(docs: Docs, kind: K, id: string | undefined): DocBodies[K] | undefined {
  const doc = id ? docs[id] : undefined;
  return doc?.kind === kind ? (doc.body as DocBodies[K]) : undefined;
}

/** An entity by id or key. */
export function entityOf(docs: Docs, ref: string | undefined): Entity | undefined {
  if (!ref) return undefined;
  return bodyOf(docs, 'entity', ref) ?? entities(docs).find((e) => e.key === ref);
}

export const formsOf = (docs: Docs, entity: string): Form[] => forms(docs).filter((f) => f.entity === entity);
export const viewsOf = (docs: Docs, entity: string): View[] => views(docs).filter((v) => v.entity === entity);
export const rulesOf = (docs: Docs, entity: string): Rule[] => rules(docs).filter((r) => r.entity === entity);

/** The form that opens when nobody says which. */
export function defaultForm(docs: Docs, entity: string): Form | undefined {
  const all = formsOf(docs, entity);
  return all.find((f) => f.default) ?? all[0];
}

/** A field of an entity, or a column of one of its sub-forms, by id or key. */
export function fieldOf(entity: Entity | undefined, ref: string): Field | undefined {
  if (!entity) return undefined;
  const top = entity.fields.find((f) => f.id === ref) ?? entity.fields.find((f) => f.key === ref);
  return top ?? columnOf(entity, ref)?.column;
}

/** A column of a sub-form by id, with the field that holds it. */
export function columnOf(entity: Entity, id: string): { parent: Field; column: Field } | undefined {
  for (const parent of entity.fields) {
    const column = parent.fields?.find((c) => c.id === id);
    if (column) return { parent, column };
  }
  return undefined;
}

/** The children of a layout node, group by group. */
export function childLists(node: LayoutNode): LayoutNode[][] {
  if (node.tabs) return node.tabs.map((tab) => tab.items);
  return node.items ? [node.items] : [];
}

/** Every node of a layout, outermost first. */
export function* layoutNodes(layout: LayoutNode[]): Generator<LayoutNode> {
  for (const node of layout) {
    yield node;
    for (const list of childLists(node)) yield* layoutNodes(list);
  }
}

/** The ids of the fields that a form shows. */
export function shownFields(form: Form): Set<string> {
  const out = new Set<string>();
  for (const node of layoutNodes(form.layout)) if (node.field) out.add(node.field);
  return out;
}

/** The member of a value at a path; undefined when the path leads nowhere. */
export function at(value: unknown, path: (string | number)[]): unknown {
  let here = value;
  for (const part of path) {
    if (here === null || typeof here !== 'object') return undefined;
    here = (here as Record<string | number, unknown>)[part];
  }
  return here;
}

/** A JSON pointer as a path: "/fields/0/options". Digits are indexes. */
export function parsePointer(pointer: string): (string | number)[] {
  return pointer
    .split('/')
    .filter((part, i) => i > 0 || part !== '')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~')));
}

/** Faults with what is missing at its own place, beside the control that asks for it, rather than at what holds it. */
export function placeMissing(faults: readonly FaultItem[]): FaultItem[] {
  return faults.flatMap((fault) => {
    const names = fault.code === 'schema.missing' ? fault.params?.name : undefined;
    if (typeof names !== 'string' || names === '') return [fault];
    return names
      .split(', ')
      .map((name) => ({ ...fault, path: `${fault.path}/${name}`, params: { name }, message: t('build.missing') }));
  });
}

/** A fault's path, "<document id>/<pointer>", as a place. */
export function parsePlace(path: string): Place {
  const slash = path.indexOf('/');
  return slash < 0 ? { doc: path, path: [] } : { doc: path.slice(0, slash), path: parsePointer(path.slice(slash)) };
}
