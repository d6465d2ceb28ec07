// What an import is asked to do: the state of the wizard's mapping step, and
// the mapping as the server and the command line take it.
import type { ColumnMap, ImportColumn, ImportUpload, Mapping, RuntimeEntity, RuntimeField, Text } from '@/api/types';
import { systemFields } from '../form/system';

export type ImportMode = 'create' | 'update' | 'upsert';

/** Two texts that belong together: a value of the file and what it means, a column and its text. */
export type Pair = [string, string];

/** Where the values of one field come from. */
export interface Source extends Omit<ColumnMap, 'field' | 'values'> {
  field: string;
  values: Pair[];
}

/** A mapping being edited. */
export interface Draft {
  /** Missing: new rows are added, and with `match` those that are there updated. */
  mode?: ImportMode;
  match: string[];
  filter?: string;
  rows: Pair[];
  columns: Source[];
  rules: boolean;
}

/** What a ready mapping says about itself besides the mapping. */
export interface About {
  key?: string;
  name?: Text;
  help?: Text;
  examples?: string[];
}

export type Table = Pick<ImportUpload, 'columns' | 'preview' | 'mapping'>;

const aboutKeys = ['key', 'name', 'help', 'examples'];
const mappingKeys = ['entity', 'mode', 'match', 'filter', 'rows', 'columns', 'rules'];
const sourceKeys = ['field', 'column', 'text', 'values', 'blank', 'on_blank', 'factor', 'find', 'create'];
const modes = ['create', 'update', 'upsert'];

export function draftOf(mapping: Mapping): Draft {
  return {
    mode: mapping.mode ? (mapping.mode as ImportMode) : undefined,
    match: mapping.match ?? [],
    filter: mapping.filter || undefined,
    rows: Object.entries(mapping.rows ?? {}),
    columns: (mapping.columns ?? []).map(({ values, field, ...source }) => ({
      ...source,
      field: field ?? '',
      values: Object.entries(values ?? {}),
    })),
    rules: mapping.rules ?? false,
  };
}

/** The mapping as the server takes it; fields that nothing fills are left out. */
export function mappingOf(draft: Draft, entity: string): Mapping {
  const out: Mapping = { entity };
  if (draft.mode) out.mode = draft.mode;
  if (draft.match.length > 0) out.match = draft.match;
  if (draft.filter) out.filter = draft.filter;
  const rows = draft.rows.filter(([column]) => column !== '');
  if (rows.length > 0) out.rows = Object.fromEntries(rows);
  out.columns = draft.columns.flatMap(({ values, ...source }): ColumnMap[] => {
    const known = values.filter(([from, to]) => from !== '' || to !== '');
    const said = known.length > 0 ? { ...source, values: Object.fromEntries(known) } : source;
    const blank = Object.entries(said).every(([key, v]) => key === 'field' || v === undefined || v === '');
    return blank ? [] : [said];
  });
  if (draft.rules) out.rules = true;
  return out;
}

/** Reads a file with a mapping, such as the command line reads; null where it is none. */
export function readMapping(text: string): { mapping: Mapping; about: About; unknown: string[] } | null {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(raw) || !Array.isArray(raw.columns) || !raw.columns.every(isSource)) return null;
  const fine =
    optional(raw.entity, isText) &&
    optional(raw.mode, (v) => v === '' || modes.includes(v as string)) &&
    optional(raw.match, isTexts) &&
    optional(raw.filter, isText) &&
    optional(raw.rows, isTextMap) &&
    optional(raw.rules, (v) => typeof v === 'boolean');
  const twice = new Set(raw.columns.map((c) => c.field)).size < raw.columns.length;
  if (!fine || twice) return null;
  const unknown = Object.keys(raw).filter((k) => !mappingKeys.includes(k) && !aboutKeys.includes(k));
  for (const c of raw.columns) unknown.push(...Object.keys(c).filter((k) => !sourceKeys.includes(k)));
  return {
    mapping: {
      ...pick(raw, mappingKeys),
      columns: raw.columns.map((c) => pick(c, sourceKeys)),
    } as Mapping,
    about: pick(raw, aboutKeys) as About,
    unknown: [...new Set(unknown)],
  };
}

type Loose = Record<string, unknown>;

const isObject = (v: unknown): v is Loose => typeof v === 'object' && v !== null && !Array.isArray(v);
const isText = (v: unknown) => typeof v === 'string';
const isTexts = (v: unknown) => Array.isArray(v) && v.every(isText);
const isTextMap = (v: unknown) => isObject(v) && Object.values(v).every(isText);
const optional = (v: unknown, is: (v: unknown) => boolean) => v === undefined || v === null || is(v);

function isSource(v: unknown): v is Loose {
  return (
    isObject(v) &&
    isText(v.field) &&
    ['column', 'text', 'blank', 'on_blank'].every((k) => optional(v[k], isText)) &&
    optional(v.values, isTextMap) &&
    optional(v.find, isTexts) &&
    optional(v.factor, (n) => typeof n === 'number') &&
    optional(v.create, (b) => typeof b === 'boolean')
  );
}

function pick(from: Loose, keys: string[]): Loose {
  return Object.fromEntries(keys.flatMap((k) => (from[k] === undefined || from[k] === null ? [] : [[k, from[k]]])));
}

/** Where the wizard starts: what the server proposed, and its guesses for the columns left. */
export function proposed(table: Table): Draft {
  const draft = draftOf(table.mapping ?? {});
  for (const column of table.columns) {
    const field = column.guess.field;
    const used = draft.columns.some((c) => c.column === column.name || c.column === column.key || c.field === field);
    if (field && !used) draft.columns.push({ field, column: column.name, values: [] });
  }
  return draft;
}

export function modeOf(draft: Draft): ImportMode {
  return draft.mode ?? (draft.match.length > 0 ? 'upsert' : 'create');
}

/** The fields that an import may fill. */
export function importable(entity: RuntimeEntity): RuntimeField[] {
  const own = entity.fields.filter(
    (f) => f.writable && f.type !== 'subform' && !['attachment', 'image', 'signature', 'json'].includes(f.type),
  );
  return [...own, ...systemFields(entity, true).filter((f) => f.key === 'owner' && f.writable)];
}

/** Any field of the form, importable or not: mappings may name those of history too. */
export function fieldOf(entity: RuntimeEntity, ref: string): RuntimeField | undefined {
  return [...entity.fields, ...systemFields(entity, true)].find((f) => f.key === ref || f.id === ref);
}

/** Required fields that nothing fills; nothing is missing where records are only updated. */
export function missing(entity: RuntimeEntity, draft: Draft): RuntimeField[] {
  if (modeOf(draft) === 'update') return [];
  const given = new Set(draft.columns.filter((c) => c.column || c.text || c.blank).map((c) => c.field));
  return importable(entity).filter((f) => f.required && !f.default && !given.has(f.key) && !given.has(f.id));
}

/** A column by its name, whatever the case, or its key; -1 for none, as the server finds it. */
export function columnIndex(columns: ImportColumn[], name: string): number {
  const exact = columns.findIndex((c) => c.name === name);
  if (exact >= 0) return exact;
  const tidy = name.trim().split(/\s+/).join(' ');
  return columns.findIndex((c) => c.name.toLowerCase() === tidy.toLowerCase() || c.key === tidy);
}

/** The columns that a mapping names and the file lacks. */
export function lackingColumns(columns: ImportColumn[], mapping: Mapping): string[] {
  const names = [
    ...Object.keys(mapping.rows ?? {}),
    ...(mapping.columns ?? []).flatMap((c) => (c.column ? [c.column] : columnsIn(c.text ?? ''))),
  ];
  return [...new Set(names)].filter((name) => columnIndex(columns, name) < 0);
}

interface Part {
  text?: string;
  column?: string;
}

/** The constants and columns of a composed text; null where a brace is left open. */
export function partsOf(text: string): Part[] | null {
  const out: Part[] = [];
  let rest = text;
  let constant = '';
  while (rest !== '') {
    const at = rest.search(/[{}]/);
    if (at < 0) {
      constant += rest;
      break;
    }
    constant += rest.slice(0, at);
    rest = rest.slice(at);
    if (rest.startsWith('{{') || rest.startsWith('}}')) {
      constant += rest[0];
      rest = rest.slice(2);
      continue;
    }
    const end = rest.indexOf('}');
    if (rest[0] === '}' || end < 0) return null;
    if (constant) out.push({ text: constant });
    constant = '';
    out.push({ column: rest.slice(1, end).trim() });
    rest = rest.slice(end + 1);
  }
  if (constant) out.push({ text: constant });
  return out;
}

const columnsIn = (text: string): string[] => (partsOf(text) ?? []).flatMap((p) => (p.column ? [p.column] : []));

/** A column's name as a composed text holds it. */
export const inBraces = (column: string): string => `{${column}}`;

export type SourceFault = { kind: 'column'; name: string } | { kind: 'text' };

/** What is wrong with a source for this file. */
export function faultOf(source: Source, columns: ImportColumn[]): SourceFault | null {
  if (source.column) {
    return columnIndex(columns, source.column) < 0 ? { kind: 'column', name: source.column } : null;
  }
  const parts = partsOf(source.text ?? '');
  if (!parts) return { kind: 'text' };
  const name = parts.find((p) => p.column !== undefined && columnIndex(columns, p.column) < 0)?.column;
  return name === undefined ? null : { kind: 'column', name };
}

/** The text that a row gives a field, as the server makes it. */
export function textOfRow(source: Source, columns: ImportColumn[], cells: string[]): string {
  const cell = (name: string) => cells[columnIndex(columns, name)] ?? '';
  let out = '';
  if (source.column) out = cell(source.column);
  else {
    const parts = partsOf(source.text ?? '') ?? [];
    const filled = parts.flatMap((p) => (p.column === undefined ? [] : [cell(p.column)]));
    const blanks = filled.filter((text) => text === '').length;
    out = parts.map((p) => (p.column === undefined ? p.text : cell(p.column))).join('');
    if (filled.length > 0 && blanks === filled.length) out = '';
    // What stood between two columns has lost a neighbour.
    else if (blanks > 0) out = out.replace(/^[ ·\-–—,;/|_，、；]+|[ ·\-–—,;/|_，、；]+$/g, '');
    else out = out.trim();
  }
  const alias =
    source.values.find(([from]) => from === out) ??
    source.values.find(([from]) => from !== '' && from.trim().toLowerCase() === out.toLowerCase());
  if (alias) out = alias[1];
  return out || (source.blank ?? '');
}

/** What the first rows give a field: the first few different texts. */
export function samplesOf(source: Source, table: Table): string[] {
  const texts = table.preview.map((cells) => textOfRow(source, table.columns, cells)).filter((text) => text !== '');
  return [...new Set(texts)].slice(0, 3);
}

/** The columns that nothing takes. */
export function unusedColumns(draft: Draft, columns: ImportColumn[]): ImportColumn[] {
  const used = new Set(
    [
      ...draft.columns.flatMap((c) => (c.column ? [c.column] : columnsIn(c.text ?? ''))),
      ...draft.rows.map(([column]) => column),
    ].map((name) => columnIndex(columns, name)),
  );
  return columns.filter((_, i) => !used.has(i));
}
