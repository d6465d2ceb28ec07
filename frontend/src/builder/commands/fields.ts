// Changes of an entity's fields. Each function changes the documents it is
// given: the store hands in a draft that it can compare and take back.
import { current, isDraft } from 'immer';
import { newId } from '@/api/ids';
import type { Entity, Field, Json, LayoutNode, Text } from '@/api/types';
import { t } from '@/locales';
import { textOf, withText } from '@/locales/text';
import { replaceSegments, type Segment } from '../formula/refs';
import { freshKey } from '../ids';
import { bodyOf, columnOf, type Doc, type Docs, fieldOf } from '../model';
import { type FieldPart, optionsOf, type Parts } from '../parts';
import { expressionsOf, segmentsOf } from '../usage';
import { insert, type NodePath, remove, type Slot, withoutFields } from './layout';

/** The documents of a draft while a command changes them. */
export type MutableDocs = Record<string, Doc>;

/** Every key that fields of an entity have, columns included by their own set. */
const keysOf = (fields: Field[]) => fields.map((f) => f.key);

/** A new field of a type, named after it, with the settings it cannot do without. */
export function makeField(part: FieldPart, siblings: Field[], name?: Text): Field {
  const title = name ?? textOf(part.label);
  const key = freshKey(name === undefined ? part.name : textOf(name), part.name, keysOf(siblings));
  const field: Field = { id: newId('fld_'), key, name: uniqueName(title, siblings), type: part.name };
  const options: Record<string, Json> = {};
  for (const { name: option, schema, ui, required } of optionsOf(part.options)) {
    if (ui.control === 'choices') options[option] = startChoices();
    else if (!required) continue;
    else if (schema.default !== undefined) options[option] = schema.default;
    else if (ui.control === 'select' && schema.enum?.[0]) options[option] = schema.enum[0];
    else if (option === 'pattern') options[option] = '{yyyyMMdd}{0000}';
  }
  if (Object.keys(options).length > 0) field.options = options;
  if (part.kind === 'rows') {
    field.fields = [{ id: newId('fld_'), key: 'name', name: t('build.designer.firstColumn'), type: 'text' }];
  }
  return field;
}

function startChoices(): Json {
  return (['blue', 'green', 'amber'] as const).map((hue, i) => ({
    key: `o${i + 1}`,
    label: t('build.designer.choice', { n: i + 1 }),
    hue,
  }));
}

function uniqueName(name: Text, siblings: Field[]): Text {
  const taken = new Set(siblings.map((f) => textOf(f.name)));
  const plain = textOf(name);
  if (!taken.has(plain)) return name;
  for (let n = 2; ; n++) if (!taken.has(`${plain} ${n}`)) return `${plain} ${n}`;
}

/** A copy of a field under a new id and key. Its columns are new as well. */
export function cloneField(field: Field, siblings: Field[]): Field {
  return {
    ...(structuredClone(field) as Field),
    id: newId('fld_'),
    key: freshKey('', field.key.replace(/_\d+$/, ''), keysOf(siblings)),
    name: uniqueName(field.name, siblings),
    fields: field.fields?.map((column) => ({ ...(structuredClone(column) as Field), id: newId('fld_') })),
  };
}

const nodeOf = (field: string, width = 6): LayoutNode => ({ type: 'field', field, width });

/** The list of fields that holds the columns of a sub-form, or the entity's own. */
function home(entity: Entity, subform?: string): Field[] | undefined {
  if (!subform) return entity.fields;
  const parent = entity.fields.find((f) => f.id === subform);
  if (!parent) return undefined;
  parent.fields ??= [];
  return parent.fields;
}

/** Adds fields to an entity and shows them in a form. */
export function addFields(
  docs: MutableDocs,
  where: { entity: string; form?: string; slot?: Slot; width?: (field: Field) => number },
  fields: Field[],
): NodePath[] {
  const entity = bodyOf(docs, 'entity', where.entity);
  if (!entity) return [];
  entity.fields.push(...fields);
  const form = bodyOf(docs, 'form', where.form);
  if (!form) return [];
  const slot = where.slot ?? { list: '', index: form.layout.length };
  const placed = insert(
    structuredClone(plain(form.layout)),
    slot,
    fields.map((f) => nodeOf(f.id, where.width?.(f))),
  );
  form.layout = placed.layout;
  return placed.paths;
}

/** Adds columns to a sub-form. */
export function addColumns(
  docs: MutableDocs,
  entityId: string,
  subform: string,
  columns: Field[],
  index?: number,
): void {
  const entity = bodyOf(docs, 'entity', entityId);
  const list = entity && home(entity, subform);
  list?.splice(index ?? list.length, 0, ...columns);
}

/** Moves a column within its sub-form. */
export function moveColumn(docs: MutableDocs, entityId: string, subform: string, column: string, index: number): void {
  const entity = bodyOf(docs, 'entity', entityId);
  const list = entity && home(entity, subform);
  const from = list?.findIndex((c) => c.id === column) ?? -1;
  if (!list || from < 0) return;
  const [moved] = list.splice(from, 1);
  if (moved) list.splice(index > from ? index - 1 : index, 0, moved);
}

/** Changes a field, wherever it stands in its entity. */
export function editField(docs: MutableDocs, entityId: string, id: string, change: (field: Field) => void): void {
  const entity = bodyOf(docs, 'entity', entityId);
  const found = (entity?.fields ?? [])
    .flatMap((field) => [field, ...(field.fields ?? [])])
    .find((field) => field.id === id);
  if (found) tidy(found, change);
}

function tidy(field: Field, change: (field: Field) => void): void {
  change(field);
  for (const key of Object.keys(field) as (keyof Field)[]) {
    const value = field[key];
    if (value === undefined || value === '' || (value === false && key !== 'default')) delete field[key];
  }
  if (field.options) {
    for (const [key, value] of Object.entries(field.options)) if (value === undefined) delete field.options[key];
    if (Object.keys(field.options).length === 0) delete field.options;
  }
}

/** Renames a field in the language of the page. */
export function renameField(docs: MutableDocs, entityId: string, id: string, words: string): void {
  editField(docs, entityId, id, (field) => {
    field.name = withText(typeof field.name === 'string' ? words : field.name, words);
  });
}

/** Gives a field that nobody else knows yet a key after its name, unless its key was chosen. */
export function followName(docs: MutableDocs, parts: Parts, entityId: string, id: string, before: Text): void {
  const entity = bodyOf(docs, 'entity', entityId);
  const parent = entity && columnOf(entity, id)?.parent;
  const siblings = (parent?.fields ?? entity?.fields ?? []).filter((f) => f.id !== id);
  const field = entity && fieldOf(entity, id);
  if (!field) return;
  const base = field.key.replace(/_\d+$/, '');
  const given = [field.type, freshKey(textOf(before), field.type, [])];
  if (!given.includes(base) && !given.includes(field.key)) return;
  const key = freshKey(textOf(field.name), field.type, keysOf(siblings));
  if (key !== field.key) rekeyField(docs, parts, entityId, id, key);
}

/** Removes fields with everything that only shows them; expressions that name them stay and become faults. */
export function deleteFields(docs: MutableDocs, entityId: string, ids: ReadonlySet<string>): void {
  const entity = bodyOf(docs, 'entity', entityId);
  if (!entity) return;
  const keep = (id: string) => !ids.has(id);
  entity.fields = entity.fields.filter((f) => keep(f.id));
  for (const field of entity.fields) if (field.fields) field.fields = field.fields.filter((c) => keep(c.id));
  if (entity.subtitle) entity.subtitle = entity.subtitle.filter(keep);
  if (entity.indexes) entity.indexes = entity.indexes.map((ix) => ix.filter(keep)).filter((ix) => ix.length > 0);
  for (const check of entity.checks ?? []) if (check.fields) check.fields = check.fields.filter(keep);
  for (const doc of Object.values(docs)) {
    if (doc.kind === 'form' && doc.body.entity === entityId) {
      const layout = plain(doc.body.layout);
      const next = withoutFields(layout, ids);
      if (next !== layout) doc.body.layout = next;
      for (const rule of doc.body.rules ?? []) {
        for (const member of ['show', 'hide', 'lock'] as const)
          if (rule[member]) rule[member] = rule[member].filter(keep);
      }
      if (doc.body.rules)
        doc.body.rules = doc.body.rules.filter(
          (r) => (r.show?.length ?? 0) + (r.hide?.length ?? 0) + (r.lock?.length ?? 0) > 0,
        );
    }
    if (doc.kind === 'view' && doc.body.entity === entityId) {
      const config = doc.body.config;
      if (config.columns) config.columns = config.columns.filter((c) => keep(c.field));
      if (config.sort) config.sort = config.sort.filter((s) => keep(s.field));
      if (config.group) config.group = config.group.filter(keep);
      if (config.cards) config.cards = config.cards.filter(keep);
      for (const member of ['sum', 'color_by', 'end'] as const)
        if (config[member] && ids.has(config[member])) delete config[member];
    }
    if (doc.kind === 'role') {
      for (const grant of doc.body.grants) {
        if (grant.entity === entityId && grant.fields) grant.fields = grant.fields.filter((f) => keep(f.field));
      }
    }
    if (doc.kind === 'rule' && doc.body.entity === entityId && doc.body.trigger.fields) {
      doc.body.trigger.fields = doc.body.trigger.fields.filter(keep);
    }
    if (doc.kind === 'dashboard') {
      for (const filter of doc.body.filters ?? []) {
        const field = filter.fields[entityId];
        if (field && ids.has(field)) delete filter.fields[entityId];
      }
    }
  }
}

/** Takes nodes out of a form; the fields stay in the entity. */
export function removeNodes(docs: MutableDocs, formId: string, paths: NodePath[]): void {
  const form = bodyOf(docs, 'form', formId);
  if (form) form.layout = remove(plain(form.layout), paths);
}

/** Changes a field's type. Settings that the new type also has are kept. */
export function convertField(docs: MutableDocs, parts: Parts, entityId: string, id: string, type: string): void {
  const part = parts.fields.get(type);
  if (!part) return;
  editField(docs, entityId, id, (field) => {
    const fresh = makeField(part, [], field.name);
    const known = new Set(optionsOf(part.options).map((o) => o.name));
    const kept = Object.fromEntries(Object.entries(field.options ?? {}).filter(([name]) => known.has(name)));
    field.type = type;
    field.options = { ...fresh.options, ...kept };
    field.fields = fresh.fields ? (field.fields ?? fresh.fields) : undefined;
    if (!part.traits.uniquable) field.unique = undefined;
    if (part.traits.computed || part.traits.generated) {
      field.required = undefined;
      field.required_when = undefined;
      field.default = undefined;
    } else if (field.default?.value !== undefined) field.default = undefined;
  });
}

/** Rewrites the words of all expressions for which a new text is given. */
export function rewriteSegments(docs: MutableDocs, parts: Parts, text: (segment: Segment) => string | undefined): void {
  const before = plain(docs) as Docs;
  const edits: { doc: string; path: (string | number)[]; source: string }[] = [];
  for (const doc of Object.values(before)) {
    for (const expression of expressionsOf(before, doc, parts)) {
      const changes = segmentsOf(expression).flatMap((s) => {
        const next = text(s);
        return next !== undefined && next !== s.text ? [{ from: s.from, to: s.to, text: next }] : [];
      });
      if (changes.length > 0)
        edits.push({ doc: expression.doc, path: expression.path, source: replaceSegments(expression.source, changes) });
    }
  }
  for (const edit of edits) {
    let here: unknown = docs[edit.doc]?.body;
    for (const part of edit.path.slice(0, -1)) here = (here as Record<string | number, unknown> | undefined)?.[part];
    const last = edit.path.at(-1);
    if (here && last !== undefined) (here as Record<string | number, unknown>)[last] = edit.source;
  }
}

/** Gives a field another key, in every expression that names it too. */
export function rekeyField(docs: MutableDocs, parts: Parts, entityId: string, id: string, key: string): void {
  rewriteSegments(docs, parts, (s) => (s.field?.id === id ? key : undefined));
  editField(docs, entityId, id, (field) => {
    field.key = key;
  });
}

/** Gives an entity another key, in every cross-record function too. */
export function rekeyEntity(docs: MutableDocs, parts: Parts, id: string, key: string): void {
  rewriteSegments(docs, parts, (s) => (s.entity?.id === id ? key : undefined));
  const entity = bodyOf(docs, 'entity', id);
  if (entity) entity.key = key;
}

/** The value itself, out of a draft or not: layouts are copied by the functions that change them. */
function plain<T>(value: T): T {
  return isDraft(value) ? (current(value as object) as T) : value;
}
