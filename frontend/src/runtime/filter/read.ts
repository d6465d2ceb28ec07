// Expression text to rows. What has no row keeps its text as a formula.

import { type Node, parse, SyntaxFault, sourceOf } from '@/expr/syntax';
import {
  type Condition,
  condition,
  formula,
  type Group,
  group,
  type Item,
  type Op,
  type Operand,
  operandOf,
  type Period,
  type Resolved,
  resolve,
  type Scope,
} from './condition';
import { type Family, familyOf } from './operators';
import { fixedPeriods } from './print';

/** The rows of an expression. Never fails: a text that is no expression is a formula. */
export function fromExpr(text: string, scope: Scope): Group {
  const source = text.trim();
  if (source === '') return group('and');
  let tree: Node;
  try {
    tree = parse(source);
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    return group('and', [formula(source)]);
  }
  if (tree.type === 'bool' && tree.value) return group('and');
  const whole = match(tree, scope);
  if (whole) return group('and', [whole]);
  const join = joinOf(tree);
  if (!join) return group('and', [formula(sourceOf(source, tree))]);
  return group(
    join,
    flatten(tree, join, true).map((node) => item(node, source, scope, 1)),
  );
}

function item(node: Node, source: string, scope: Scope, level: number): Item {
  const row = match(node, scope);
  if (row) return row;
  const join = joinOf(node);
  if (!join || level > 1) return formula(sourceOf(source, node));
  return group(
    join,
    flatten(node, join, true).map((n) => item(n, source, scope, level + 1)),
  );
}

function joinOf(node: Node): 'and' | 'or' | null {
  return node.type === 'binary' && (node.op === 'and' || node.op === 'or') ? node.op : null;
}

// Brackets keep what they hold together, so that groups come back as they were.
function flatten(node: Node, join: string, top = false): Node[] {
  if (node.type !== 'binary' || node.op !== join || (node.parens && !top)) return [node];
  return [...flatten(node.left, join), ...flatten(node.right, join)];
}

/** The keys of a path such as customer.owner, without the name of the record itself. */
function pathOf(node: Node, scope: Scope): string | null {
  const keys: string[] = [];
  let at = node;
  while (at.type === 'member') {
    keys.unshift(at.name);
    at = at.object;
  }
  if (at.type !== 'name') return null;
  keys.unshift(at.name);
  // `record.x` and `x` are the same where the record is what is tested.
  const own = scope.root || 'record';
  if (keys.length > 1 && keys[0] === own && !scope.others.some((o) => o.name === own)) return keys.slice(1).join('.');
  // Beside other records, a bare key belongs to `record`, not to `it`.
  if (scope.root && !scope.others.some((o) => o.name === keys[0])) {
    return scope.others.some((o) => o.name === 'record') ? `record.${keys.join('.')}` : keys.join('.');
  }
  return keys.join('.');
}

interface Found extends Resolved {
  path: string;
  family: Family;
}

function fieldAt(node: Node, scope: Scope): Found | null {
  const path = pathOf(node, scope);
  const found = path === null ? null : resolve(scope, path);
  return found && path !== null ? { ...found, path, family: familyOf(found.field) } : null;
}

/** A text by which equal expressions are recognised. */
function canonical(node: Node): string {
  switch (node.type) {
    case 'text':
      return JSON.stringify(node.value);
    case 'number':
      return node.digits;
    case 'minus':
      return `-${canonical(node.arg)}`;
    case 'name':
      return node.name;
    case 'call':
      return `${node.name.toLowerCase()}(${node.args.map(canonical).join(', ')})`;
    default:
      return `?${node.from}`;
  }
}

function days(node: Node): number | null {
  const text = canonical(node);
  if (text === 'today()') return 0;
  const n = /^add_days\(today\(\), (-?\d+)\)$/.exec(text)?.[1];
  return n === undefined ? null : Number(n);
}

function numeric(node: Node): number | string | null {
  const text =
    node.type === 'number'
      ? node.digits
      : node.type === 'minus' && node.arg.type === 'number'
        ? `-${node.arg.digits}`
        : null;
  if (text === null || !/^-?\d+(\.\d+)?$/.test(text)) return null;
  return text.replace(/\D/g, '').length <= 15 ? Number(text) : text;
}

/** A literal that fits the family, or an operand. */
function valueAt(node: Node, family: Family, scope: Scope): { value: unknown } | null {
  const operand = operandAt(node, family, scope);
  if (operand) return { value: operand };
  switch (family) {
    case 'number': {
      const value = numeric(node);
      return value === null ? null : { value };
    }
    case 'bool':
      return node.type === 'bool' ? { value: node.value } : null;
    case 'date':
    case 'time':
      return node.type === 'text' && /^\d{4}-\d\d-\d\d(T.+)?$/.test(node.value) ? { value: node.value } : null;
    default:
      return node.type === 'text' && node.value !== '' ? { value: node.value } : null;
  }
}

function operandAt(node: Node, family: Family, scope: Scope): Operand | null {
  if (node.type === 'call') {
    const name = node.name.toLowerCase();
    if (name === 'me' && node.args.length === 0 && (family === 'member' || family === 'refs')) return { fn: 'me' };
    if (name === 'now' && node.args.length === 0 && family === 'time') return { fn: 'now' };
    if (family === 'date' || family === 'time') {
      const n = days(node);
      if (n !== null) return { fn: 'today', days: n };
    }
    const key = node.args[0];
    if (name === 'setting' && key?.type === 'text' && scope.params.some((p) => p.key === key.value))
      return { fn: 'setting', key: key.value };
    return null;
  }
  const other = fieldAt(node, scope);
  return other && other.family === family ? { fn: 'field', path: other.path } : null;
}

const comparisons: Record<string, Op> = { '==': 'eq', '!=': 'ne', '>': 'gt', '>=': 'gte', '<': 'lt', '<=': 'lte' };
const turned: Partial<Record<Op, Op>> = { gt: 'lt', gte: 'lte', lt: 'gt', lte: 'gte' };

/** The row that means the same as a node; null when there is none. */
function match(node: Node, scope: Scope): Condition | null {
  switch (node.type) {
    case 'binary':
      if (node.op === 'and') return span(node, scope) ?? all(node, scope);
      if (comparisons[node.op]) return compared(node.left, node.right, comparisons[node.op] as Op, scope);
      if (node.op === 'in' || node.op === 'not in') return member(node.left, node.right, node.op === 'not in', scope);
      if (/contains|startsWith|endsWith/.test(node.op)) return texts(node.left, node.right, node.op, scope);
      return null;
    case 'not': {
      const arg = node.arg;
      if (arg.type === 'binary' && arg.op === 'in') return member(arg.left, arg.right, true, scope);
      if (arg.type === 'binary' && arg.op === 'contains') return texts(arg.left, arg.right, 'not contains', scope);
      if (arg.type === 'call' && /^(isempty|is_empty)$/i.test(arg.name)) return blank(arg, scope, 'not_empty');
      const flag = fieldAt(arg, scope);
      return flag?.family === 'bool' ? condition(flag.path, 'ne', true) : null;
    }
    case 'call':
      return called(node, scope);
    case 'name':
    case 'member': {
      const flag = fieldAt(node, scope);
      return flag?.family === 'bool' ? condition(flag.path, 'eq', true) : null;
    }
  }
  return null;
}

function compared(left: Node, right: Node, op: Op, scope: Scope): Condition | null {
  const a = fieldAt(left, scope);
  const b = fieldAt(right, scope);
  // Of two fields the one of the tested record names the row.
  if (b && (!a || (a.other && !b.other))) return compared(right, left, turned[op] ?? op, scope);
  if (!a) return null;
  if (right.type === 'nil') {
    if ((op !== 'eq' && op !== 'ne') || ['choices', 'refs', 'rest'].includes(a.family)) return null;
    return condition(a.path, op === 'eq' ? 'empty' : 'not_empty');
  }
  const found = valueAt(right, a.family, scope);
  if (!found) return null;
  const operand = operandOf(found.value);
  switch (a.family) {
    case 'member':
      if (operand?.fn === 'me')
        return op === 'eq' ? condition(a.path, 'me') : op === 'ne' ? condition(a.path, 'not_me') : null;
      return identity(a, op, found.value, !!operand);
    case 'choice':
    case 'ref':
    case 'department':
      return identity(a, op, found.value, !!operand);
    case 'choices':
    case 'refs':
    case 'rest':
      return null;
    case 'bool':
      return op === 'eq' || op === 'ne' ? condition(a.path, op, found.value) : null;
    case 'text':
      return op === 'eq' || op === 'ne' ? condition(a.path, op, found.value) : null;
    case 'time':
      // Only these read the same for a day and for a moment.
      if (op === 'lt' || op === 'gte') return condition(a.path, op, found.value);
      return operand?.fn === 'field' || operand?.fn === 'now' || String(found.value).includes('T')
        ? condition(a.path, op, found.value)
        : null;
  }
  return condition(a.path, op, found.value);
}

function identity(field: Found, op: Op, value: unknown, operand: boolean): Condition | null {
  if (op !== 'eq' && op !== 'ne') return null;
  if (operand) return condition(field.path, op, value);
  return condition(field.path, op === 'eq' ? 'in' : 'nin', [value]);
}

function member(left: Node, right: Node, negated: boolean, scope: Scope): Condition | null {
  const op = negated ? 'nin' : 'in';
  const a = fieldAt(left, scope);
  if (a && right.type === 'list') {
    if (!['choice', 'ref', 'member', 'department', 'choices', 'refs', 'text', 'number'].includes(a.family)) return null;
    const values = right.items.map((i) =>
      a.family === 'number' ? numeric(i) : i.type === 'text' && i.value !== '' ? i.value : null,
    );
    return values.length > 0 && values.every((v) => v !== null) ? condition(a.path, op, values) : null;
  }
  if (a && right.type === 'call' && right.name.toLowerCase() === 'my_departments' && !negated) {
    return ['department', 'refs'].includes(a.family) ? condition(a.path, 'my_departments') : null;
  }
  const b = fieldAt(right, scope);
  if (!b || (b.family !== 'choices' && b.family !== 'refs')) return null;
  if (left.type === 'call' && left.name.toLowerCase() === 'me') return condition(b.path, negated ? 'not_me' : 'me');
  return left.type === 'text' && left.value !== '' ? condition(b.path, op, [left.value]) : null;
}

function texts(left: Node, right: Node, operator: string, scope: Scope): Condition | null {
  const a = fieldAt(left, scope);
  if (!a) return null;
  if (operator === 'contains' && (a.family === 'choices' || a.family === 'refs')) {
    return right.type === 'text' && right.value !== '' ? condition(a.path, 'in', [right.value]) : null;
  }
  const ops: Record<string, Op> = {
    contains: 'contains',
    'not contains': 'not_contains',
    startsWith: 'starts',
    endsWith: 'ends',
  };
  const op = ops[operator];
  const found = valueAt(right, a.family, scope);
  return op && found && (a.family === 'text' || a.family === 'choice') ? condition(a.path, op, found.value) : null;
}

function blank(call: Node & { type: 'call' }, scope: Scope, op: 'empty' | 'not_empty'): Condition | null {
  const a = call.args.length === 1 && call.args[0] ? fieldAt(call.args[0], scope) : null;
  return a ? condition(a.path, op) : null;
}

function called(node: Node & { type: 'call' }, scope: Scope): Condition | null {
  const [first, second] = node.args;
  switch (node.name.toLowerCase()) {
    case 'isempty':
    case 'is_empty':
      return blank(node, scope, 'empty');
    case 'is_member_of': {
      const a = first && fieldAt(first, scope);
      return a && a.family === 'member' && second?.type === 'text'
        ? condition(a.path, 'in_department', second.value)
        : null;
    }
    case 'any': {
      // any(my_departments(), is_member_of(owner, #))
      if (
        !first ||
        canonical(first) !== 'my_departments()' ||
        second?.type !== 'call' ||
        second.name.toLowerCase() !== 'is_member_of'
      )
        return null;
      const a = second.args[0] && fieldAt(second.args[0], scope);
      return a && a.family === 'member' && second.args[1]?.type === 'element'
        ? condition(a.path, 'my_departments')
        : null;
    }
    case 'changed':
    case 'changed_to':
    case 'changed_from': {
      if (!scope.changes || first?.type !== 'text') return null;
      const found = resolve(scope, first.value);
      if (!found || first.value.includes('.')) return null;
      const op = node.name.toLowerCase() as Op;
      if (op === 'changed') return condition(first.value, op);
      const value = second && valueAt(second, familyOf(found.field), scope);
      return value ? condition(first.value, op, value.value) : null;
    }
  }
  return null;
}

// (x >= A and x < B): a day, a span relative to today, or a range.
function span(node: Node & { type: 'binary' }, scope: Scope): Condition | null {
  const { left, right } = node;
  if (
    !node.parens ||
    left.type !== 'binary' ||
    right.type !== 'binary' ||
    left.op !== '>=' ||
    (right.op !== '<' && right.op !== '<=')
  )
    return null;
  const a = fieldAt(left.left, scope);
  const b = fieldAt(right.left, scope);
  if (!a || !b || a.path !== b.path) return null;
  const from = canonical(left.right);
  const to = canonical(right.right);
  const dated = a.family === 'date' || a.family === 'time';
  if (right.op === '<') {
    if (!dated) return null;
    for (const [period, bounds] of Object.entries(fixedPeriods)) {
      if (bounds[0] === from && bounds[1] === to) return condition(a.path, 'period', { period: period as Period });
    }
    const start = days(left.right);
    const end = days(right.right);
    if (start !== null && start <= 0 && end === 1)
      return condition(a.path, 'period', { period: 'last_n_days', n: 1 - start });
    if (start === 0 && end !== null && end >= 1) return condition(a.path, 'period', { period: 'next_n_days', n: end });
    if (a.family !== 'time' || right.right.type !== 'call' || right.right.name !== 'add_days') return null;
    const [until, one] = right.right.args;
    if (!until || !one || canonical(one) !== '1') return null;
    const first = valueAt(left.right, 'time', scope);
    const last = valueAt(until, 'time', scope);
    if (!first || !last) return null;
    return canonical(until) === from
      ? condition(a.path, 'eq', first.value)
      : condition(a.path, 'between', [first.value, last.value]);
  }
  if (a.family !== 'number' && a.family !== 'date') return null;
  const first = valueAt(left.right, a.family, scope);
  const last = valueAt(right.right, a.family, scope);
  return first && last ? condition(a.path, 'between', [first.value, last.value]) : null;
}

// ("a" in tags and "b" in tags)
function all(node: Node & { type: 'binary' }, scope: Scope): Condition | null {
  if (!node.parens) return null;
  const parts = flatten(node, 'and', true).map((n) =>
    n.type === 'binary' && n.op === 'in' ? member(n.left, n.right, false, scope) : null,
  );
  const path = parts[0]?.path;
  const values: unknown[] = [];
  for (const part of parts) {
    if (!part || part.path !== path || part.op !== 'in' || !Array.isArray(part.value) || part.value.length !== 1)
      return null;
    values.push(part.value[0]);
  }
  const found = path ? resolve(scope, path) : null;
  return path && found && ['choices', 'refs'].includes(familyOf(found.field)) ? condition(path, 'all', values) : null;
}
