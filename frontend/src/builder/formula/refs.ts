// What an expression names: fields along links, other forms, parameters. Found
// by the words alone, so that it works on half-written text too; whether the
// expression is right is for the server to say.
import type { Entity, Field } from '@/api/types';
import { type Token, templateParts, tokenize, unquote } from '@/expr/tokens';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { type Docs, entityOf, info } from '../model';

/** A set of fields that names can be resolved in: an entity, or the columns of a sub-form. */
export interface Fields {
  id: string;
  key: string;
  name: string;
  fields: Field[];
  /** Every record has id, owner and the like; rows have only an id. */
  system: boolean;
  ownerName?: string;
}

/** A name that is no field: an input of a button, a record made by an earlier step, what a task was finished with. */
export interface Variable {
  /** inputs.amount, vars.order, trigger.outcome */
  root: string;
  key: string;
  label: string;
  type?: string;
  /** The record it stands for. */
  fields?: Fields;
}

/** What an expression may name. */
export interface Scope {
  docs: Docs;
  /** The record at hand; its fields need no prefix. */
  record?: Fields;
  /** Other records in sight by name: it, old, parent. */
  roots: Record<string, Fields>;
  /** Names that are understood but never offered: always blank here. */
  blank?: readonly string[];
  vars: Variable[];
}

/** One word of the expression that stands for something. */
export interface Segment {
  from: number;
  to: number;
  text: string;
  what: 'root' | 'field' | 'entity' | 'param' | 'var' | 'unknown';
  field?: Field;
  /** The set that the field belongs to. */
  of?: Fields;
  entity?: Entity;
  variable?: Variable;
}

/** A chain of words joined by dots, or one quoted name. */
export interface Ref {
  from: number;
  to: number;
  segments: Segment[];
  /** Stands inside a quoted condition of a cross-record function. */
  nested: boolean;
}

const systemTypes: Record<string, string> = {
  id: 'text',
  rev: 'number',
  created_at: 'datetime',
  created_by: 'member',
  updated_at: 'datetime',
  updated_by: 'member',
  owner: 'member',
};

/** The system fields that people may use, with their names. */
export function systemFields(of: Pick<Fields, 'system' | 'ownerName'>): Field[] {
  if (!of.system) return [];
  return (['owner', 'created_at', 'created_by', 'updated_at', 'updated_by', 'id', 'rev'] as const).map((key) => ({
    id: key,
    key,
    name: key === 'owner' && of.ownerName ? of.ownerName : t(`build.system.${key}`),
    type: systemTypes[key] ?? 'text',
  }));
}

/** An entity as a set of fields. */
export function fieldsOf(entity: Entity): Fields {
  return {
    id: entity.id,
    key: entity.key,
    name: textOf(entity.name),
    fields: entity.fields,
    system: true,
    ownerName: textOf(entity.owner_name) || undefined,
  };
}

/** The columns of a sub-form as a set of fields. */
export function columnsOf(field: Field): Fields {
  return { id: field.id, key: field.key, name: textOf(field.name), fields: field.fields ?? [], system: false };
}

/** A field by key, system fields included. */
export function findKey(of: Fields | undefined, key: string): Field | undefined {
  if (!of) return undefined;
  const own = of.fields.find((f) => f.key === key);
  if (own) return own;
  if (of.system && key in systemTypes) return systemFields(of).find((f) => f.key === key);
  return key === 'id' ? { id: 'id', key: 'id', name: 'ID', type: 'text' } : undefined;
}

/** Where a field leads: the linked entity, or its own columns. */
export function through(docs: Docs, field: Field): Fields | undefined {
  if (field.fields) return columnsOf(field);
  const target = entityOf(docs, typeof field.options?.entity === 'string' ? field.options.entity : undefined);
  return target && field.type !== 'rollup' ? fieldsOf(target) : undefined;
}

const queries: Record<string, { field: boolean; condition: number }> = {
  exists_record: { field: false, condition: 1 },
  count_records: { field: false, condition: 1 },
  first_record: { field: false, condition: 1 },
  sum_records: { field: true, condition: 2 },
  avg_records: { field: true, condition: 2 },
  min_records: { field: true, condition: 2 },
  max_records: { field: true, condition: 2 },
  last_values: { field: true, condition: 3 },
};
const changes = new Set(['changed', 'changed_to', 'changed_from']);
const lambdas = new Set(['all', 'any', 'none', 'one', 'count', 'sum', 'map', 'filter']);
const keywords = new Set(
  'true false nil null and or not in contains matches startsWith endsWith let if else'.split(' '),
);
const varRoots = new Set(['inputs', 'vars', 'trigger', 'webhook']);

interface Call {
  name: string;
  arg: number;
  entity?: Fields;
  rows?: Fields;
}

/** Everything an expression names, in order. */
export function references(source: string, scope: Scope): Ref[] {
  const out: Ref[] = [];
  read(source, scope, out, (at) => at, false);
  return out;
}

function read(source: string, scope: Scope, out: Ref[], place: (at: number) => number, nested: boolean) {
  const tokens = tokenize(source).filter((token) => token.kind !== 'comment');
  const calls: Call[] = [];
  const locals = new Set<string>();
  const segment = (
    token: { from: number; to: number; text: string },
    rest: Omit<Segment, 'from' | 'to' | 'text'>,
  ): Segment => ({
    ...rest,
    from: place(token.from),
    to: place(token.to),
    text: token.text,
  });
  const add = (segments: Segment[]) => {
    const [first, last] = [segments[0], segments.at(-1)];
    if (first && last) out.push({ from: first.from, to: last.to, segments, nested });
  };

  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as Token;
    const call = calls.at(-1);
    if (token.kind === 'sign') {
      if (token.text === '(' || token.text === '[' || token.text === '{') {
        const before = tokens[i - 1];
        calls.push({
          name:
            token.text === '(' && before?.kind === 'name' && !keywords.has(before.text)
              ? before.text.toLowerCase()
              : '',
          arg: 0,
        });
      } else if (token.text === ')' || token.text === ']' || token.text === '}') {
        const closed = calls.pop();
        // filter(items, …) is still the rows of items.
        const outer = calls.at(-1);
        if (closed?.name === 'filter' && closed.rows && outer && outer.arg === 0) outer.rows = closed.rows;
      } else if (token.text === ',' && call) call.arg++;
      else if (token.text === '.' || token.text === '#') {
        const before = tokens[i - 1];
        const joined =
          before && before.to === token.from && (before.kind === 'name' || [')', ']'].includes(before.text));
        if (token.text === '.' && joined) continue;
        const rows = calls.findLast((c) => c.rows && c.arg > 0)?.rows;
        let j = i;
        if (token.text === '#') {
          if (tokens[i + 1]?.text !== '.') continue;
          j = i + 1;
        }
        const name = tokens[j + 1];
        if (!rows || name?.kind !== 'name') continue;
        const [segments, last] = chain(tokens, j + 1, rows, scope, segment);
        add(segments);
        i = last;
      }
      continue;
    }
    if (token.kind === 'text' && call) {
      quoted(token, call, tokens, i);
      continue;
    }
    if (token.kind !== 'name' || keywords.has(token.text)) {
      if (token.text === 'let' && tokens[i + 1]?.kind === 'name') locals.add(tokens[++i]?.text ?? '');
      continue;
    }
    if (tokens[i + 1]?.text === '(' || locals.has(token.text)) continue;
    const [segments, last] = path(tokens, i);
    add(segments);
    i = last;
    // The first argument of a function with a body: its rows.
    if (call && call.arg === 0 && lambdas.has(call.name)) {
      const end = segments.at(-1);
      const rows = end?.field ? through(scope.docs, end.field) : undefined;
      if (rows) call.rows = rows;
    }
  }

  function path(tokens: Token[], i: number): [Segment[], number] {
    const token = tokens[i] as Token;
    const root = scope.roots[token.text] ?? (token.text === 'record' ? scope.record : undefined);
    if (root && tokens[i + 1]?.text === '.' && tokens[i + 2]?.kind === 'name') {
      const [rest, last] = chain(tokens, i + 2, root, scope, segment);
      return [[segment(token, { what: 'root', of: root }), ...rest], last];
    }
    if (root) return [[segment(token, { what: 'root', of: root })], i];
    if (varRoots.has(token.text) && tokens[i + 1]?.text === '.' && tokens[i + 2]?.kind === 'name') {
      const name = tokens[i + 2] as Token;
      const variable = scope.vars.find((v) => v.root === token.text && v.key === name.text);
      const head = [
        segment(token, { what: 'root' }),
        segment(name, variable ? { what: 'var', variable } : { what: 'unknown' }),
      ];
      if (variable?.fields && tokens[i + 3]?.text === '.' && tokens[i + 4]?.kind === 'name') {
        const [rest, last] = chain(tokens, i + 4, variable.fields, scope, segment);
        return [[...head, ...rest], last];
      }
      return [head, i + 2];
    }
    const variable = scope.vars.find((v) => v.root === 'vars' && v.key === token.text);
    if (variable && !findKey(scope.record, token.text)) {
      const head = [segment(token, { what: 'var', variable })];
      if (variable.fields && tokens[i + 1]?.text === '.' && tokens[i + 2]?.kind === 'name') {
        const [rest, last] = chain(tokens, i + 2, variable.fields, scope, segment);
        return [[...head, ...rest], last];
      }
      return [head, i];
    }
    const home = scope.record ?? scope.roots.it;
    if (!home) return [[segment(token, { what: 'unknown' })], i];
    return chain(tokens, i, home, scope, segment);
  }

  function quoted(token: Token, call: Call, tokens: Token[], i: number) {
    // Only a text that is the whole argument is a name or a condition.
    const alone = ['(', ','].includes(tokens[i - 1]?.text ?? '') && [')', ','].includes(tokens[i + 1]?.text ?? ')');
    const { value, places } = unquote(token);
    const inner = (at: number) => place(places[at] ?? token.to - 1);
    const whole = (rest: Omit<Segment, 'from' | 'to' | 'text'>) =>
      add([{ ...rest, from: inner(0), to: inner(value.length), text: value }]);
    const query = queries[call.name];
    if (!alone) return;
    if (query) {
      if (call.arg === 0) {
        const entity = entityOf(scope.docs, value);
        if (entity) call.entity = fieldsOf(entity);
        whole(entity ? { what: 'entity', entity } : { what: 'unknown' });
      } else if (call.arg === 1 && query.field) {
        const field = findKey(call.entity, value);
        whole(field ? { what: 'field', field, of: call.entity } : { what: 'unknown' });
      } else if (call.arg === query.condition) {
        const inside: Scope = { ...scope, roots: { ...scope.roots, ...(call.entity ? { it: call.entity } : {}) } };
        read(value, inside, out, inner, true);
      }
      return;
    }
    if (changes.has(call.name) && call.arg === 0) {
      const field = findKey(scope.record, value);
      whole(field ? { what: 'field', field, of: scope.record } : { what: 'unknown' });
      return;
    }
    if (call.name === 'setting' && call.arg === 0) {
      const known = info(scope.docs).params?.some((p) => p.key === value);
      whole({ what: known ? 'param' : 'unknown' });
    }
  }
}

/** The words from a name on, each resolved in what the one before leads to. */
function chain(
  tokens: Token[],
  i: number,
  start: Fields,
  scope: Scope,
  segment: (token: Token, rest: Omit<Segment, 'from' | 'to' | 'text'>) => Segment,
): [Segment[], number] {
  const out: Segment[] = [];
  let of: Fields | undefined = start;
  let at = i;
  for (;;) {
    const token = tokens[at] as Token;
    const field: Field | undefined = findKey(of, token.text);
    out.push(segment(token, field ? { what: 'field', field, of } : { what: 'unknown', of }));
    of = field ? through(scope.docs, field) : undefined;
    const dot = tokens[at + 1]?.text;
    if ((dot !== '.' && dot !== '?.') || tokens[at + 2]?.kind !== 'name') return [out, at];
    at += 2;
  }
}

/**
 * Fields that were written by their title, where their key is meant. A title that
 * two fields share says nothing, and a word that the caret touches is still being
 * written.
 */
export function titlesWritten(source: string, scope: Scope, template: boolean, caret = -1): Replacement[] {
  const parts = template ? templateParts(source).filter((p) => p.expr) : [{ text: source, from: 0 }];
  return parts.flatMap((part) =>
    references(part.text, scope).flatMap((ref) => {
      const unknown = ref.segments.find((s) => s.what === 'unknown');
      const { of } = unknown ?? {};
      if (!unknown || !of) return [];
      const meant = [...of.fields, ...systemFields(of)].filter((f) => textOf(f.name) === unknown.text);
      const change = { from: part.from + unknown.from, to: part.from + unknown.to, text: meant[0]?.key ?? '' };
      return meant.length === 1 && (caret < change.from || caret > change.to) ? [change] : [];
    }),
  );
}

/** The title of a chain in words: 客户 › 名称. */
export function titleOf(ref: Ref): string {
  const words = ref.segments.flatMap((s) => {
    if (s.what === 'root')
      return s.of && ref.segments.length === 1
        ? [s.of.name]
        : s.text === 'old'
          ? [t('build.formula.before')]
          : s.text === 'it' && s.of
            ? [s.of.name]
            : [];
    if (s.what === 'var') return [s.variable?.label ?? s.text];
    if (s.what === 'field') return [textOf(s.field?.name) || s.text];
    if (s.what === 'entity') return [textOf(s.entity?.name)];
    return [s.text];
  });
  return words.join(' › ');
}

/** A piece of an expression and what comes in its place. */
export interface Replacement {
  from: number;
  to: number;
  text: string;
}

/** The expression with some words replaced; places are in its own text. */
export function replaceSegments(source: string, changes: Replacement[]): string {
  let out = source;
  for (const change of [...changes].sort((a, b) => b.from - a.from))
    out = out.slice(0, change.from) + change.text + out.slice(change.to);
  return out;
}
