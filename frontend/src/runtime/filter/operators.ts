// Which questions can be asked about a field, by its kind and traits.
import type { RuntimeField } from '@/api/types';
import type { Op } from './condition';

/** The family of a field: which operators fit and how they are written. */
export type Family =
  | 'text'
  | 'choice'
  | 'number'
  | 'bool'
  | 'date'
  | 'time'
  | 'member'
  | 'department'
  | 'ref'
  | 'choices'
  | 'refs'
  | 'rest';

export function familyOf(field: RuntimeField): Family {
  const multiple = field.kind === 'list';
  if (field.traits.holds_file) return 'rest';
  if (field.traits.holds_member || field.type === 'member' || field.type === 'members')
    return multiple ? 'refs' : 'member';
  if (field.traits.holds_department || field.type === 'department' || field.type === 'departments')
    return multiple ? 'refs' : 'department';
  switch (field.kind) {
    case 'text':
      return (field.choices?.length ?? 0) > 0 || field.type === 'select' ? 'choice' : 'text';
    case 'number':
      return 'number';
    case 'bool':
      return 'bool';
    case 'date':
      return 'date';
    case 'time':
      return 'time';
    case 'ref':
      return 'ref';
    case 'list':
      return field.elem === 'ref' || field.traits.holds_ref ? 'refs' : 'choices';
  }
  return 'rest';
}

const holdsMember = (field: RuntimeField) => !!field.traits.holds_member || field.type === 'members';

const byFamily: Record<Family, Op[]> = {
  text: ['contains', 'not_contains', 'eq', 'ne', 'starts', 'ends', 'empty', 'not_empty'],
  choice: ['in', 'nin', 'empty', 'not_empty'],
  number: ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'between', 'empty', 'not_empty'],
  bool: ['eq', 'ne'],
  date: ['period', 'eq', 'lt', 'lte', 'gt', 'gte', 'between', 'empty', 'not_empty'],
  time: ['period', 'eq', 'lt', 'gte', 'between', 'empty', 'not_empty'],
  member: ['me', 'not_me', 'in', 'nin', 'my_departments', 'in_department', 'empty', 'not_empty'],
  department: ['in', 'nin', 'my_departments', 'empty', 'not_empty'],
  ref: ['in', 'nin', 'empty', 'not_empty'],
  choices: ['in', 'nin', 'all', 'empty', 'not_empty'],
  refs: ['in', 'nin', 'all', 'empty', 'not_empty'],
  rest: ['empty', 'not_empty'],
};

/** The operators to offer for a field. */
export function operatorsOf(field: RuntimeField, options: { changes?: boolean } = {}): Op[] {
  const family = familyOf(field);
  const ops = [...byFamily[family]];
  if (family === 'refs' && holdsMember(field)) ops.unshift('me');
  if (options.changes && family !== 'rest') {
    const single = !['choices', 'refs'].includes(family);
    ops.push('changed', ...(single ? (['changed_to', 'changed_from'] as const) : []));
  }
  return ops;
}

/** How many values an operator takes: none, one, two or a list. */
export function arity(op: Op): 'none' | 'one' | 'two' | 'many' | 'period' {
  switch (op) {
    case 'empty':
    case 'not_empty':
    case 'me':
    case 'not_me':
    case 'my_departments':
    case 'changed':
      return 'none';
    case 'in':
    case 'nin':
    case 'all':
      return 'many';
    case 'between':
      return 'two';
    case 'period':
      return 'period';
    default:
      return 'one';
  }
}

/** The operator that a new row starts with. */
export function firstOp(field: RuntimeField): Op {
  return operatorsOf(field)[0] ?? 'empty';
}
