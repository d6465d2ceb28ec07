// Evaluates the checked syntax tree that the server sends (MarshalJSON of
// schema/expr's Node) with the null rules of the language: == and != are total,
// < > <= >= are false with null, arithmetic with null is null, and, or and not
// read null as false, sum and count of nothing are 0.
import { Instant, parseInstant } from './civil';
import { type Context, tooLong } from './context';
import { Dec } from './decimal';
import { functions } from './functions';
import { Fault, fromJson, type Kind, Rows, text, toJson, Unsupported, type Value } from './value';

/** One node of an expression's tree. */
export interface Tree {
  /** Operation: lit field var call and or not if list each elem query. */
  o: string;
  /** Kind of the result. */
  k: Kind;
  /** Kind of the elements of a list. */
  e?: Kind;
  /** Span in the source, in characters. */
  s?: [from: number, to: number];
  /** Constant. */
  v?: unknown;
  /** Root of a field path: record, old, it, elem; or of a variable. */
  r?: string;
  /** Name of a variable, or of what an each does. */
  n?: string;
  /** Field path. */
  p?: string[];
  /** Function. */
  f?: string;
  /** Cross-record aggregate. */
  q?: string;
  /** Arguments. */
  a?: Tree[];
}

type Data = Record<string, unknown>;

/** What an evaluation may see. Blank inputs of a form are null, never ''. */
export interface Env {
  /** The record as flat JSON: sub-forms are arrays of objects, links ids or expanded objects. */
  record: Data;
  /** The record before the change; without it, trees that ask for it are unsupported. */
  old?: Data | null;
  /** The sub-form row that the expression belongs to. */
  row?: Data;
  /** Another record that a condition runs over. */
  it?: Data;
  /** Run variables: inputs, vars, trigger. */
  vars?: Record<string, Data>;
  settings?: Data;
  /** The present moment, RFC 3339 or a Date. */
  now: string | Date;
  /** The workspace's time zone. */
  zone: string;
  me: string | null;
  departments?: string[];
  roles?: string[];
}

const MAX_STEPS = 100_000;
const MAX_TEXTS = 16 << 20;

/** A row of a sub-form, or an expanded record behind a many link. */
class Row {
  constructor(readonly data: Data) {}
}

type Element = Row | Value;

const isData = (raw: unknown): raw is Data => typeof raw === 'object' && raw !== null && !Array.isArray(raw);

class Run {
  private readonly context: Context;
  private elem: Element = null;
  private steps = 0;
  private texts = 0;

  constructor(private readonly env: Env) {
    const now = typeof env.now === 'string' ? parseInstant(env.now) : new Instant(BigInt(env.now.getTime()) * 1000n);
    if (!now) throw new Unsupported('now');
    const { zone, me, departments = [], roles = [] } = env;
    this.context = { now, zone, me, departments, roles };
  }

  node(t: Tree): Value {
    const a = t.a ?? [];
    switch (t.o) {
      case 'lit':
        return fromJson(t.v, t.k, t.e);
      case 'field':
      case 'var':
        return fromJson(this.raw(t), t.k, t.e);
      case 'elem':
        return this.elem instanceof Row ? fromJson(this.elem.data.id, 'text') : this.elem;
      case 'and':
        return a.every((x) => this.node(x) === true);
      case 'or':
        return a.some((x) => this.node(x) === true);
      case 'not':
        return this.node(a[0] as Tree) !== true;
      case 'if':
        return this.node(a[this.node(a[0] as Tree) === true ? 1 : 2] as Tree);
      case 'list':
        return a.map((x) => this.node(x));
      case 'call':
        return this.call(t, a);
      case 'each':
        return this.each(t, a);
    }
    throw new Unsupported(t.o);
  }

  private call(t: Tree, args: Tree[]): Value {
    const f = functions.get(t.f as string);
    if (!f) throw new Unsupported(t.f);
    const values = args.map((x) => this.node(x));
    const v = f(this.context, ...values);
    for (const x of values) if (Array.isArray(x)) this.steps += x.length >> 4;
    if (Array.isArray(v)) this.steps += v.length;
    if (typeof v === 'string') {
      if (tooLong(v)) throw new Fault('expr.text_too_long');
      this.texts += v.length;
    }
    if (this.steps > MAX_STEPS || this.texts > MAX_TEXTS) throw new Fault('expr.budget');
    if (v instanceof Dec && !v.fits) throw new Fault('expr.overflow');
    return v;
  }

  /** The JSON that a field path or variable reads. */
  private raw(t: Tree): unknown {
    const path = t.p ?? [];
    const root = t.r as string;
    if (t.o === 'var') {
      const vars = root === 'settings' ? this.env.settings : this.env.vars?.[root];
      if (!vars) throw new Unsupported(root);
      const v = vars[t.n ?? ''] ?? null;
      return path.length ? this.read(v, t, 0) : v;
    }
    if (root === 'elem') return this.read(this.elem instanceof Row ? this.elem.data : this.elem, t, 0);
    const data = (this.env as unknown as Data)[root];
    if (data === undefined) throw new Unsupported(root);
    return this.read(data, t, 0);
  }

  /** Follows a path from step i; a step with many rows makes the result a list. */
  private read(data: unknown, t: Tree, i: number, inMany = false): unknown {
    const path = t.p ?? [];
    if (data === null || data === undefined) return t.k === 'list' && !inMany ? [] : null;
    // A link that was sent as a bare id hides its fields.
    if (!isData(data)) throw new Unsupported('link');
    if (path.length === 0) return data.id;
    const v = data[path[i] as string] ?? null;
    if (i === path.length - 1) return v;
    if (!Array.isArray(v)) return this.read(v, t, i + 1, inMany);
    const out: unknown[] = [];
    for (const x of v) {
      const y = this.read(x, t, i + 1, true);
      if (Array.isArray(y) && (t.e !== 'object' || i + 2 < path.length)) out.push(...y);
      else out.push(y);
    }
    return out;
  }

  /** What an each runs over: rows stay rows, so that the body can read them. */
  private elements(t: Tree): Element[] {
    if (t.o === 'field' && (t.k === 'rows' || (t.k === 'list' && t.e === 'ref'))) {
      const raw = this.raw(t);
      return Array.isArray(raw) ? raw.map((x) => (isData(x) ? new Row(x) : fromJson(x, t.e ?? 'null'))) : [];
    }
    if (t.o === 'each' && t.n === 'filter') {
      return this.bodies(t).flatMap(([x, keep]) => (keep === true ? [x] : []));
    }
    const v = this.node(t);
    return v instanceof Rows ? v.rows.map((x) => new Row(x as Data)) : Array.isArray(v) ? v : [];
  }

  private bodies(t: Tree): [Element, Value][] {
    const [of, body] = t.a as [Tree, Tree];
    const outer = this.elem;
    const out = this.elements(of).map((x): [Element, Value] => {
      if (++this.steps > MAX_STEPS) throw new Fault('expr.budget');
      this.elem = x;
      return [x, this.node(body)];
    });
    this.elem = outer;
    return out;
  }

  private each(t: Tree, a: Tree[]): Value {
    const has = a.length > 1;
    const pairs = has ? this.bodies(t) : this.elements(a[0] as Tree).map((x): [Element, Element] => [x, x]);
    const held = pairs.filter(
      ([, v]) => v === true || (!has && (v instanceof Row || (t.n === 'count' && v !== null))),
    ).length;
    switch (t.n) {
      case 'all':
        return held === pairs.length;
      case 'any':
        return held > 0;
      case 'none':
        return held === 0;
      case 'one':
        return held === 1;
      case 'count':
        return Dec.of(held);
      case 'sum':
        return pairs.reduce((s, [, v]) => (v instanceof Dec ? s.add(v) : s), Dec.of(0));
      case 'map':
        return pairs.map(([, v]) => v as Value);
      case 'filter':
        return pairs.flatMap(([x, v]) => (v === true ? [x instanceof Row ? fromJson(x.data.id, 'text') : x] : []));
    }
    throw new Unsupported(t.n);
  }
}

/** Computes a tree to a value of the language. */
export function evaluateValue(tree: Tree, env: Env): Value {
  return new Run(env).node(tree);
}

/**
 * Computes a tree to JSON as the server would write it. Throws Unsupported
 * where only the server can tell, and Fault where there is no answer.
 */
export function evaluate(tree: Tree, env: Env): unknown {
  return toJson(evaluateValue(tree, env));
}

/** Computes a condition: null is not true. */
export function holds(tree: Tree, env: Env): boolean {
  return evaluateValue(tree, env) === true;
}

/** The value of a tree as text, as a text template shows it. */
export function evaluateText(tree: Tree, env: Env): string {
  return text(evaluateValue(tree, env));
}
