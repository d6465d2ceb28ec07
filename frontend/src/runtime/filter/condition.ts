// A filter as people see it: rows of field, operator and value in and/or groups.
import type { Param, RuntimeEntity, RuntimeField } from '@/api/types';
import { allFields, findField } from '@/views/shared/system';

/** What a value may be besides a literal. */
export type Operand =
  | { fn: 'me' }
  | { fn: 'now' }
  /** Today, moved by days. */
  | { fn: 'today'; days: number }
  /** Another field: "record.customer". */
  | { fn: 'field'; path: string }
  /** A parameter of the app. */
  | { fn: 'setting'; key: string };

/** Spans of time relative to today. */
export const periods = [
  'today',
  'yesterday',
  'tomorrow',
  'this_week',
  'last_week',
  'next_week',
  'this_month',
  'last_month',
  'next_month',
  'this_quarter',
  'last_quarter',
  'this_year',
  'last_year',
  'last_n_days',
  'next_n_days',
] as const;
export type Period = (typeof periods)[number];
export interface PeriodValue {
  period: Period;
  /** Of last_n_days and next_n_days. */
  n?: number;
}

export type Op =
  | 'eq'
  | 'ne'
  | 'gt'
  | 'gte'
  | 'lt'
  | 'lte'
  | 'between'
  | 'period'
  | 'in'
  | 'nin'
  | 'all'
  | 'contains'
  | 'not_contains'
  | 'starts'
  | 'ends'
  | 'empty'
  | 'not_empty'
  | 'me'
  | 'not_me'
  | 'my_departments'
  | 'in_department'
  | 'changed'
  | 'changed_to'
  | 'changed_from';

export interface Condition {
  kind: 'condition';
  id: number;
  /** Keys from the record on: "amount", "customer.owner", "record.customer". */
  path: string;
  op: Op;
  value?: unknown;
}

/** What cannot be shown as a row: the expression itself. */
export interface FormulaItem {
  kind: 'formula';
  id: number;
  text: string;
}

export interface Group {
  kind: 'group';
  id: number;
  join: 'and' | 'or';
  items: Item[];
}

export type Item = Condition | FormulaItem | Group;

let last = 0;
/** Identity of a row while it is on the screen. */
export const nextId = () => ++last;

export const condition = (path: string, op: Op, value?: unknown): Condition => ({
  kind: 'condition',
  id: nextId(),
  path,
  op,
  value,
});
export const formula = (text: string): FormulaItem => ({ kind: 'formula', id: nextId(), text });
export const group = (join: 'and' | 'or', items: Item[] = []): Group => ({ kind: 'group', id: nextId(), join, items });

/** Whether a value is one of the special operands. */
export function operandOf(value: unknown): Operand | null {
  return typeof value === 'object' && value !== null && 'fn' in value ? (value as Operand) : null;
}

/** What conditions may name. */
export interface Scope {
  /** The record that is tested. */
  entity: RuntimeEntity;
  /** How its fields are written: '' for `amount`, 'it' for `it.amount`. */
  root: '' | 'it';
  /** Other records in sight, by name: `record` beside `it`, `old` in rules. */
  others: { name: string; label: string; entity: RuntimeEntity }[];
  /** An entity that the member may see. */
  entityOf: (idOrKey: string) => RuntimeEntity | undefined;
  params: Param[];
  /** The condition is of a rule: changes of the record can be asked for. */
  changes: boolean;
}

export function scopeOf(input: Pick<Scope, 'entity' | 'entityOf'> & Partial<Scope>): Scope {
  return { root: '', others: [], params: [], changes: false, ...input };
}

export interface Resolved {
  field: RuntimeField;
  /** The fields on the way, links first. */
  trail: RuntimeField[];
  /** The record that the path starts from, when it is another one. */
  other?: Scope['others'][number];
}

/** The field that a path of keys leads to. */
export function resolve(scope: Scope, path: string): Resolved | null {
  let keys = path.split('.');
  let entity: RuntimeEntity | undefined = scope.entity;
  let other: Scope['others'][number] | undefined;
  const named = scope.others.find((o) => o.name === keys[0]);
  if (keys.length > 1 && named) {
    other = named;
    entity = named.entity;
    keys = keys.slice(1);
  }
  if (keys.length > 3) return null;
  const trail: RuntimeField[] = [];
  for (const [i, key] of keys.entries()) {
    const field: RuntimeField | undefined = entity && (key === 'id' ? idField : findField(entity, key));
    if (!field?.readable || field.key !== key) return null;
    trail.push(field);
    if (i === keys.length - 1) return { field, trail, other };
    entity = field.link && !field.link.many ? scope.entityOf(field.link.entity) : undefined;
  }
  return null;
}

// Shown nowhere, named by filters such as `it.id != record.id`.
const idField: RuntimeField = {
  id: 'id',
  key: 'id',
  name: 'ID',
  type: 'text',
  kind: 'ref',
  traits: {},
  readable: true,
  writable: false,
};

/** Whether a field can be asked about at all. */
export function filterable(field: RuntimeField): boolean {
  return field.readable && !field.masked && field.traits.filterable !== false;
}

export interface PathOption {
  path: string;
  field: RuntimeField;
  /** The link it goes through, or the other record. */
  via?: RuntimeField;
  other?: Scope['others'][number];
}

/** Every path to choose from: own fields, then those one link away. */
export function pathsOf(scope: Scope): PathOption[] {
  const own = (entity: RuntimeEntity) => allFields(entity).filter(filterable);
  const out: PathOption[] = own(scope.entity).map((field) => ({ path: field.key, field }));
  for (const link of scope.entity.fields) {
    const target = link.readable && link.link && !link.link.many ? scope.entityOf(link.link.entity) : undefined;
    if (target) for (const field of own(target)) out.push({ path: `${link.key}.${field.key}`, field, via: link });
  }
  for (const other of scope.others) {
    for (const field of own(other.entity)) out.push({ path: `${other.name}.${field.key}`, field, other });
  }
  return out;
}

/** A group without rows that say nothing yet. */
export function isBlank(item: Item): boolean {
  if (item.kind === 'group') return item.items.every(isBlank);
  return item.kind === 'formula' ? item.text.trim() === '' : item.path === '';
}

/** Counts the rows of a group. */
export function countRows(item: Item): number {
  return item.kind === 'group' ? item.items.reduce((n, i) => n + countRows(i), 0) : 1;
}
