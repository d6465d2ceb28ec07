// What can be written at a place of an expression: fields of the record or of
// what a link leads to, names of earlier steps, functions.
import type { Field } from '@/api/types';
import { templateParts } from '@/expr/tokens';
import { lookup, t } from '@/locales';
import { textOf } from '@/locales/text';
import type { FieldPart, FunctionHelp, Parts } from '../parts';
import { columnsOf, type Fields, references, type Scope, systemFields, through } from './refs';

export interface Suggestion {
  /** What is written. For a function the caret stands between its brackets. */
  insert: string;
  /** What is shown. */
  label: string;
  detail?: string;
  help?: string;
  icon: string;
  kind: 'field' | 'function' | 'name';
  /** Written instead of the word at the caret; a template also needs braces. */
  caret?: number;
}

export interface Suggestions {
  from: number;
  items: Suggestion[];
}

/** Forms of the language that are no functions of the table: they run over rows or ask other records. */
export function languageForms(): FunctionHelp[] {
  const form = (name: string, group: string, args: string[], example: string): FunctionHelp => ({
    name,
    group,
    label: t(`build.fn.${name as 'any'}.label`),
    help: t(`build.fn.${name as 'any'}.help`),
    aliases: [],
    args: args.map((a) => ({ name: a.replace('?', ''), optional: a.endsWith('?') })),
    examples: [{ in: example, out: '' }],
  });
  return [
    form('any', 'rows', ['rows', 'condition'], 'any(items, .qty > 3)'),
    form('all', 'rows', ['rows', 'condition'], 'all(items, .done)'),
    form('filter', 'rows', ['rows', 'condition'], 'filter(items, .qty > 3)'),
    form('map', 'rows', ['rows', 'expression'], 'map(items, .qty * .price)'),
    form('sum', 'rows', ['rows', 'expression'], 'sum(items, .qty * .price)'),
    form('count', 'rows', ['rows', 'condition'], 'count(items, .qty > 3)'),
    form('exists_record', 'records', ['form', 'condition?'], 'exists_record("order", "it.customer == record.id")'),
    form('count_records', 'records', ['form', 'condition?'], 'count_records("order", "it.customer == record.id")'),
    form('first_record', 'records', ['form', 'condition?'], 'first_record("customer", "it.phone == record.phone")'),
    form(
      'sum_records',
      'records',
      ['form', 'field', 'condition?'],
      'sum_records("order", "amount", "it.customer == record.id")',
    ),
    form('avg_records', 'records', ['form', 'field', 'condition?'], 'avg_records("order", "amount")'),
    form('min_records', 'records', ['form', 'field', 'condition?'], 'min_records("order", "amount")'),
    form('max_records', 'records', ['form', 'field', 'condition?'], 'max_records("order", "amount")'),
    form(
      'last_values',
      'records',
      ['form', 'field', 'n', 'condition?'],
      'last_values("visit", "score", 3, "it.customer == record.id")',
    ),
  ];
}

/** Every function on offer: the server's and those of the language itself. */
export function functionsOf(parts: Parts): FunctionHelp[] {
  return [...parts.functions, ...languageForms()];
}

const typeLabel = (type: string, fields: Map<string, FieldPart>): string => textOf(fields.get(type)?.label);

function fieldItems(of: Fields, prefix: string, fields: Map<string, FieldPart>, group?: string): Suggestion[] {
  const all: Field[] = [...of.fields, ...systemFields(of)];
  return all.flatMap((field) => {
    const label = group ? `${group} › ${textOf(field.name)}` : textOf(field.name) || field.key;
    const item: Suggestion = {
      insert: prefix + field.key,
      label,
      detail: field.key,
      help: typeLabel(field.type, fields),
      icon: fields.get(field.type)?.icon ?? 'text',
      kind: 'field',
    };
    // A column of a sub-form is the list of what its rows hold: SUM(items.amount).
    return field.fields ? [item, ...fieldItems(columnsOf(field), `${item.insert}.`, fields, label)] : [item];
  });
}

/** The fields of a record with what its links lead to, one step far. */
export function fieldChoices(scope: Scope, parts: Parts): { title: string; name: string; items: Suggestion[] }[] {
  const out: { title: string; name: string; items: Suggestion[] }[] = [];
  if (scope.record) out.push({ title: scope.record.name, name: '', items: fieldItems(scope.record, '', parts.fields) });
  for (const [name, of] of Object.entries(scope.roots)) {
    if (name === 'record' || scope.blank?.includes(name)) continue;
    const title = name === 'old' ? t('build.formula.oldOf', { name: of.name }) : of.name;
    out.push({ title, name: `${name}.`, items: fieldItems(of, `${name}.`, parts.fields) });
  }
  const groups = new Map<string, Suggestion[]>();
  for (const v of scope.vars) {
    const item: Suggestion = {
      insert: `${v.root}.${v.key}`,
      label: v.label || v.key,
      detail: `${v.root}.${v.key}`,
      icon: v.fields ? 'entity' : (parts.fields.get(v.type ?? '')?.icon ?? 'variable'),
      kind: 'name',
    };
    groups.set(v.root, [
      ...(groups.get(v.root) ?? []),
      item,
      ...(v.fields ? fieldItems(v.fields, `${v.root}.${v.key}.`, parts.fields, v.label || v.key) : []),
    ]);
  }
  for (const [root, items] of groups)
    out.push({ title: lookup(`build.formula.from_${root}`) ?? root, name: `${root}.`, items });
  return out;
}

function matches(item: Suggestion, word: string): boolean {
  if (word === '') return true;
  const text = `${item.label} ${item.insert} ${item.detail ?? ''}`.toLowerCase();
  return text.includes(word.toLowerCase());
}

/** A prefix match of what is written comes first, then of what is shown. */
function rank(item: Suggestion, word: string): number {
  const w = word.toLowerCase();
  const key = item.insert.toLowerCase();
  const label = item.label.toLowerCase();
  const hit = label === w || key === w ? 0 : label.startsWith(w) || key.startsWith(w) ? 1 : 2;
  return hit * 2 + (item.kind === 'function' ? 1 : 0);
}

/** What fits at the caret; null where nothing does. */
export function suggest(source: string, at: number, scope: Scope, parts: Parts, explicit: boolean): Suggestions | null {
  const before = source.slice(0, at);
  const path = /(?:[\p{L}_$][\p{L}\p{N}_$]*\.)*[\p{L}_$]?[\p{L}\p{N}_$]*$/u.exec(before)?.[0] ?? '';
  const dot = path.lastIndexOf('.');
  const word = path.slice(dot + 1);
  const from = at - word.length;
  if (inText(before)) return null;
  if (dot >= 0) {
    const named = scope.vars.filter((v) => v.root === path.slice(0, dot));
    if (named.length > 0) {
      const items = named.map(
        (v): Suggestion => ({ insert: v.key, label: v.label || v.key, detail: v.key, icon: 'variable', kind: 'name' }),
      );
      return { from, items: sorted(items, word) };
    }
    // Ask what the chain up to the dot stands for.
    const head = source.slice(0, at - word.length - 1);
    const ref = references(head, scope).findLast((r) => r.to === head.length);
    const last = ref?.segments.at(-1);
    const of =
      last?.what === 'root'
        ? (last.of ?? rootOf(last.text, scope))
        : last?.variable?.fields
          ? last.variable.fields
          : last?.field
            ? through(scope.docs, last.field)
            : undefined;
    if (!of) return null;
    return { from, items: sorted(fieldItems(of, '', parts.fields), word) };
  }
  if (before[from - 1] === '.') {
    // A column of the row at hand: .qty
    const probe = references(`${source.slice(0, from)}x`, scope).findLast((r) => r.from === from);
    const rows = probe?.segments[0]?.of;
    return rows ? { from, items: sorted(fieldItems(rows, '', parts.fields), word) } : null;
  }
  if (word === '' && !explicit) return null;
  const fields = fieldChoices(scope, parts).flatMap((group) =>
    group.items.map((item) => (group.name ? { ...item, label: `${group.title} › ${item.label}` } : item)),
  );
  const functions = functionsOf(parts).map(
    (fn): Suggestion => ({
      insert: `${fn.name}()`,
      label: fn.name,
      detail: textOf(fn.label),
      help: textOf(fn.help),
      icon: 'formula',
      kind: 'function',
      caret: fn.args.length > 0 ? fn.name.length + 1 : undefined,
    }),
  );
  return { from, items: sorted([...fields, ...functions], word) };
}

const rootOf = (name: string, scope: Scope): Fields | undefined =>
  scope.roots[name] ?? (name === 'record' ? scope.record : undefined);

function sorted(items: Suggestion[], word: string): Suggestion[] {
  return items
    .filter((item) => matches(item, word))
    .map((item, i) => ({ item, i, r: word ? rank(item, word) : 0 }))
    .sort((a, b) => a.r - b.r || a.i - b.i)
    .map(({ item }) => item)
    .slice(0, 200);
}

/** Whether the end of a text lies inside quotes. */
function inText(before: string): boolean {
  let mark = '';
  for (let i = 0; i < before.length; i++) {
    const c = before[i] as string;
    if (mark) {
      if (c === '\\' && mark !== '`') i++;
      else if (c === mark) mark = '';
    } else if (c === '"' || c === "'" || c === '`') mark = c;
  }
  return mark !== '';
}

/** The same for a text with expressions in braces. */
export function suggestInTemplate(
  source: string,
  at: number,
  scope: Scope,
  parts: Parts,
  explicit: boolean,
): Suggestions | null {
  const part = templateParts(source).find((p) => p.expr && at >= p.from && at <= p.to);
  if (part) {
    const inner = suggest(part.text, at - part.from, scope, parts, explicit || part.text.trim() === '');
    return inner && { ...inner, from: inner.from + part.from };
  }
  // An opening brace without its closing one: what follows is being written.
  const open = /\{([^{}]*)$/.exec(source.slice(0, at));
  if (!open || source[at - (open[0]?.length ?? 0) - 1] === '{') return null;
  const start = at - (open[1]?.length ?? 0);
  const inner = suggest(open[1] ?? '', at - start, scope, parts, true);
  return (
    inner && {
      from: inner.from + start,
      items: inner.items.map((i) => ({ ...i, insert: source[at] === '}' ? i.insert : `${i.insert}}` })),
    }
  );
}
