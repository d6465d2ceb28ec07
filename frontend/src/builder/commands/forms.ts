// A form as people see it is an entity, a layout, a list and a menu entry under
// one name; these commands make and remove them together.
import { current, isDraft } from 'immer';
import { newId } from '@/api/ids';
import type { AppInfo, Entity, Form, Hue, MenuItem, Role, Rule, View } from '@/api/types';
import { t } from '@/locales';
import { textOf, withText } from '@/locales/text';
import { freshKey } from '../ids';
import { bodyOf, type Docs, entities, forms, formsOf, info, roles, rules, rulesOf, views, viewsOf } from '../model';
import type { MutableDocs } from './fields';

const plain = <T>(value: T): T => (isDraft(value) ? (current(value as object) as T) : value);

/** The menu with every entry changed or, for null, left out. Groups that become empty stay. */
export function mapMenu(items: MenuItem[], change: (item: MenuItem) => MenuItem | null): MenuItem[] {
  return items.flatMap((item) => {
    const next = change(item);
    if (!next) return [];
    return [next.items ? { ...next, items: mapMenu(next.items, change) } : next];
  });
}

/** Every entry of a menu, groups included. */
export function* eachItem(items: MenuItem[]): Generator<MenuItem> {
  for (const item of items) {
    yield item;
    if (item.items) yield* eachItem(item.items);
  }
}

/** Makes a form: entity, default layout, list and menu entry. */
export function createForm(
  docs: MutableDocs,
  name: string,
  look: { icon?: string; hue?: Hue } = {},
): { entity: string; form: string; view: string } {
  const key = freshKey(
    name,
    'form',
    entities(docs).map((e) => e.key),
  );
  const ids = { entity: newId('ent_'), form: newId('frm_'), view: newId('vew_') };
  const entity: Entity = { id: ids.entity, key, name, title: '', fields: [], ...look };
  const form: Form = { id: ids.form, key: 'default', entity: ids.entity, name, layout: [], default: true };
  const view: View = {
    id: ids.view,
    key: freshKey(
      '',
      `${key.slice(0, 36)}_all`,
      views(docs).map((v) => v.key),
    ),
    entity: ids.entity,
    name: t('build.view.all'),
    type: 'grid',
    config: {},
  };
  docs[ids.entity] = { id: ids.entity, kind: 'entity', body: entity };
  docs[ids.form] = { id: ids.form, kind: 'form', body: form };
  docs[ids.view] = { id: ids.view, kind: 'view', body: view };
  editInfo(docs, (app) => {
    app.menu = [
      ...(app.menu ?? []),
      { id: newId('mnu_'), name, entity: ids.entity, ...(look.icon ? { icon: look.icon } : {}) },
    ];
  });
  return ids;
}

/** Changes the app document. */
export function editInfo(docs: MutableDocs, change: (app: AppInfo) => void): void {
  for (const doc of Object.values(docs)) {
    if (doc.kind !== 'app') continue;
    change(doc.body);
    return;
  }
}

/** Renames a form everywhere it still has its old name: layout and menu entry follow. */
export function renameForm(docs: MutableDocs, id: string, words: string): void {
  const entity = bodyOf(docs, 'entity', id);
  if (!entity) return;
  const old = textOf(entity.name);
  const rename = (name: Entity['name']) => withText(typeof name === 'string' ? words : name, words);
  entity.name = rename(plain(entity.name));
  const form = formsOf(docs, id).find((f) => f.default);
  if (form && textOf(form.name) === old) form.name = rename(plain(form.name));
  editInfo(docs, (app) => {
    app.menu = mapMenu(plain(app.menu ?? []), (item) =>
      item.entity === id && !item.view && textOf(item.name) === old ? { ...item, name: rename(item.name) } : item,
    );
  });
}

/** Removes a form with its layouts, views and rules, its menu entries and grants. */
export function deleteForm(docs: MutableDocs, id: string): void {
  const gone = new Set([
    id,
    ...formsOf(docs, id).map((f) => f.id),
    ...viewsOf(docs, id).map((v) => v.id),
    ...rulesOf(docs, id).map((r) => r.id),
  ]);
  for (const one of gone) delete docs[one];
  editInfo(docs, (app) => {
    app.menu = mapMenu(plain(app.menu ?? []), (item) =>
      [item.entity, item.view, item.form].some((ref) => ref && gone.has(ref)) ? null : item,
    );
  });
  for (const role of roles(docs)) role.grants = role.grants.filter((g) => g.entity !== id);
}

/** Copies a form with its fields and default layout; links and rules stay behind. */
export function duplicateForm(docs: MutableDocs, id: string): string | undefined {
  const source = bodyOf(docs, 'entity', id);
  if (!source) return undefined;
  const name = t('build.copyOf', { name: textOf(source.name) });
  const made = createForm(docs, name, { icon: source.icon, hue: source.hue });
  const entity = bodyOf(docs, 'entity', made.entity);
  const form = bodyOf(docs, 'form', made.form);
  const from = formsOf(docs, id).find((f) => f.default) ?? formsOf(docs, id)[0];
  if (!entity || !form) return undefined;
  const ids = new Map<string, string>();
  const body = JSON.stringify({
    fields: source.fields,
    layout: from?.layout ?? [],
    rules: from?.rules ?? [],
    subtitle: source.subtitle ?? [],
    checks: source.checks ?? [],
  });
  for (const field of source.fields) {
    ids.set(field.id, newId('fld_'));
    for (const column of field.fields ?? []) ids.set(column.id, newId('fld_'));
  }
  for (const check of source.checks ?? []) ids.set(check.id, newId('chk_'));
  for (const rule of from?.rules ?? []) ids.set(rule.id, newId('dsp_'));
  const copied = JSON.parse(
    body.replace(/"((?:fld|chk|dsp)_[a-z2-7]{10})"/g, (whole, old: string) =>
      ids.has(old) ? `"${ids.get(old)}"` : whole,
    ),
  ) as {
    fields: Entity['fields'];
    layout: Form['layout'];
    rules: NonNullable<Form['rules']>;
    subtitle: string[];
    checks: NonNullable<Entity['checks']>;
  };
  entity.fields = copied.fields;
  entity.title = source.title;
  if (copied.subtitle.length) entity.subtitle = copied.subtitle;
  if (copied.checks.length) entity.checks = copied.checks;
  form.layout = copied.layout;
  if (copied.rules.length) form.rules = copied.rules;
  return made.entity;
}

/** Makes a view of an entity. */
export function createView(
  docs: MutableDocs,
  entity: string,
  name: string,
  type: string,
  config: View['config'] = {},
): string {
  const id = newId('vew_');
  const key = freshKey(
    name,
    type,
    views(docs).map((v) => v.key),
  );
  docs[id] = { id, kind: 'view', body: { id, key, entity, name, type, config } };
  return id;
}

/** Makes a second layout of an entity. */
export function createLayout(docs: MutableDocs, entity: string, name: string): string {
  const id = newId('frm_');
  const body = bodyOf(docs, 'entity', entity);
  const key = freshKey(
    name,
    'layout',
    formsOf(docs, entity).map((f) => f.key),
  );
  docs[id] = {
    id,
    kind: 'form',
    body: {
      id,
      key,
      entity,
      name,
      layout: (body?.fields ?? []).map((f) => ({ type: 'field', field: f.id, width: f.fields ? 12 : 6 })),
    },
  };
  return id;
}

/** Makes a dashboard and its menu entry. */
export function createDashboard(docs: MutableDocs, name: string): string {
  const id = newId('dsh_');
  const key = freshKey(
    name,
    'dashboard',
    Object.values(docs).flatMap((d) => (d.kind === 'dashboard' ? [d.body.key] : [])),
  );
  docs[id] = { id, kind: 'dashboard', body: { id, key, name, widgets: [] } };
  editInfo(docs, (app) => {
    app.menu = [...(app.menu ?? []), { id: newId('mnu_'), name, icon: 'chart', dashboard: id }];
  });
  return id;
}

/** Makes a rule of an entity, switched on, with no steps yet. */
export function createRule(
  docs: MutableDocs,
  name: string,
  entity: string | undefined,
  trigger: Rule['trigger'],
): string {
  const id = newId('rul_');
  const key = freshKey(
    name,
    'rule',
    rules(docs).map((r) => r.key),
  );
  docs[id] = {
    id,
    kind: 'rule',
    body: {
      id,
      key,
      name,
      ...(entity ? { entity } : {}),
      trigger,
      steps: [],
      ...(trigger.type === 'button' ? { mode: 'sync' as const } : {}),
    },
  };
  return id;
}

/** Makes a role that may do nothing yet. */
export function createRole(docs: MutableDocs, name: string): string {
  const id = newId('rol_');
  const key = freshKey(
    name,
    'role',
    roles(docs).map((r) => r.key),
  );
  docs[id] = { id, kind: 'role', body: { id, key, name, grants: [] } satisfies Role };
  return id;
}

/** Removes a document and what only points at it. */
export function deleteDocument(docs: MutableDocs, id: string): void {
  const kind = docs[id]?.kind;
  delete docs[id];
  if (kind === 'dashboard' || kind === 'view' || kind === 'form') {
    editInfo(docs, (app) => {
      app.menu = mapMenu(plain(app.menu ?? []), (item) =>
        item.dashboard === id || item.view === id || item.form === id ? null : item,
      );
    });
  }
  if (kind === 'role') {
    editInfo(docs, (app) => {
      app.menu = mapMenu(plain(app.menu ?? []), (item) =>
        item.roles?.includes(id) ? { ...item, roles: without(item.roles, id) } : item,
      );
      if (app.home) delete app.home[id];
    });
    for (const rule of rules(docs)) if (rule.trigger.roles) rule.trigger.roles = without(rule.trigger.roles, id);
  }
}

/** No role at all would mean everybody: what was for one role alone stays with administrators. */
const without = (roles: string[], id: string): string[] => {
  const left = roles.filter((r) => r !== id);
  return left.length > 0 ? left : roles;
};

/** The menu entries and buttons that are for one role alone. */
export function onlyFor(docs: Docs, role: string): string[] {
  const alone = (roles: string[] | undefined) => roles?.length === 1 && roles[0] === role;
  return [
    ...[...eachItem(info(docs).menu ?? [])].filter((item) => alone(item.roles)).map((item) => textOf(item.name)),
    ...rules(docs)
      .filter((rule) => alone(rule.trigger.roles))
      .map((rule) => textOf(rule.name)),
  ];
}

/** Whether a name may be given to another document of a kind. */
export function nameTaken(docs: Docs, kind: 'entity' | 'form', name: string): boolean {
  const all = kind === 'entity' ? entities(docs) : forms(docs);
  return all.some((body) => textOf(body.name) === name.trim());
}
