// The parts that the server offers (field types, widgets, actions, functions) as
// the builder uses them, and the walk over an options document by its schema.
import { useMemo } from 'react';
import { useCatalog } from '@/api/queries/apps';
import type { Catalog, CatalogEntry, FieldTraits, Json, Text } from '@/api/types';

export type Control =
  | 'number'
  | 'switch'
  | 'text'
  | 'select'
  | 'choices'
  | 'entity'
  | 'field'
  | 'expr'
  | 'list'
  | 'group'
  | 'member'
  | 'department'
  | 'role'
  | 'button'
  | 'date'
  | 'icon'
  | 'fill'
  | 'set';

/** Which fields a field control offers. */
export interface Accept {
  kinds?: string[];
  traits?: string[];
  single?: boolean;
}

/** The hints of one option. */
export interface Hints {
  control: Control;
  label: Text;
  help?: Text;
  order?: number;
  choices?: { value: string; label: Text }[];
  /** The sibling option that names the entity. */
  entity?: string;
  /** The sibling option that names the link to follow. */
  through?: string;
  accept?: Accept;
  scope?: string;
  expect?: string;
  /** The expression says whom to address: members and groups, or also e-mail addresses. */
  people?: 'members' | 'mail';
  many?: boolean;
  localized?: boolean;
}

/** An options schema, or a part of one. */
export interface OptionsSchema {
  type?: string | string[];
  properties?: Record<string, OptionsSchema>;
  required?: string[];
  items?: OptionsSchema;
  additionalProperties?: boolean | OptionsSchema;
  enum?: string[];
  default?: Json;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  maxLength?: number;
  'x-ui'?: Hints;
}

export interface Part {
  name: string;
  group: string;
  icon: string;
  label: Text;
  help: Text;
  options: OptionsSchema;
  extra: Record<string, unknown>;
}

export interface FieldPart extends Part {
  kind: string;
  traits: FieldTraits;
}

export interface FunctionHelp {
  name: string;
  group: string;
  label: Text;
  help: Text;
  aliases: string[];
  args: { name: string; optional?: boolean; variadic?: boolean }[];
  examples: { in: string; out: string }[];
}

export interface Parts {
  fields: Map<string, FieldPart>;
  views: Map<string, Part>;
  charts: Map<string, Part>;
  actions: Map<string, Part>;
  functions: FunctionHelp[];
}

const part = (entry: CatalogEntry): Part => ({
  name: entry.name,
  group: entry.group ?? 'other',
  icon: entry.icon ?? 'box',
  label: entry.label,
  help: entry.help ?? '',
  options: (entry.options ?? {}) as OptionsSchema,
  extra: (entry.extra ?? {}) as Record<string, unknown>,
});

const byName = <T extends Part>(list: T[]): Map<string, T> => new Map(list.map((p) => [p.name, p]));

/** The catalog's entries by registry and name. */
export function partsOf(catalog: Catalog): Parts {
  return {
    fields: byName(
      (catalog.fields ?? []).map((entry) => {
        const one = part(entry);
        return { ...one, kind: String(one.extra.kind ?? 'text'), traits: (one.extra.traits ?? {}) as FieldTraits };
      }),
    ),
    views: byName((catalog.views ?? []).map(part)),
    charts: byName((catalog.widgets ?? []).map(part)),
    actions: byName((catalog.actions ?? []).map(part)),
    functions: (catalog.functions ?? []).filter((entry) => entry.group !== 'operator').map(functionHelp),
  };
}

function functionHelp(entry: CatalogEntry): FunctionHelp {
  const facts = { ...entry, ...((entry.extra ?? {}) as object) } as CatalogEntry & {
    aliases?: string[] | null;
    args?: FunctionHelp['args'] | null;
    examples?: Record<string, string>[] | null;
  };
  return {
    name: entry.name,
    group: entry.group ?? 'other',
    label: entry.label,
    help: entry.help ?? '',
    aliases: facts.aliases ?? [],
    args: facts.args ?? [],
    examples: (facts.examples ?? []).map((e) => ({ in: e.in ?? e.In ?? '', out: e.out ?? e.Out ?? '' })),
  };
}

const none: Catalog = {};

/** The server's parts; empty until they have arrived. */
export function useParts(): Parts {
  const catalog = useCatalog().data ?? none;
  return useMemo(() => partsOf(catalog), [catalog]);
}

/** The options of a schema in the order of their panel. */
export function optionsOf(
  schema: OptionsSchema,
): { name: string; schema: OptionsSchema; ui: Hints; required: boolean }[] {
  return Object.entries(schema.properties ?? {})
    .map(([name, one]) => ({
      name,
      schema: one,
      ui: one['x-ui'] ?? { control: 'text' as const, label: name },
      required: schema.required?.includes(name) ?? false,
    }))
    .sort((a, b) => (a.ui.order ?? 99) - (b.ui.order ?? 99));
}

/** One option that an options document holds. */
export interface Found {
  path: (string | number)[];
  ui: Hints;
  value: Json;
  /** The entity named by a sibling option; undefined for the part's own. */
  entity?: string;
  /** The link named by a sibling option. */
  link?: string;
}

/** Every option that a document holds, by its schema; lists of picks are given one by one. */
export function* walkOptions(
  schema: OptionsSchema,
  doc: unknown,
  path: (string | number)[] = [],
  outer?: string,
): Generator<Found> {
  if (doc === null || typeof doc !== 'object' || Array.isArray(doc)) return;
  const values = doc as Record<string, Json>;
  const own = typeof values.entity === 'string' && schema.properties?.entity ? values.entity : outer;
  for (const { name, schema: one, ui } of optionsOf(schema)) {
    const value = values[name];
    if (value === undefined || value === null) continue;
    const here = [...path, name];
    // Inside a nested panel the named sibling may stand further out.
    const entity = ui.entity ? ((values[ui.entity] as string | undefined) ?? own) : undefined;
    const link = ui.through ? (values[ui.through] as string | undefined) : undefined;
    if (ui.control === 'group') yield* walkOptions(one, value, here, own);
    else if (ui.control === 'list' && Array.isArray(value)) {
      for (const [i, item] of value.entries()) yield* walkOptions(one.items ?? {}, item, [...here, i], own);
    } else if (ui.many && Array.isArray(value)) {
      for (const [i, item] of value.entries()) yield { path: [...here, i], ui, value: item, entity, link };
    } else yield { path: here, ui, value, entity, link };
  }
}
