// Whom to address, as an expression: people read from it one by one, and the
// expression written from them. What names nobody but is computed in another
// way stays a formula.
import { type Node, parse, SyntaxFault } from '@/expr/syntax';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { type Fields, references, type Scope, systemFields, through, titleOf } from '../formula/refs';
import { roles } from '../model';
import type { Parts } from '../parts';
import { runtimeField, systemRuntimeFields } from '../preview';

/** One entry: an expression that gives a person, a group, an address or a list of them. */
export interface Entry {
  expr: string;
  /** Entries of one kind can stand in one list; lists can not. */
  shape: 'ref' | 'text' | 'list';
}

/** Everybody of the list, or the first one that is filled in. */
export interface People {
  join: 'all' | 'first';
  list: Entry[];
}

export interface Offer extends Entry {
  label: string;
  icon: string;
  group: string;
}

export interface Around {
  scope: Scope;
  parts: Parts;
  /** E-mail addresses are welcome too. */
  mail: boolean;
}

const literalOf = (text: string) => JSON.stringify(text);

/** The text of an entry that is a literal: an id, the key of a role, an address. */
export function literalText(expr: string): string | null {
  if (!expr.startsWith('"')) return null;
  try {
    return JSON.parse(expr) as string;
  } catch {
    return null;
  }
}

/** A literal as an entry. */
export const entryOf = (text: string): Entry => ({ expr: literalOf(text), shape: 'text' });

/** What a path gives: one person, several, or nobody at all. */
function shapeOfPath(path: string, { scope, parts, mail }: Around): Entry['shape'] | null {
  const [ref, ...rest] = references(path, scope);
  const last = ref?.segments.at(-1);
  if (!ref || !last || rest.length > 0 || ref.to !== path.length) return null;
  if (last.what === 'var') {
    const part = parts.fields.get(last.variable?.type ?? '');
    if (!part?.traits.holds_member && !part?.traits.holds_department && !(mail && part?.traits.holds_mail)) return null;
    return part.kind === 'list' ? 'list' : part.traits.holds_mail ? 'text' : 'ref';
  }
  if (last.what !== 'field' || !last.field) return null;
  const field =
    systemRuntimeFields([last.field]).find((f) => last.of?.system && f.id === last.field?.id) ??
    runtimeField(last.field, scope.docs, parts);
  const person = field.traits.holds_member || field.traits.holds_department;
  if (!person && !(mail && field.traits.holds_mail)) return null;
  const many = ref.segments
    .slice(0, -1)
    .some((s) => s.field && (s.field.fields || parts.fields.get(s.field.type)?.kind === 'list'));
  return many || field.kind === 'list' ? 'list' : person ? 'ref' : 'text';
}

function pathOf(node: Node): string | null {
  if (node.type === 'name') return node.name;
  const object = node.type === 'member' ? pathOf(node.object) : null;
  return object === null || node.type !== 'member' ? null : `${object}.${node.name}`;
}

function entryAt(node: Node, around: Around): Entry | null {
  if (node.type === 'text') return node.value ? entryOf(node.value) : null;
  if (node.type === 'call') {
    const name = node.name.toLowerCase();
    if (name === 'me' && node.args.length === 0) return { expr: 'me()', shape: 'ref' };
    const of = name === 'manager_of' && node.args.length === 1 && node.args[0] ? entryAt(node.args[0], around) : null;
    return of?.shape === 'ref' && !of.expr.startsWith('manager_of')
      ? { expr: `manager_of(${of.expr})`, shape: 'ref' }
      : null;
  }
  const path = pathOf(node)?.replace(/^record\./, '');
  const shape = path ? shapeOfPath(path, around) : null;
  return path && shape ? { expr: path, shape } : null;
}

function entriesOf(nodes: Node[], around: Around): Entry[] | null {
  const list = nodes.map((node) => entryAt(node, around));
  return list.every((entry) => entry !== null) ? list : null;
}

/** The people of an expression; null where it is computed in another way. */
export function readPeople(source: string, around: Around): People | null {
  if (source.trim() === '') return { join: 'all', list: [] };
  let tree: Node;
  try {
    tree = parse(source);
  } catch (error) {
    if (error instanceof SyntaxFault) return null;
    throw error;
  }
  const all = (list: Entry[] | null): People | null => list && { join: 'all', list };
  if (tree.type === 'list') {
    const list = entriesOf(tree.items, around);
    return list?.every((entry) => entry.shape !== 'list') ? all(list) : null;
  }
  if (tree.type === 'call' && tree.name.toLowerCase() === 'union')
    return all(
      entriesOf(
        tree.args.flatMap((node) => (node.type === 'list' ? node.items : [node])),
        around,
      ),
    );
  if (tree.type === 'binary' && tree.op === '??') {
    const chain = (node: Node): Node[] =>
      node.type === 'binary' && node.op === '??' ? [...chain(node.left), ...chain(node.right)] : [node];
    const list = entriesOf(chain(tree), around);
    return list && canFall(list) ? { join: 'first', list } : null;
  }
  return all(entriesOf([tree], around));
}

/** Whether "the first that is filled in" means something: single values of one kind. */
export function canFall(list: Entry[]): boolean {
  return list.length > 1 && list.every((entry) => entry.shape === list[0]?.shape && entry.shape !== 'list');
}

/** The expression of people. */
export function printPeople({ join, list }: People): string {
  if (list.length <= 1) return list[0]?.expr ?? '';
  if (join === 'first' && canFall(list)) return list.map((entry) => entry.expr).join(' ?? ');
  const of = (shape: Entry['shape']) => list.filter((entry) => entry.shape === shape).map((entry) => entry.expr);
  const groups = [of('ref'), of('text')].filter((group) => group.length > 0).map((group) => `[${group.join(', ')}]`);
  const parts = [...groups, ...of('list')];
  return parts.length === 1 ? (parts[0] ?? '') : `UNION(${parts.join(', ')})`;
}

/** An entry in words; names are those of members and departments. */
export function entryLabel(expr: string, scope: Scope, names: ReadonlyMap<string, string>): string {
  const text = literalText(expr);
  if (text !== null) {
    const role = roles(scope.docs).find((r) => r.key === text || r.id === text);
    return (
      (role && textOf(role.name)) || names.get(text) || (/^[\da-f-]{36}$/.test(text) ? t('build.people.unknown') : text)
    );
  }
  if (expr === 'me()') return t('build.people.actor');
  const of = /^manager_of\((.+)\)$/.exec(expr)?.[1];
  if (of) return t('build.people.managerOf', { name: entryLabel(of, scope, names) });
  const [ref] = references(expr, scope);
  return ref ? titleOf(ref) : expr;
}

/** An expression of people in words; null where it is a formula. */
export function peopleWords(source: string, around: Around, names: ReadonlyMap<string, string>): string | null {
  const people = readPeople(source, around);
  if (!people) return null;
  const words = people.list.map((entry) => entryLabel(entry.expr, around.scope, names));
  return words.join(people.join === 'first' ? t('build.people.orElse') : t('common.comma'));
}

/** Everybody that the record and the rule know of; members and departments come from the directory. */
export function peopleOffers(around: Around): Offer[] {
  const { scope, parts } = around;
  const out: Offer[] = [];
  const none = new Map<string, string>();
  const offer = (expr: string, group: string) => {
    const shape = shapeOfPath(expr, around);
    if (!shape) return null;
    out.push({ expr, shape, group, label: entryLabel(expr, scope, none), icon: shape === 'text' ? 'mail' : 'user' });
    return shape;
  };
  const heads: string[] = [];
  const fieldsOf = (of: Fields, prefix: string, group: string) => {
    for (const field of [...systemFields(of), ...of.fields]) {
      const expr = prefix + field.key;
      const own = parts.fields.get(field.type);
      if (offer(expr, group) === 'ref' && own?.traits.holds_member) heads.push(expr);
    }
  };
  if (scope.record) fieldsOf(scope.record, '', t('build.people.inRecord'));
  for (const field of scope.record?.fields ?? []) {
    const target = field.fields ? undefined : through(scope.docs, field);
    if (target) fieldsOf(target, `${field.key}.`, t('build.people.inLinked'));
  }
  for (const v of scope.vars) {
    const path = `${v.root}.${v.key}`;
    if (v.fields) fieldsOf(v.fields, `${path}.`, t('build.people.inRule'));
    else if (offer(path, t('build.people.inRule')) === 'ref' && parts.fields.get(v.type ?? '')?.traits.holds_member)
      heads.push(path);
  }
  const actor = scope.blank?.includes('me') ? [] : ['me()'];
  const acting: Offer[] = [...actor, ...[...actor, ...heads].map((head) => `manager_of(${head})`)].map((expr) => ({
    expr,
    shape: 'ref',
    group: expr === 'me()' ? t('build.people.acting') : t('build.people.managers'),
    label: entryLabel(expr, scope, none),
    icon: expr === 'me()' ? 'user' : 'users',
  }));
  out.push(...acting);
  for (const role of roles(scope.docs))
    out.push({
      ...entryOf(role.key),
      group: t('build.people.roles'),
      label: textOf(role.name) || role.key,
      icon: 'shield',
    });
  return out;
}
