// Conditions in words: chips of a list, sentences of rules.
import type { RuntimeField } from '@/api/types';
import { type Token, tokenize, unquote } from '@/expr/tokens';
import { type FieldContext, fieldOf } from '@/fields';
import { lookup, t } from '@/locales';
import { formatDate, formatNumber } from '@/locales/format';
import { textOf } from '@/locales/text';
import { type Condition, type Item, type Op, operandOf, type PeriodValue, resolve, type Scope } from './condition';
import { arity, familyOf } from './operators';
import { fromExpr } from './read';

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
  if (item.kind === 'formula') return formulaText(item.text, scope, ctx);
  if (item.kind === 'group') {
    return item.items
      .map((i) => {
        const text = describe(i, scope, ctx);
        const mixed = i.kind === 'group' && i.items.length > 1 && item.items.length > 1;
        return mixed ? t('filter.within', { text }) : text;
      })
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
      const shown = values.slice(0, 3).map(one).join(t('common.comma'));
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

const signWords: Record<string, string> = { '==': '=', '!=': '≠', '>=': '≥', '<=': '≤', '*': '×', '/': '÷' };

/** A formula with the names of fields, choices and parameters in place of their keys. */
export function formulaText(source: string, scope: Scope, ctx: FieldContext): string {
  const tokens = tokenize(source);
  let out = '';
  let at = 0;
  let field: RuntimeField | undefined;
  const say = (to: Token, text: string, from: Token = to) => {
    out += source.slice(at, from.from) + text;
    at = to.to;
  };
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as Token;
    if (token.kind === 'text') {
      const value = unquote(token).value;
      const choice = field?.choices?.find((c) => c.key === value);
      say(token, choice ? textOf(choice.label) : (ctx.names[value] ?? t('filter.quoted', { text: value })));
    } else if (token.kind === 'sign') {
      const join = token.text === '&&' ? t('filter.and') : token.text === '||' ? t('filter.or') : undefined;
      const word = join ?? signWords[token.text];
      if (word) say(token, word);
      // What was compared is over: the next text belongs to something else.
      if (join || ['?', ':', ')'].includes(token.text)) field = undefined;
    } else if (token.kind === 'name') {
      const called = tokens[i + 1]?.text === '(' && tokens[i + 1]?.from === token.to;
      const [first, close] = [tokens[i + 2], tokens[i + 3]];
      const name = token.text.toLowerCase();
      if (called && first?.text === ')' && simple[name]) {
        say(first, t(simple[name]), token);
        i += 2;
      } else if (called && name === 'setting' && first?.kind === 'text' && close?.text === ')') {
        const key = unquote(first).value;
        const param = scope.params.find((p) => p.key === key);
        say(close, (param && textOf(param.name)) || key, token);
        i += 3;
      } else if (words[token.text]) {
        say(token, t(words[token.text] as 'filter.and'));
        if (token.text === 'and' || token.text === 'or') field = undefined;
      } else if (!called) {
        const path = [token.text];
        let last = i;
        while (tokens[last + 1]?.text === '.' && tokens[last + 2]?.kind === 'name') {
          path.push((tokens[last + 2] as Token).text);
          last += 2;
        }
        const own = path.length > 1 && path[0] === (scope.root || 'record') ? path.slice(1) : path;
        const found = resolve(scope, own.join('.'));
        if (found) {
          field = found.field;
          say(tokens[last] as Token, pathText(own.join('.'), scope), token);
        }
        i = last;
      }
    }
  }
  return out + source.slice(at);
}

const words: Record<string, 'filter.and' | 'filter.or' | 'filter.not' | 'filter.blank' | 'common.yes' | 'common.no'> = {
  and: 'filter.and',
  or: 'filter.or',
  not: 'filter.not',
  nil: 'filter.blank',
  null: 'filter.blank',
  true: 'common.yes',
  false: 'common.no',
};
const simple: Record<string, 'common.you' | 'filter.day.today' | 'filter.day.now'> = {
  me: 'common.you',
  today: 'filter.day.today',
  now: 'filter.day.now',
};

/** Any expression in words: conditions as sentences, the rest as formulas with names. */
export function exprText(source: string, scope: Scope, ctx: FieldContext): string {
  const group = fromExpr(source, scope);
  return group.items.length === 0 ? formulaText(source, scope, ctx) : describe(group, scope, ctx);
}
