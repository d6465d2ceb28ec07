// Which records a link offers. The field's condition runs over the other record
// as `it` and over the record being edited; here the latter's values are put in,
// so that what is left is a filter which the list query understands. Parts that
// cannot be said that way are left to the server, which checks every link on save.
import type { ExprTree, FilterOp, FilterTree, Json, RuntimeField } from '@/api/types';
import { type Env, evaluate, type Tree } from '@/expr';

const comparisons: Record<string, [op: FilterOp, mirrored: FilterOp]> = {
  eq: ['eq', 'eq'],
  ne: ['ne', 'ne'],
  lt: ['lt', 'gt'],
  le: ['lte', 'gte'],
  gt: ['gt', 'lt'],
  ge: ['gte', 'lte'],
};

const anything: FilterTree = { and: [] };
const nothing: FilterTree = { and: [{ field: 'id', op: 'empty' }] };

function mentionsOther(t: Tree): boolean {
  return t.r === 'it' || (t.a ?? []).some(mentionsOther);
}

function otherField(t: Tree | undefined): string | undefined {
  if (t?.o !== 'field' || t.r !== 'it') return undefined;
  return (t.p ?? []).length === 0 ? 'id' : t.p?.length === 1 ? t.p[0] : undefined;
}

class Untold extends Error {}

function constant(t: Tree, env: Env): Json {
  if (mentionsOther(t)) throw new Untold();
  return (evaluate(t, env) ?? null) as Json;
}

function convert(t: Tree, env: Env): FilterTree {
  if (!mentionsOther(t)) return evaluate(t, env) === true ? anything : nothing;
  const a = t.a ?? [];
  if (t.o === 'and') {
    // Each part narrows: one that cannot be told only leaves more to choose from.
    return {
      and: a.flatMap((part) => {
        try {
          return [convert(part, env)];
        } catch {
          return [];
        }
      }),
    };
  }
  if (t.o === 'or') return { or: a.map((part) => convert(part, env)) };
  const bare = otherField(t);
  if (bare && t.k === 'bool') return { field: bare, op: 'eq', value: true };
  if (t.o === 'not' && a[0]) {
    const field = otherField(a[0]);
    if (field && a[0].k === 'bool') return { field, op: 'ne', value: true };
    throw new Untold();
  }
  if (t.o !== 'call' || !t.f) throw new Untold();
  const [left, right] = a;
  if (!left) throw new Untold();
  const compare = comparisons[t.f];
  if (compare && right) {
    const field = otherField(left);
    const mirrored = otherField(right);
    if (field !== undefined) return compared(field, compare[0], constant(right, env));
    if (mirrored !== undefined) return compared(mirrored, compare[1], constant(left, env));
    throw new Untold();
  }
  const field = otherField(left);
  if (t.f === 'ISEMPTY' && field) return { field, op: 'empty' };
  if (!right || !field) throw new Untold();
  if (t.f === 'in') return { field, op: 'in', value: constant(right, env) };
  if (t.f === 'contains') return { field, op: 'contains', value: constant(right, env) };
  if (t.f === 'starts_with') return { field, op: 'starts', value: constant(right, env) };
  throw new Untold();
}

function compared(field: string, op: FilterOp, value: Json): FilterTree {
  if (value !== null) return { field, op, value };
  if (op === 'eq') return { field, op: 'empty' };
  if (op === 'ne') return { field, op: 'not_empty' };
  return nothing;
}

/** A condition over `it` as a filter, undefined where nothing of it can be told. */
export function filterFor(tree: Tree, env: Env): FilterTree | undefined {
  try {
    const filter = convert(tree, env);
    return 'and' in filter && filter.and.length === 0 ? undefined : filter;
  } catch {
    return undefined;
  }
}

/** The filter of a link field of a published app, with the values beside it. */
export function pickerFilter(trees: Record<string, ExprTree>, zone: string, me: string | null) {
  return (field: RuntimeField, record: Readonly<Record<string, unknown>> | undefined): FilterTree | undefined => {
    const tree = trees[`filter:${field.id}`] as Tree | undefined;
    if (!tree) return undefined;
    return filterFor(tree, { record: { ...record }, now: new Date(), zone, me });
  };
}
