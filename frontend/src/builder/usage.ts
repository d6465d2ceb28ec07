// Where the definitions of an app name each other: by id in documents, by key in
// expressions. Deleting asks here first; renaming a key rewrites what is found.
import type { Field, LayoutNode, Rule, Step, Text } from '@/api/types';
import { templateParts } from '@/expr/tokens';
import { lookup, t } from '@/locales';
import { textOf } from '@/locales/text';
import {
  columnsOf,
  type Fields,
  fieldsOf,
  references,
  type Scope,
  type Segment,
  through,
  type Variable,
} from './formula/refs';
import { type Doc, type Docs, entityOf, type Place } from './model';
import { type Found, type OptionsSchema, type Parts, walkOptions } from './parts';

/** An expression or text template of a document, with what it may name. */
export interface Expression extends Place {
  source: string;
  template: boolean;
  scope: Scope;
}

const noVars: Variable[] = [];

/** What expressions about a record may name. */
export function recordScope(
  docs: Docs,
  record: Fields | undefined,
  roots: Record<string, Fields> = {},
  vars: Variable[] = noVars,
): Scope {
  return { docs, record, roots, vars };
}

/** What expressions of a field's settings may name: its siblings, and for a column the record around it. */
export function fieldScope(docs: Docs, entityId: string, column: boolean, parent?: Field): Scope {
  const entity = entityOf(docs, entityId);
  if (!entity) return recordScope(docs, undefined);
  return column && parent
    ? recordScope(docs, columnsOf(parent), { parent: fieldsOf(entity) })
    : recordScope(docs, fieldsOf(entity));
}

/** The names that steps before one give to records, and those of the trigger. */
export function ruleVariables(docs: Docs, rule: Rule, parts: Parts, before?: string): Variable[] {
  const out: Variable[] = [];
  for (const input of rule.trigger.inputs ?? []) {
    out.push({
      root: 'inputs',
      key: input.key,
      label: textOf(input.name),
      type: input.type,
      fields: through(docs, input),
    });
  }
  if (rule.trigger.type === 'task_finished') {
    for (const key of ['outcome', 'comment', 'kind', 'title', 'completed_by'] as const) {
      out.push({
        root: 'trigger',
        key,
        label: t(`build.rule.trigger_${key}`),
        type: key === 'completed_by' ? 'member' : 'text',
      });
    }
  }
  if (rule.trigger.type === 'webhook') {
    for (const key of ['body', 'text'] as const)
      out.push({ root: 'webhook', key, label: t(`build.rule.webhook_${key}`), type: key === 'body' ? 'json' : 'text' });
  }
  // Names of steps before this one, those around it included.
  const walk = (steps: Step[]): boolean => {
    for (const step of steps) {
      if (step.id === before) return true;
      const options = step.options ?? {};
      const as =
        typeof options.as === 'string' && options.as
          ? options.as
          : step.type === 'loop'
            ? 'item'
            : typeof options.save_as === 'string'
              ? options.save_as
              : '';
      const entity = entityOf(docs, typeof options.entity === 'string' ? options.entity : undefined);
      const name =
        as && (entity || options.save_as)
          ? {
              root: 'vars',
              key: as,
              label: `${textOf(step.name) || textOf(parts.actions.get(step.type)?.label)}`,
              fields: entity && fieldsOf(entity),
            }
          : undefined;
      // A loop's record is in sight of its body only.
      if (step.type === 'loop') {
        const size = out.length;
        if (name) out.push(name);
        if (walk(step.steps ?? [])) return true;
        out.length = size;
        continue;
      }
      if (name) out.push(name);
      if (walk(step.steps ?? []) || walk(step.else ?? [])) return true;
    }
    return false;
  };
  walk(rule.steps);
  return out;
}

/** What expressions of a rule may name, seen from one of its steps. */
export function ruleScope(docs: Docs, rule: Rule, parts: Parts, step?: string): Scope {
  const entity = entityOf(docs, rule.entity);
  const record = entity && fieldsOf(entity);
  const scope = recordScope(docs, record, record ? { old: record } : {}, ruleVariables(docs, rule, parts, step));
  const blank = [...(hasBefore(rule) ? [] : ['old']), ...(hasActor(rule) ? [] : ['me'])];
  return blank.length > 0 ? { ...scope, blank } : scope;
}

const changing = new Set<Rule['trigger']['type']>(['updated', 'created_or_updated', 'computed']);
const unattended = new Set<Rule['trigger']['type']>(['schedule', 'date', 'webhook']);

/** Whether the records of a rule have values from before a change. */
export function hasBefore(rule: Pick<Rule, 'trigger'>): boolean {
  return changing.has(rule.trigger.type);
}

/** Whether there is somebody who set the rule off: time and other systems are nobody. */
export function hasActor(rule: Pick<Rule, 'trigger'>): boolean {
  return !unattended.has(rule.trigger.type);
}

/** The scope of an option: filters are about the records of another form, related conditions have both in sight. */
export function optionScope(docs: Docs, own: Scope, found: Pick<Found, 'ui' | 'entity'>): Scope {
  const target = entityOf(docs, found.entity);
  if (found.ui.scope === 'app') return recordScope(docs, undefined);
  if (!target) return own;
  const fields = fieldsOf(target);
  return found.ui.scope === 'filter' ? recordScope(docs, fields) : { ...own, roots: { ...own.roots, it: fields } };
}

function* optionExpressions(
  doc: string,
  path: (string | number)[],
  schema: OptionsSchema,
  options: unknown,
  own: Scope,
  templates: boolean,
): Generator<Expression> {
  const docs = own.docs;
  for (const found of walkOptions(schema, options)) {
    const at = [...path, ...found.path];
    if (found.ui.control === 'expr' && typeof found.value === 'string') {
      yield { doc, path: at, source: found.value, template: false, scope: optionScope(docs, own, found) };
    } else if (found.ui.control === 'set' && found.value && typeof found.value === 'object') {
      // Values are computed from the rule's record; those of a bulk change also from each record.
      const target = entityOf(docs, found.entity);
      const scope = target ? { ...own, roots: { ...own.roots, it: fieldsOf(target) } } : own;
      for (const [key, source] of Object.entries(found.value)) {
        if (typeof source === 'string') yield { doc, path: [...at, key], source, template: false, scope };
      }
    } else if (templates && found.ui.control === 'text') {
      yield* texts(doc, at, found.value as Text, own);
    }
  }
}

function* texts(doc: string, path: (string | number)[], text: Text | undefined, scope: Scope): Generator<Expression> {
  if (typeof text === 'string') {
    if (text.includes('{')) yield { doc, path, source: text, template: true, scope };
  } else if (text && typeof text === 'object') {
    for (const [language, words] of Object.entries(text)) {
      if (typeof words === 'string' && words.includes('{'))
        yield { doc, path: [...path, language], source: words, template: true, scope };
    }
  }
}

function* fieldExpressions(
  doc: string,
  path: (string | number)[],
  field: Field,
  scope: Scope,
  parts: Parts,
): Generator<Expression> {
  const one = (member: (string | number)[], source: string | undefined): Expression[] =>
    source ? [{ doc, path: [...path, ...member], source, template: false, scope }] : [];
  yield* one(['required_when'], field.required_when);
  yield* one(['default', 'formula'], field.default?.formula);
  const schema = parts.fields.get(field.type)?.options;
  if (schema) {
    // Options of a link and a rollup call the other record `it`; the own one is `record`.
    const own: Scope = scope.record ? { ...scope, roots: { ...scope.roots, record: scope.record } } : scope;
    yield* optionExpressions(doc, [...path, 'options'], schema, field.options, own, false);
  }
}

/** Every expression of a document. */
export function* expressionsOf(docs: Docs, doc: Doc, parts: Parts): Generator<Expression> {
  const id = doc.id;
  switch (doc.kind) {
    case 'entity': {
      const entity = doc.body;
      const scope = recordScope(docs, fieldsOf(entity));
      if (entity.title) yield { doc: id, path: ['title'], source: entity.title, template: true, scope };
      for (const [i, field] of entity.fields.entries()) {
        yield* fieldExpressions(id, ['fields', i], field, scope, parts);
        for (const [j, column] of field.fields?.entries() ?? []) {
          yield* fieldExpressions(
            id,
            ['fields', i, 'fields', j],
            column,
            recordScope(docs, columnsOf(field), { parent: fieldsOf(entity) }),
            parts,
          );
        }
      }
      for (const [i, check] of entity.checks?.entries() ?? []) {
        yield {
          doc: id,
          path: ['checks', i, 'when'],
          source: check.when,
          template: false,
          scope: { ...scope, roots: { old: fieldsOf(entity) } },
        };
      }
      break;
    }
    case 'form': {
      const entity = entityOf(docs, doc.body.entity);
      const scope = recordScope(docs, entity && fieldsOf(entity));
      for (const [i, rule] of doc.body.rules?.entries() ?? [])
        yield { doc: id, path: ['rules', i, 'when'], source: rule.when, template: false, scope };
      break;
    }
    case 'view': {
      const entity = entityOf(docs, doc.body.entity);
      if (doc.body.config.filter) {
        yield {
          doc: id,
          path: ['config', 'filter'],
          source: doc.body.config.filter,
          template: false,
          scope: recordScope(docs, entity && fieldsOf(entity)),
        };
      }
      break;
    }
    case 'dashboard':
      for (const [i, widget] of doc.body.widgets.entries()) {
        const schema = parts.charts.get(widget.type)?.options;
        if (schema)
          yield* optionExpressions(
            id,
            ['widgets', i, 'config'],
            schema,
            widget.config,
            recordScope(docs, undefined),
            false,
          );
      }
      break;
    case 'rule': {
      const rule = doc.body;
      const scope = ruleScope(docs, rule, parts, '');
      if (rule.condition) yield { doc: id, path: ['condition'], source: rule.condition, template: false, scope };
      if (rule.trigger.each)
        yield { doc: id, path: ['trigger', 'each'], source: rule.trigger.each, template: false, scope };
      yield* texts(id, ['trigger', 'confirm'], rule.trigger.confirm, scope);
      yield* stepExpressions(docs, id, ['steps'], rule.steps, rule, parts);
      break;
    }
    case 'role':
      for (const [i, grant] of doc.body.grants.entries()) {
        const entity = entityOf(docs, grant.entity);
        const scope = recordScope(docs, entity && fieldsOf(entity));
        if (grant.filter)
          yield { doc: id, path: ['grants', i, 'filter'], source: grant.filter, template: false, scope };
        for (const [j, rule] of grant.fields?.entries() ?? []) {
          if (rule.when)
            yield { doc: id, path: ['grants', i, 'fields', j, 'when'], source: rule.when, template: false, scope };
        }
      }
      break;
  }
}

function* stepExpressions(
  docs: Docs,
  doc: string,
  path: (string | number)[],
  steps: Step[],
  rule: Rule,
  parts: Parts,
): Generator<Expression> {
  for (const [i, step] of steps.entries()) {
    const scope = ruleScope(docs, rule, parts, step.id);
    const here = [...path, i];
    if (step.when) yield { doc, path: [...here, 'when'], source: step.when, template: false, scope };
    const schema = parts.actions.get(step.type)?.options;
    if (schema) yield* optionExpressions(doc, [...here, 'options'], schema, step.options, scope, true);
    yield* stepExpressions(docs, doc, [...here, 'steps'], step.steps ?? [], rule, parts);
    yield* stepExpressions(docs, doc, [...here, 'else'], step.else ?? [], rule, parts);
  }
}

/** The words of an expression or template that stand for something, with places in its text. */
export function segmentsOf(expression: Pick<Expression, 'source' | 'template' | 'scope'>): Segment[] {
  if (!expression.template) return references(expression.source, expression.scope).flatMap((r) => r.segments);
  return templateParts(expression.source).flatMap((part) =>
    part.expr
      ? references(part.text, expression.scope).flatMap((r) =>
          r.segments.map((s) => ({ ...s, from: s.from + part.from, to: s.to + part.from })),
        )
      : [],
  );
}

/** One place that names a definition. */
export interface Use extends Place {
  /** form, view, rule …: what to call the place. */
  what: 'form' | 'view' | 'dashboard' | 'rule' | 'role' | 'formula' | 'check' | 'title' | 'link' | 'menu' | 'index';
  /** The name of the document or field that holds it. */
  name: string;
}

function whatOf(doc: Doc, path: (string | number)[]): Pick<Use, 'what' | 'name'> {
  const name = textOf(doc.body.name);
  if (doc.kind !== 'entity') return { what: doc.kind === 'app' ? 'menu' : doc.kind, name };
  if (path[0] === 'title' || path[0] === 'subtitle') return { what: 'title', name };
  if (path[0] === 'checks') return { what: 'check', name };
  if (path[0] === 'indexes') return { what: 'index', name };
  const field = doc.body.fields[Number(path[1])];
  const column = path[2] === 'fields' ? field?.fields?.[Number(path[3])] : undefined;
  const said = textOf((column ?? field)?.name);
  const inOptions = path.includes('options') && path.at(-1) !== 'expr';
  return { what: inOptions ? 'link' : 'formula', name: said ? `${name} · ${said}` : name };
}

/** Every place that names one of the fields. A field's own settings do not count, nor does its place in a form. */
export function usesOfFields(
  docs: Docs,
  parts: Parts,
  ids: ReadonlySet<string>,
  options: { forms?: boolean } = {},
): Use[] {
  const out: Use[] = [];
  const own = ownPaths(docs, ids);
  const note = (doc: Doc, path: (string | number)[]) => {
    const text = `${doc.id}/${path.join('/')}`;
    if (own.some((p) => text.startsWith(p))) return;
    out.push({ doc: doc.id, path, ...whatOf(doc, path) });
  };
  for (const doc of Object.values(docs)) {
    for (const { path, value } of fieldIds(doc, parts)) {
      if (ids.has(value) && (options.forms || doc.kind !== 'form' || path[0] !== 'layout')) note(doc, path);
    }
    for (const expression of expressionsOf(docs, doc, parts)) {
      if (segmentsOf(expression).some((s) => s.field && s.field.id !== s.field.key && ids.has(s.field.id)))
        note(doc, expression.path);
    }
  }
  return out;
}

function ownPaths(docs: Docs, ids: ReadonlySet<string>): string[] {
  const out: string[] = [];
  for (const doc of Object.values(docs)) {
    if (doc.kind !== 'entity') continue;
    for (const [i, field] of doc.body.fields.entries()) {
      if (ids.has(field.id)) out.push(`${doc.id}/fields/${i}/`);
      for (const [j, column] of field.fields?.entries() ?? [])
        if (ids.has(column.id)) out.push(`${doc.id}/fields/${i}/fields/${j}/`);
    }
  }
  return out;
}

/** Every place of a document that holds the id of a field. */
function* fieldIds(doc: Doc, parts: Parts): Generator<{ path: (string | number)[]; value: string }> {
  const list = function* (path: (string | number)[], ids: string[] | undefined) {
    for (const [i, value] of ids?.entries() ?? []) yield { path: [...path, i], value };
  };
  const options = function* (
    path: (string | number)[],
    schema: OptionsSchema | undefined,
    values: unknown,
  ): Generator<{ path: (string | number)[]; value: string }> {
    if (!schema) return;
    for (const found of walkOptions(schema, values)) {
      const here = [...path, ...found.path];
      if (found.ui.control === 'field' && typeof found.value === 'string') yield { path: here, value: found.value };
      else if (found.ui.control === 'set' && found.value && typeof found.value === 'object')
        for (const key of Object.keys(found.value)) yield { path: [...here, key], value: key };
      else if (found.ui.control === 'fill' && Array.isArray(found.value)) {
        for (const [i, rule] of found.value.entries()) {
          const { from, to, rows } = rule as { from: string; to: string; rows?: Record<string, string> };
          yield { path: [...here, i, 'from'], value: from };
          yield { path: [...here, i, 'to'], value: to };
          for (const [a, b] of Object.entries(rows ?? {})) {
            yield { path: [...here, i, 'rows', a], value: a };
            yield { path: [...here, i, 'rows', a], value: b };
          }
        }
      }
    }
  };
  switch (doc.kind) {
    case 'entity':
      yield* list(['subtitle'], doc.body.subtitle);
      for (const [i, check] of doc.body.checks?.entries() ?? []) yield* list(['checks', i, 'fields'], check.fields);
      for (const [i, index] of doc.body.indexes?.entries() ?? []) yield* list(['indexes', i], index);
      for (const [i, field] of doc.body.fields.entries()) {
        yield* options(['fields', i, 'options'], parts.fields.get(field.type)?.options, field.options);
        for (const [j, column] of field.fields?.entries() ?? []) {
          yield* options(['fields', i, 'fields', j, 'options'], parts.fields.get(column.type)?.options, column.options);
        }
      }
      break;
    case 'form': {
      const walk = function* (
        nodes: LayoutNode[],
        path: (string | number)[],
      ): Generator<{ path: (string | number)[]; value: string }> {
        for (const [i, node] of nodes.entries()) {
          if (node.field) yield { path: [...path, i, 'field'], value: node.field };
          if (node.via) yield { path: [...path, i, 'via'], value: node.via };
          if (node.items) yield* walk(node.items, [...path, i, 'items']);
          for (const [j, tab] of node.tabs?.entries() ?? []) yield* walk(tab.items, [...path, i, 'tabs', j, 'items']);
        }
      };
      yield* walk(doc.body.layout, ['layout']);
      for (const [i, rule] of doc.body.rules?.entries() ?? []) {
        for (const member of ['show', 'hide', 'lock'] as const) yield* list(['rules', i, member], rule[member]);
      }
      break;
    }
    case 'view':
      yield* options(['config'], parts.views.get(doc.body.type)?.options, doc.body.config);
      break;
    case 'dashboard':
      for (const [i, widget] of doc.body.widgets.entries())
        yield* options(['widgets', i, 'config'], parts.charts.get(widget.type)?.options, widget.config);
      for (const [i, filter] of doc.body.filters?.entries() ?? []) {
        for (const [entity, value] of Object.entries(filter.fields))
          yield { path: ['filters', i, 'fields', entity], value };
      }
      break;
    case 'rule': {
      yield* list(['trigger', 'fields'], doc.body.trigger.fields);
      if (doc.body.trigger.field) yield { path: ['trigger', 'field'], value: doc.body.trigger.field };
      const walk = function* (
        steps: Step[],
        path: (string | number)[],
      ): Generator<{ path: (string | number)[]; value: string }> {
        for (const [i, step] of steps.entries()) {
          yield* options([...path, i, 'options'], parts.actions.get(step.type)?.options, step.options);
          yield* walk(step.steps ?? [], [...path, i, 'steps']);
          yield* walk(step.else ?? [], [...path, i, 'else']);
        }
      };
      yield* walk(doc.body.steps, ['steps']);
      break;
    }
    case 'role':
      for (const [i, grant] of doc.body.grants.entries()) {
        for (const [j, rule] of grant.fields?.entries() ?? [])
          yield { path: ['grants', i, 'fields', j, 'field'], value: rule.field };
      }
      break;
  }
}

/** Every place outside an entity's own documents that names it. */
export function usesOfEntity(docs: Docs, parts: Parts, id: string): Use[] {
  const out: Use[] = [];
  for (const doc of Object.values(docs)) {
    if (doc.id === id) continue;
    if ((doc.kind === 'form' || doc.kind === 'view') && doc.body.entity === id) continue;
    const text = JSON.stringify(doc.body);
    const named =
      text.includes(`"${id}"`) ||
      [...expressionsOf(docs, doc, parts)].some((e) =>
        segmentsOf(e).some((s) => s.entity?.id === id || s.of?.id === id),
      );
    if (!named || doc.kind === 'app') continue;
    if (doc.kind === 'entity') {
      for (const [i, field] of doc.body.fields.entries()) {
        if (field.options?.entity === id)
          out.push({
            doc: doc.id,
            path: ['fields', i, 'options', 'entity'],
            ...whatOf(doc, ['fields', i, 'options', 'entity']),
          });
      }
    } else out.push({ doc: doc.id, path: [], ...whatOf(doc, []) });
  }
  return out;
}

/** Uses in a few words: 2 formulas, 1 view. */
export function summarize(uses: Use[]): string {
  const counts = new Map<Use['what'], Set<string>>();
  for (const use of uses)
    counts.set(
      use.what,
      (counts.get(use.what) ?? new Set()).add(
        `${use.doc}/${use.what === 'formula' || use.what === 'link' ? use.path.slice(0, 4).join('/') : ''}`,
      ),
    );
  return [...counts]
    .map(([what, places]) => lookup(`build.use.${what}`, { n: places.size }) ?? what)
    .join(t('common.comma'));
}
