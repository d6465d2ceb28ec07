// The draft as if it were published, for everything of the runtime that the
// builder shows: controls on the canvas, conditions, widgets.
import type { Entity, Field, FieldTraits, MenuItem, Runtime, RuntimeEntity, RuntimeField } from '@/api/types';
import { type Docs, dashboards, entities, entityOf, forms, info, rules, views } from './model';
import type { Accept, FieldPart, Parts } from './parts';

const unknown: FieldPart = {
  name: '',
  group: '',
  icon: 'text',
  label: '',
  help: '',
  options: {},
  extra: {},
  kind: 'text',
  traits: {},
};

/** What a field holds: computed fields take the kind of what they compute. */
export function kindOf(
  field: Field,
  docs: Docs,
  parts: Parts,
  entity?: Entity,
  depth = 0,
): { kind: string; elem?: string; traits: FieldTraits; source?: Field } {
  const part = parts.fields.get(field.type) ?? unknown;
  const options = field.options ?? {};
  const traits = { ...part.traits };
  const base = {
    kind: part.kind,
    elem:
      part.kind === 'list'
        ? traits.holds_ref || traits.holds_member || traits.holds_department
          ? 'ref'
          : traits.holds_file
            ? 'file'
            : 'text'
        : undefined,
    traits,
  };
  if (depth > 4) return base;
  const pick = (of: Entity | undefined, id: unknown) => of?.fields.find((f) => f.id === id || f.key === id);
  if (typeof options.result === 'string' && part.options.properties?.result) {
    return { ...base, kind: options.result, traits: { ...traits, groupable: options.result !== 'number' } };
  }
  if (typeof options.link === 'string' && typeof options.field === 'string') {
    const link = pick(entity, options.link);
    const target = entityOf(docs, link?.options?.entity as string | undefined);
    const source = pick(target, options.field);
    if (!source) return base;
    const inner = kindOf(source, docs, parts, target, depth + 1);
    return { ...inner, traits: { ...inner.traits, computed: true }, source: inner.source ?? source };
  }
  if (typeof options.fn === 'string' && part.traits.computed) {
    if (options.fn === 'count' || options.fn === 'sum' || options.fn === 'avg') return { ...base, kind: 'number' };
    const rows = pick(entity, options.rows);
    const target = rows ? undefined : entityOf(docs, options.entity as string | undefined);
    const source = rows ? rows.fields?.find((c) => c.id === options.field) : pick(target, options.field);
    if (!source) return base;
    const inner = kindOf(source, docs, parts, target, depth + 1);
    return { ...inner, traits: { ...inner.traits, computed: true }, source: inner.source ?? source };
  }
  return base;
}

/** A field as the runtime would describe it to somebody with all rights. */
export function runtimeField(field: Field, docs: Docs, parts: Parts, entity?: Entity): RuntimeField {
  const { kind, elem, traits, source } = kindOf(field, docs, parts, entity);
  const choices = (source ?? field).options?.choices;
  const target = traits.holds_ref && typeof field.options?.entity === 'string' ? field.options.entity : undefined;
  return {
    ...field,
    kind,
    elem,
    traits,
    readable: true,
    writable: !traits.computed && !traits.generated,
    link: target ? { entity: target, many: kind === 'list' } : undefined,
    choices: Array.isArray(choices) ? (choices as unknown as RuntimeField['choices']) : undefined,
    fields: field.fields?.map((column) => runtimeField(column, docs, parts)),
  };
}

export function runtimeEntity(entity: Entity, docs: Docs, parts: Parts): RuntimeEntity {
  return {
    ...entity,
    ops: ['create', 'read', 'update', 'delete', 'import', 'export'],
    fields: entity.fields.map((field) => runtimeField(field, docs, parts, entity)),
  };
}

/** The whole draft as a runtime document of an administrator. */
export function previewRuntime(docs: Docs, parts: Parts, member: string): Runtime {
  const app = info(docs);
  const strip = (items: MenuItem[]): MenuItem[] =>
    items.map(({ roles: _roles, ...item }) => (item.items ? { ...item, items: strip(item.items) } : item));
  return {
    app: { ...app, menu: strip(app.menu ?? []) },
    light: false,
    version: 0,
    me: { member_id: member, admin: true, roles: [] },
    entities: entities(docs).map((entity) => runtimeEntity(entity, docs, parts)),
    forms: forms(docs),
    views: views(docs),
    dashboards: dashboards(docs),
    buttons: rules(docs).filter((rule) => rule.trigger.type === 'button'),
    params: Object.fromEntries((app.params ?? []).map((p) => [p.key, p.value])),
    trees: {},
  };
}

/** Whether a field is one that a control offers. */
export function fits(
  field: Pick<RuntimeField, 'kind' | 'elem' | 'traits' | 'choices'>,
  accept: Accept | undefined,
): boolean {
  if (!accept) return true;
  if (accept.single && (field.kind === 'list' || field.traits.multiple)) return false;
  const kinds = accept.kinds ?? [];
  const traits = accept.traits ?? [];
  if (kinds.length === 0 && traits.length === 0) return true;
  return (
    kinds.includes(field.kind) ||
    traits.some((trait) =>
      trait === 'choices' ? (field.choices?.length ?? 0) > 0 : field.traits[trait as keyof FieldTraits] === true,
    )
  );
}

const systemKinds: Record<string, { kind: string; traits: FieldTraits; type: string }> = {
  owner: {
    kind: 'ref',
    type: 'member',
    traits: { holds_member: true, groupable: true, sortable: true, filterable: true },
  },
  created_by: {
    kind: 'ref',
    type: 'member',
    traits: { holds_member: true, groupable: true, sortable: true, filterable: true, generated: true },
  },
  updated_by: {
    kind: 'ref',
    type: 'member',
    traits: { holds_member: true, groupable: true, sortable: true, filterable: true, generated: true },
  },
  created_at: {
    kind: 'time',
    type: 'datetime',
    traits: { groupable: true, sortable: true, filterable: true, generated: true },
  },
  updated_at: {
    kind: 'time',
    type: 'datetime',
    traits: { groupable: true, sortable: true, filterable: true, generated: true },
  },
};

/** The system fields of an entity that a control can offer. */
export function systemRuntimeFields(names: { key: string; name: Field['name'] }[]): RuntimeField[] {
  return names.flatMap(({ key, name }) => {
    const known = systemKinds[key];
    return known
      ? [
          {
            id: key,
            key,
            name,
            type: known.type,
            kind: known.kind,
            traits: known.traits,
            readable: true,
            writable: key === 'owner',
          },
        ]
      : [];
  });
}
