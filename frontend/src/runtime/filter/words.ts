// Conditions in words: chips of a list, sentences of rules.
import type { RuntimeField } from '@/api/types';
import { type FieldContext, fieldOf } from '@/fields';
import { lookup, t } from '@/locales';
import { formatDate, formatNumber } from '@/locales/format';
import { textOf } from '@/locales/text';
import { type Condition, type Item, type Op, operandOf, type PeriodValue, resolve, type Scope } from './condition';
import { arity, familyOf } from './operators';

/** The name of an operator for a kind of field. */
export function opText(op: Op, field: RuntimeField | undefined, short = false): string {
  const family = field && familyOf(field);
  const own =
    family === 'date' || family === 'time'
      ? lookup(`filter.dateOp.${op}`)
      : family === 'choices' || family === 'refs'
        ? lookup(`filter.manyOp.${op}`)
        : family === 'number'
          ? lookup(`filter.numberOp.${op}`)
          : family === 'bool'
            ? lookup(`filter.boolOp.${op}`)
            : undefined;
  return own ?? (short ? lookup(`filter.words.${op}`) : undefined) ?? lookup(`filter.op.${op}`) ?? op;
}

/** The name of a field with the links it is reached through. */
export function pathText(path: string, scope: Scope): string {
  const found = resolve(scope, path);
  if (!found) return path;
  const names = found.trail.map((f) => textOf(f.name));
  return [...(found.other ? [found.other.label] : []), ...names].join(' › ');
}

function periodText(value: PeriodValue): string {
  if (value.period === 'last_n_days') return t('filter.lastDays', { n: value.n ?? 0 });
  if (value.period === 'next_n_days') return t('filter.nextDays', { n: value.n ?? 0 });
  return lookup(`filter.period.${value.period}`) ?? value.period;
}

function valueText(value: unknown, field: RuntimeField, scope: Scope, ctx: FieldContext): string {
  const operand = operandOf(value);
  if (operand) {
    switch (operand.fn) {
      case 'me':
        return t('common.you');
      case 'now':
        return t('filter.day.now');
      case 'today':
        if (operand.days === 0) return t('filter.day.today');
        return operand.days < 0
          ? t('filter.daysAgo', { n: -operand.days })
          : t('filter.daysAhead', { n: operand.days });
      case 'field':
        return pathText(operand.path, scope);
      case 'setting': {
        const param = scope.params.find((p) => p.key === operand.key);
        return param ? textOf(param.name) : operand.key;
      }
    }
  }
  if (typeof value === 'boolean') return value ? t('common.yes') : t('common.no');
  if (field.kind === 'time' && typeof value === 'string' && value.length === 10) return formatDate(value);
  const type = fieldOf(field.type);
  // A list field formats lists: one of its values is a list of one.
  const shown = field.kind === 'list' && !Array.isArray(value) ? [value] : value;
  return (
    type.format(shown as never, field, ctx) ||
    ctx.names[String(value)] ||
    (typeof value === 'number' ? formatNumber(value) : String(value))
  );
}

/** A condition as field, operator and value in words. */
export function describe(item: Item, scope: Scope, ctx: FieldContext): string {
  if (item.kind === 'formula') return item.text;
  if (item.kind === 'group') {
    return item.items
      .map((i) => describe(i, scope, ctx))
      .join(` ${t(item.join === 'and' ? 'filter.and' : 'filter.or')} `);
  }
  return conditionWords(item, scope, ctx);
}

function conditionWords(c: Condition, scope: Scope, ctx: FieldContext): string {
  const found = resolve(scope, c.path);
  const name = pathText(c.path, scope);
  if (!found) return name;
  const field = found.field;
  const op = opText(c.op, field, true);
  const one = (v: unknown) => valueText(v, field, scope, ctx);
  switch (arity(c.op)) {
    case 'none':
      return `${name} ${op}`;
    case 'period':
      return `${name} ${op} ${periodText((c.value ?? {}) as PeriodValue)}`;
    case 'two': {
      const [from, to] = (Array.isArray(c.value) ? c.value : []) as unknown[];
      return `${name} ${op} ${one(from)} ${t('filter.to')} ${one(to)}`;
    }
    case 'many': {
      const values = Array.isArray(c.value) ? c.value : [];
      // One of one is simply "has".
      const many = ['choices', 'refs'].includes(familyOf(field)) && values.length === 1;
      const said = many ? (lookup(c.op === 'nin' ? 'filter.op.not_contains' : 'filter.op.contains') ?? op) : op;
      const shown = values.slice(0, 3).map(one).join(t('filter.listSeparator'));
      return `${name} ${said} ${shown}${values.length > 3 ? ` ${t('filter.more', { n: values.length })}` : ''}`;
    }
    default: {
      // "Is not yes" is said the short way: is no.
      if (c.op === 'ne' && typeof c.value === 'boolean') return `${name} ${opText('eq', field, true)} ${one(!c.value)}`;
      const people = c.op === 'in_department' ? ctx.names[String(c.value)] : undefined;
      return `${name} ${op} ${people ?? one(c.value)}`;
    }
  }
}
