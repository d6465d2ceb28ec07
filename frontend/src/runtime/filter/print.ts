// Rows to expression text: the one form in which filters are stored and sent.

import { type Node, parse, SyntaxFault } from '@/expr/syntax';
import { literal, quote } from '@/views/shared/where';
import {
  type Condition,
  type Group,
  type Item,
  type Op,
  operandOf,
  type Period,
  type PeriodValue,
  resolve,
  type Scope,
} from './condition';
import { type Family, familyOf } from './operators';

/** From (included) and to (excluded) of a span, as expressions. */
export function periodBounds(value: PeriodValue): [from: string, to: string] | null {
  const n = Math.trunc(value.n ?? 0);
  switch (value.period) {
    case 'last_n_days':
      return n >= 1 ? [`add_days(today(), ${1 - n})`, 'add_days(today(), 1)'] : null;
    case 'next_n_days':
      return n >= 1 ? ['today()', `add_days(today(), ${n})`] : null;
  }
  return fixedPeriods[value.period] ?? null;
}

const step = (start: string, unit: string, from: number, to: number): [string, string] => [
  from === 0 ? start : `${unit}(${start}, ${from})`,
  to === 0 ? start : `${unit}(${start}, ${to})`,
];
const week = 'start_of_week(today())';
const month = 'start_of_month(today())';
const quarter = 'start_of_quarter(today())';
const year = 'start_of_year(today())';

export const fixedPeriods: Partial<Record<Period, [string, string]>> = {
  today: step('today()', 'add_days', 0, 1),
  yesterday: step('today()', 'add_days', -1, 0),
  tomorrow: step('today()', 'add_days', 1, 2),
  this_week: step(week, 'add_days', 0, 7),
  last_week: step(week, 'add_days', -7, 0),
  next_week: step(week, 'add_days', 7, 14),
  this_month: step(month, 'add_months', 0, 1),
  last_month: step(month, 'add_months', -1, 0),
  next_month: step(month, 'add_months', 1, 2),
  this_quarter: step(quarter, 'add_months', 0, 3),
  last_quarter: step(quarter, 'add_months', -3, 0),
  this_year: step(year, 'add_months', 0, 12),
  last_year: step(year, 'add_months', -12, 0),
};

/** A value or operand as text; null while it is not filled in. */
function valueText(value: unknown, family: Family): string | null {
  const operand = operandOf(value);
  if (operand) {
    switch (operand.fn) {
      case 'me':
        return 'me()';
      case 'now':
        return 'now()';
      case 'today':
        return operand.days === 0 ? 'today()' : `add_days(today(), ${Math.trunc(operand.days)})`;
      case 'field':
        return operand.path || null;
      case 'setting':
        return operand.key ? `setting(${quote(operand.key)})` : null;
    }
  }
  if (value === null || value === undefined || value === '' || Array.isArray(value)) return null;
  if (family === 'number') return numberText(value);
  return literal(value);
}

function numberText(value: unknown): string | null {
  if (typeof value === 'number')
    return value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 });
  return /^-?\d+(\.\d+)?$/.test(String(value)) ? String(value) : null;
}

const isList = (family: Family) => family === 'choices' || family === 'refs';
const signs: Partial<Record<Op, string>> = { eq: '==', ne: '!=', gt: '>', gte: '>=', lt: '<', lte: '<=' };

/** One row as text; null while it is not complete. */
export function conditionText(c: Condition, scope: Scope): string | null {
  const found = resolve(scope, c.path);
  if (!found) return null;
  const family = familyOf(found.field);
  const name = scope.root && !found.other ? `${scope.root}.${c.path}` : c.path;
  const one = valueText(c.value, family);
  switch (c.op) {
    case 'empty':
    case 'not_empty': {
      const blank = isList(family) || family === 'rest';
      if (blank) return c.op === 'empty' ? `ISEMPTY(${name})` : `not ISEMPTY(${name})`;
      return `${name} ${c.op === 'empty' ? '==' : '!='} nil`;
    }
    case 'me':
      return isList(family) ? `me() in ${name}` : `${name} == me()`;
    case 'not_me':
      return isList(family) ? `not (me() in ${name})` : `${name} != me()`;
    case 'my_departments':
      return family === 'member' ? `any(my_departments(), is_member_of(${name}, #))` : `${name} in my_departments()`;
    case 'in_department':
      return one && `is_member_of(${name}, ${one})`;
    case 'changed':
      return `changed(${quote(c.path)})`;
    case 'changed_to':
    case 'changed_from':
      return one && `${c.op}(${quote(c.path)}, ${one})`;
    case 'contains':
      return one && `${name} contains ${one}`;
    case 'not_contains':
      return one && `not (${name} contains ${one})`;
    case 'starts':
      return one && `${name} startsWith ${one}`;
    case 'ends':
      return one && `${name} endsWith ${one}`;
    case 'in':
    case 'nin':
    case 'all':
      return listText(c.op, name, c.value, family);
    case 'period': {
      const bounds = periodBounds((c.value ?? {}) as PeriodValue);
      return bounds && `(${name} >= ${bounds[0]} and ${name} < ${bounds[1]})`;
    }
    case 'between': {
      const [from, to] = (Array.isArray(c.value) ? c.value : []) as unknown[];
      const a = valueText(from, family);
      const b = valueText(to, family);
      if (a === null || b === null) return null;
      return family === 'time'
        ? `(${name} >= ${a} and ${name} < add_days(${b}, 1))`
        : `(${name} >= ${a} and ${name} <= ${b})`;
    }
    default: {
      if (one === null) return null;
      // A moment is on a day when it lies between its start and that of the next.
      const day =
        family === 'time' && c.op === 'eq' && (operandOf(c.value)?.fn === 'today' || /^"\d{4}-\d\d-\d\d"$/.test(one));
      if (day) return `(${name} >= ${one} and ${name} < add_days(${one}, 1))`;
      return `${name} ${signs[c.op]} ${one}`;
    }
  }
}

function listText(op: 'in' | 'nin' | 'all', name: string, value: unknown, family: Family): string | null {
  const items = (Array.isArray(value) ? value : []).filter((v) => v !== null && v !== '');
  if (items.length === 0) return null;
  const texts = items.map((v) => (family === 'number' ? (numberText(v) ?? 'nil') : literal(v)));
  if (isList(family)) {
    if (op === 'all')
      return texts.length === 1 ? `${texts[0]} in ${name}` : `(${texts.map((t) => `${t} in ${name}`).join(' and ')})`;
    if (texts.length === 1) return op === 'in' ? `${texts[0]} in ${name}` : `not (${texts[0]} in ${name})`;
  } else if (texts.length === 1) return `${name} ${op === 'in' ? '==' : '!='} ${texts[0]}`;
  return `${name} ${op === 'in' ? 'in' : 'not in'} [${texts.join(', ')}]`;
}

// Whether a formula stays one operand when "and" or "or" is written beside it.
function standsAlone(text: string): boolean {
  try {
    const tree: Node = parse(text);
    return !(
      tree.type === 'other' ||
      (tree.type === 'binary' && ['and', 'or', '|', '??'].includes(tree.op) && !tree.parens)
    );
  } catch (error) {
    if (error instanceof SyntaxFault) return false;
    throw error;
  }
}

function itemText(item: Item, scope: Scope, alone: boolean): string | null {
  switch (item.kind) {
    case 'condition':
      return conditionText(item, scope);
    case 'formula': {
      const text = item.text.trim();
      if (text === '') return null;
      return alone || standsAlone(text) ? text : `(${text})`;
    }
    case 'group': {
      const parts = item.items.map((i) => itemText(i, scope, false)).filter((p) => p !== null);
      if (parts.length === 0) return null;
      if (parts.length > 1) return `(${parts.join(` ${item.join} `)})`;
      return parts[0] ?? null;
    }
  }
}

/** The expression of a group; '' when no row is complete. */
export function toExpr(group: Group, scope: Scope): string {
  const some = group.items.filter((item) => itemText(item, scope, false) !== null);
  return some.map((item) => itemText(item, scope, some.length === 1)).join(` ${group.join} `);
}

/** Whether a row still misses something: it would say nothing in the expression. */
export function incomplete(item: Item, scope: Scope): boolean {
  return item.kind === 'group'
    ? item.items.some((one) => incomplete(one, scope))
    : itemText(item, scope, true) === null;
}
