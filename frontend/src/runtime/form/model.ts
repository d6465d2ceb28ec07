// The values of one record while somebody edits them. It knows no React: fields
// subscribe to their own key, so that typing redraws what changed and no more.
import type { ExprTree, FaultItem, Field, Form, RecordData, RuntimeEntity, RuntimeField } from '@/api/types';
import { type Env, evaluateValue, holds, type Tree, Unsupported } from '@/expr';
import { Dec } from '@/expr/decimal';
import { toJson } from '@/expr/value';
import { checkValue } from '@/fields/check';
import { type FieldContext, isEmpty, option } from '@/fields/define';
import { fillPatch } from '@/fields/fill';
import { fieldOf } from '@/fields/index';
import { t } from '@/locales';
import { civilDate } from '@/locales/format';
import { textOf } from '@/locales/text';
import { fieldNodes } from './layout';
import { systemFields } from './system';
import { reads, type Trees, treeOf } from './trees';

/** Whether a value is chosen from what is there, rather than written. */
const isChosen = (field: RuntimeField) => !!field.choices?.length || field.kind === 'ref' || field.elem === 'ref';

/** What a field of the form shows; a new object whenever something of it changed. */
export interface FieldState {
  value: unknown;
  error: string | undefined;
  /** Faults below the field by path: "0/qty". */
  faults: Readonly<Record<string, string>>;
  visible: boolean;
  locked: boolean;
  required: boolean;
  /** Differs from what is saved. */
  changed: boolean;
}

/** One thing to mend before the record can be saved. */
export interface Issue {
  /** "amount", "items/0/qty"; '' for the record as a whole. */
  path: string;
  label: string;
  message: string;
}

export interface FormState {
  dirty: boolean;
  changes: number;
  issues: readonly Issue[];
  /** Somebody tried to save: mistakes are shown as they arise. */
  attempted: boolean;
  /** Uploads and the like on their way. */
  busy: boolean;
  /** Redrawn as a whole: another record, or one that was taken over. */
  epoch: number;
}

/** What the server computes for values that are not saved. */
export interface Evaluated {
  values: Record<string, unknown>;
  rules?: Record<string, boolean>;
  required?: Record<string, boolean>;
}

export interface FormEnv {
  zone: string;
  me: string | null;
  departments?: string[];
  roles?: string[];
  settings?: Record<string, unknown>;
}

export interface FormOptions {
  entity: RuntimeEntity;
  form: Form;
  trees: Record<string, ExprTree>;
  env: FormEnv;
  /** The record that is edited; without it a new one is made. */
  record?: RecordData | null;
  /** Values a new record starts with, before its defaults. */
  start?: Record<string, unknown>;
  /** Parameters of the form's address. */
  params?: URLSearchParams;
  /** Entities behind links, for what lookups show and fill rules copy. */
  target?: (entity: string) => RuntimeEntity | undefined;
  evaluate?: (values: Record<string, unknown>, signal: AbortSignal) => Promise<Evaluated>;
  now?: () => Date;
}

export interface StoredDraft {
  values: Record<string, unknown>;
  names: Record<string, string>;
  rev?: number;
  at: string;
}

/** A field that somebody else changed while it was edited here. */
export interface Clash {
  field: RuntimeField;
  base: unknown;
  mine: unknown;
  theirs: unknown;
}

type Row = Record<string, unknown>;

const noFaults: Readonly<Record<string, string>> = {};
const evaluateDelay = 350;

function same(a: unknown, b: unknown): boolean {
  if (a === b || (isEmpty(a) && isEmpty(b))) return true;
  if (typeof a === 'number' || typeof b === 'number') return String(a) === String(b);
  if (typeof a !== 'object' || typeof b !== 'object') return false;
  return JSON.stringify(wire(a)) === JSON.stringify(wire(b));
}

/** A value as it is sent: no keys of our own, ids of expanded links. */
function wire(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(wire);
  if (value && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).filter(([key, part]) => !key.startsWith('_') && part !== undefined && part !== null),
    );
  }
  return value;
}

/** How many models there have been. */
let count = 0;

export class FormModel {
  /** Tells it from other forms on the page. */
  readonly number = ++count;
  readonly entity: RuntimeEntity;
  readonly form: Form;
  readonly fields = new Map<string, RuntimeField>();
  readonly env: FormEnv;
  readonly isNew: boolean;
  id: string | undefined;
  rev: number | undefined;
  names: Record<string, string> = {};

  private readonly trees: Trees;
  private readonly options: FormOptions;
  private readonly byId = new Map<string, RuntimeField>();
  private readonly order: string[];
  private base: Record<string, unknown> = {};
  private values: Record<string, unknown> = {};
  private readonly touched = new Set<string>();
  private readonly linked = new Map<string, RecordData>();
  private errors = new Map<string, string>();
  private hidden = new Set<string>();
  private locked = new Set<string>();
  private requiredNow = new Set<string>();
  /** Those of them that a condition asks for. */
  private conditional = new Set<string>();
  private attempted = false;
  private busyCount = 0;
  private epoch = 0;
  private settled = new WeakSet<object>();
  /** Computed fields that only the server can work out now. */
  private readonly remote = new Set<string>();
  private serverRules: Record<string, boolean> = {};
  private serverRequired: Record<string, boolean> = {};
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: AbortController | undefined;

  private readonly anyListeners = new Set<() => void>();
  private readonly listeners = new Map<string, Set<() => void>>();
  private readonly formListeners = new Set<() => void>();
  private readonly states = new Map<string, FieldState>();
  private state: FormState;

  constructor(options: FormOptions) {
    this.options = options;
    this.entity = options.entity;
    this.form = options.form;
    this.trees = options.trees;
    this.env = options.env;
    for (const field of [...options.entity.fields, ...systemFields(options.entity, !options.record)]) {
      if (this.fields.has(field.key)) continue;
      this.fields.set(field.key, field);
      this.byId.set(field.id, field);
    }
    this.order = fieldNodes(options.form.layout)
      .map((node) => this.field(node.field ?? '')?.key)
      .filter((key): key is string => key !== undefined);
    this.isNew = !options.record;
    if (options.record) this.takeRecord(options.record);
    else this.start();
    this.decide();
    this.state = this.makeState();
    this.refresh();
  }

  /** A field by id or key. */
  field(ref: string): RuntimeField | undefined {
    return this.byId.get(ref) ?? this.fields.get(ref);
  }

  // --- reading ---------------------------------------------------------------

  subscribe = (key: string, listener: () => void): (() => void) => {
    let set = this.listeners.get(key);
    if (!set) {
      set = new Set();
      this.listeners.set(key, set);
    }
    set.add(listener);
    return () => set.delete(listener);
  };

  subscribeForm = (listener: () => void): (() => void) => {
    this.formListeners.add(listener);
    return () => this.formListeners.delete(listener);
  };

  /** Calls back after any change: drafts. */
  subscribeAny(listener: () => void): () => void {
    this.anyListeners.add(listener);
    return () => this.anyListeners.delete(listener);
  }

  fieldState(key: string): FieldState {
    let state = this.states.get(key);
    if (!state) {
      state = this.makeFieldState(key);
      this.states.set(key, state);
    }
    return state;
  }

  formState = (): FormState => this.state;

  /** The values as they stand, for inputs that look at their neighbours. */
  current(): Readonly<Record<string, unknown>> {
    return this.values;
  }

  saved(): Readonly<Record<string, unknown>> {
    return this.base;
  }

  isVisible(ref: string): boolean {
    const field = this.field(ref);
    return !!field && field.readable && !this.hidden.has(field.id);
  }

  // --- changing --------------------------------------------------------------

  /** A value that somebody entered. */
  set(key: string, value: unknown): void {
    this.touched.add(key);
    this.setAll({ [key]: value });
  }

  /** Values that were entered or copied together. */
  setAll(patch: Record<string, unknown>, also: readonly string[] = []): void {
    const changed = new Set<string>(also);
    for (const [key, value] of Object.entries(patch)) {
      if (this.values[key] === value) continue;
      this.values = { ...this.values, [key]: value };
      changed.add(key);
      this.dropErrors(key);
    }
    if (changed.size === 0) return;
    this.recompute(changed);
    if (this.attempted) for (const key of changed) this.checkField(key);
    this.decide();
    this.refresh();
  }

  /** A linked record was picked: remembers it for formulas, copies what the field's fill rules say. */
  pick(field: RuntimeField, target: RecordData | null): void {
    if (target) {
      this.linked.set(target.id, target);
      this.learn({ [target.id]: target._title ?? this.names[target.id] ?? '' });
    }
    const from = field.link ? this.options.target?.(field.link.entity)?.fields : undefined;
    const patch = fillPatch(field, target, from, this.entity.fields);
    for (const key of Object.keys(patch)) this.touched.add(key);
    // What reads through the link changes even where nothing is copied.
    this.setAll(patch, [field.key]);
  }

  /** Names of what was picked, so that it can be shown before it is saved. */
  learn = (names: Record<string, string>): void => {
    this.names = { ...this.names, ...names };
  };

  busy = (change: 1 | -1): void => {
    this.busyCount += change;
    this.refresh();
  };

  fixed(key: string, path: string): void {
    if (this.errors.delete(`${key}/${path}`)) this.refresh();
  }

  /** Gives up what was entered. */
  reset(): void {
    this.touched.clear();
    this.errors.clear();
    this.attempted = false;
    this.epoch++;
    if (this.isNew) {
      this.values = {};
      this.start();
    } else this.values = { ...this.base };
    this.decide();
    this.refresh();
  }

  /** Takes over a record as the server saved it. */
  saveDone(record: RecordData): void {
    this.touched.clear();
    this.errors.clear();
    this.attempted = false;
    this.epoch++;
    this.takeRecord(record);
    this.decide();
    this.refresh();
  }

  /** A newer version of the record arrived while nothing clashes: what was entered here stays. */
  rebase(record: RecordData, keepMine?: ReadonlySet<string>): void {
    const mine = this.changes();
    const clashes = new Set(this.clashes(record).map((c) => c.field.key));
    this.errors.clear();
    this.epoch++;
    this.takeRecord(record);
    for (const [key, value] of Object.entries(mine)) {
      if (clashes.has(key) && keepMine && !keepMine.has(key)) continue;
      this.values[key] = value;
      this.touched.add(key);
    }
    this.recompute(new Set(Object.keys(mine)));
    this.decide();
    this.refresh();
  }

  /** The fields that both sides changed to different values. */
  clashes(theirs: RecordData): Clash[] {
    const mine = this.changes();
    return Object.keys(mine).flatMap((key): Clash[] => {
      const field = this.fields.get(key);
      if (!field || same(this.base[key], theirs[key]) || same(mine[key], theirs[key])) return [];
      return [{ field, base: this.base[key], mine: this.values[key], theirs: theirs[key] }];
    });
  }

  // --- drafts ----------------------------------------------------------------

  draft(): StoredDraft {
    return {
      values: this.isNew ? this.payload() : this.changes(),
      names: this.names,
      rev: this.rev,
      at: (this.options.now?.() ?? new Date()).toISOString(),
    };
  }

  restore(draft: StoredDraft): void {
    this.learn(draft.names);
    for (const key of Object.keys(draft.values)) this.touched.add(key);
    this.epoch++;
    this.setAll(draft.values);
  }

  // --- saving ----------------------------------------------------------------

  private writable(field: RuntimeField): boolean {
    return field.writable && !field.traits.computed && !field.traits.generated;
  }

  /** What an edit changes: by key, as it is sent. */
  changes(): Record<string, unknown> {
    const out: Record<string, unknown> = {};
    for (const [key, field] of this.fields) {
      if (!this.writable(field)) continue;
      const value = this.underPolicy(field);
      if (!same(value, this.base[key])) out[key] = this.sent(field, value);
    }
    return out;
  }

  /** All values of a new record: by key, as they are sent. */
  payload(): Record<string, unknown> {
    const out: Record<string, unknown> = {};
    for (const [key, field] of this.fields) {
      if (!this.writable(field)) continue;
      const value = this.underPolicy(field);
      // An emptied default is sent as null, so that the server does not fill it again.
      if (!isEmpty(value) || this.touched.has(key) || (field.default && this.order.includes(key)))
        out[key] = this.sent(field, value);
    }
    return out;
  }

  // What becomes of fields that display rules hide is the form's decision.
  private underPolicy(field: RuntimeField): unknown {
    const value = this.values[field.key] ?? null;
    if (!this.hidden.has(field.id)) return value;
    if (this.form.hidden_policy === 'clear') return null;
    if (this.form.hidden_policy === 'recompute') return this.defaultOf(field) ?? null;
    return value;
  }

  private sent(field: RuntimeField, value: unknown): unknown {
    if (isEmpty(value)) return null;
    if (field.fields && Array.isArray(value)) {
      const columns = field.fields.filter((c) => this.writable(c)).map((c) => c.key);
      return value.map((row: Row) => ({
        ...(row.id ? { id: row.id } : {}),
        ...Object.fromEntries(columns.map((key) => [key, idOf(row[key] ?? null)])),
      }));
    }
    return Array.isArray(value) ? value.map(idOf) : idOf(value);
  }

  /** Everything that must be mended, in the order of the form; empty when the record may be sent. */
  validate(ctx: FieldContext): readonly Issue[] {
    this.attempted = true;
    this.ctx = ctx;
    this.errors = new Map();
    for (const key of this.fields.keys()) this.checkField(key);
    for (const check of this.entity.checks ?? []) {
      const tree = treeOf(this.trees, 'check', check.id);
      if (!tree || !this.holds(tree)) continue;
      const places = (check.fields ?? [])
        .map((id) => this.field(id)?.key)
        .filter((key): key is string => key !== undefined);
      for (const key of places.length > 0 ? places : [''])
        if (!this.errors.has(key)) this.errors.set(key, textOf(check.message));
    }
    this.refresh();
    return this.state.issues;
  }

  private ctx: FieldContext | undefined;

  private checkField(key: string): void {
    const field = this.fields.get(key);
    if (!field || !this.writable(field) || this.hidden.has(field.id)) return;
    for (const path of [...this.errors.keys()])
      if (path === key || path.startsWith(`${key}/`)) this.errors.delete(path);
    const value = this.values[key];
    const ctx = this.ctx ?? { names: this.names, locale: 'zh-CN', zone: this.env.zone, app: null };
    if (isEmpty(value)) {
      // As the server does: what was missing before may stay missing, unless a condition asks for it.
      const wanted =
        this.isNew || !same(value, this.base[key]) ? this.requiredNow.has(field.id) : this.conditional.has(field.id);
      if (wanted) this.errors.set(key, t(isChosen(field) ? 'form.choose' : 'form.required', { name: this.label(key) }));
      return;
    }
    if (!same(value, this.base[key])) {
      const wrong = checkValue(value, field, ctx);
      if (wrong) this.errors.set(key, wrong);
    }
    if (!field.fields || !Array.isArray(value)) return;
    for (const [i, row] of (value as Row[]).entries()) {
      for (const column of field.fields) {
        if (!this.writable(column)) continue;
        const cell = row[column.key];
        const tree = treeOf(this.trees, 'required', column.id);
        const required = column.required || (!!tree && this.holds(tree, row));
        const wrong = isEmpty(cell)
          ? required
            ? t(isChosen(column) ? 'form.choose' : 'form.required', { name: textOf(column.name) })
            : undefined
          : checkValue(cell, column, ctx);
        if (wrong) this.errors.set(`${key}/${i}/${column.key}`, wrong);
      }
    }
  }

  /** Marks something that a control shows but cannot express as a value. */
  mark(path: string, message: string): void {
    this.errors.set(path, message);
    this.refresh();
  }

  /** Puts the faults of a refused request beside their fields. */
  setFaults(faults: readonly FaultItem[]): readonly Issue[] {
    this.attempted = true;
    this.errors = new Map();
    for (const fault of faults) {
      const path = normalPath(fault.path);
      const known = this.fields.has(path.split('/')[0] ?? '');
      const place = known ? path : '';
      const before = this.errors.get(place);
      this.errors.set(place, before && before !== fault.message ? `${before} ${fault.message}` : fault.message);
    }
    this.refresh();
    return this.state.issues;
  }

  private dropErrors(key: string): void {
    const field = this.fields.get(key);
    for (const path of [...this.errors.keys()]) {
      // Rows take away their own faults cell by cell.
      if (path === key || (!field?.fields && path.startsWith(`${key}/`)) || path === '') this.errors.delete(path);
    }
  }

  // --- starting --------------------------------------------------------------

  private takeRecord(record: RecordData): void {
    this.id = record.id;
    this.rev = record.rev;
    this.base = { ...record };
    this.values = { ...record };
    const names = record._names as Record<string, string> | undefined;
    if (names) this.learn(names);
    this.remote.clear();
  }

  private start(): void {
    this.base = {};
    const start = { ...this.options.start };
    // Chains of defaults settle as formulas do: one may read another.
    for (const [key, field] of this.fields) {
      if (start[key] !== undefined) this.values[key] = start[key];
      else {
        const value = this.staticDefault(field);
        if (value !== undefined) this.values[key] = value;
      }
    }
    this.recompute(null);
  }

  private staticDefault(field: RuntimeField): unknown {
    const fallback = field.default;
    const me = this.env.me;
    if (fallback?.url_param) {
      const text = this.options.params?.get(fallback.url_param);
      if (text) return fieldOf(field.type).parseText?.(text, field, this.parseContext()) ?? undefined;
      return undefined;
    }
    if (fallback?.value !== undefined && fallback.value !== null) return fallback.value;
    const many = !!field.traits.multiple;
    const now = this.options.now?.() ?? new Date();
    switch (fallback?.current) {
      case 'member':
        return me ? (many ? [me] : me) : undefined;
      case 'department':
        return this.env.departments?.[0] ? (many ? [this.env.departments[0]] : this.env.departments[0]) : undefined;
      case 'date':
        return civilDate(now, this.env.zone);
      case 'time':
        return field.kind === 'date' ? civilDate(now, this.env.zone) : `${now.toISOString().slice(0, 16)}:00Z`;
    }
    if (me && option(field, 'default_me', false)) return many ? [me] : me;
    return undefined;
  }

  // A parameter may name a record or member by its id.
  private parseContext(): FieldContext {
    const given = Object.fromEntries(
      [...(this.options.params?.values() ?? [])].map((text) => [text, this.names[text] ?? '']),
    );
    return { names: { ...given, ...this.names }, locale: 'zh-CN', zone: this.env.zone, app: null };
  }

  private defaultOf(field: RuntimeField): unknown {
    const tree = treeOf(this.trees, 'default', field.id);
    if (tree) return this.value(tree, field);
    return this.staticDefault(field);
  }

  // --- expressions -----------------------------------------------------------

  private envOf(row?: Row): Env {
    const record: Record<string, unknown> = { ...this.values, id: this.id ?? null };
    for (const [key, field] of this.fields) {
      if (!field.link || field.link.many) continue;
      const id = idOf(record[key]);
      const known = typeof id === 'string' ? this.linked.get(id) : undefined;
      if (known) record[key] = known;
    }
    const { zone, me, departments, roles, settings } = this.env;
    const env: Env = {
      record,
      old: this.base,
      now: this.options.now?.() ?? new Date(),
      zone,
      me,
      departments,
      roles,
      settings,
    };
    // Inside a sub-form the row is the record, and the record its parent.
    return row ? ({ ...env, record: this.expanded(row), row, parent: record } as Env) : env;
  }

  private expanded(row: Row): Row {
    const out = { ...row };
    for (const [key, value] of Object.entries(row)) {
      const known = typeof value === 'string' ? this.linked.get(value) : undefined;
      if (known) out[key] = known;
    }
    return out;
  }

  private holds(tree: Tree, row?: Row): boolean {
    try {
      return holds(tree, this.envOf(row));
    } catch {
      return false;
    }
  }

  /** The value of a tree as the field holds it; undefined where only the server can tell. */
  private value(tree: Tree, field: Field, row?: Row): unknown {
    try {
      let v = evaluateValue(tree, this.envOf(row));
      const scale = field.options?.scale;
      if (v instanceof Dec && typeof scale === 'number') v = v.round(scale);
      return toJson(v);
    } catch (error) {
      // A fault of the expression, such as an overflow, has no value.
      return error instanceof Unsupported ? undefined : null;
    }
  }

  /**
   * Works out what depends on changed keys, until nothing changes any more;
   * null means everything.
   */
  private recompute(changed: Set<string> | null): void {
    let wave = changed;
    let server = false;
    for (let round = 0; round < 20 && (wave === null || wave.size > 0); round++) {
      const next = new Set<string>();
      for (const [key, field] of this.fields) {
        if (field.fields) {
          if (this.computeRows(key, field, wave)) next.add(key);
          continue;
        }
        const result = this.derive(key, field, wave);
        if (result === unchanged) continue;
        if (result === undefined) {
          this.remote.add(key);
          server = true;
          continue;
        }
        this.remote.delete(key);
        if (same(this.values[key], result)) continue;
        this.values = { ...this.values, [key]: result };
        next.add(key);
      }
      wave = next;
    }
    if (server || this.needsServer()) this.schedule();
  }

  // What of the form the trees leave out: rules and conditions with functions that only the server has.
  private needsServer(): boolean {
    if (this.remote.size > 0) return true;
    if ((this.form.rules ?? []).some((rule) => !treeOf(this.trees, 'rule', rule.id))) return true;
    return (
      this.isNew &&
      [...this.fields.values()].some(
        (f) => f.default?.formula && !treeOf(this.trees, 'default', f.id) && !this.touched.has(f.key),
      )
    );
  }

  /** The computed or default value of a field, `unchanged` when nothing it depends on did, undefined when only the server knows. */
  private derive(key: string, field: RuntimeField, wave: Set<string> | null): unknown {
    if (field.traits.computed) {
      const tree = treeOf(this.trees, 'formula', field.id);
      if (tree) return touches(reads(tree), wave) ? this.value(tree, field) : unchanged;
      return this.deriveSource(field, wave);
    }
    // A default follows its inputs until somebody enters something else.
    if (!this.isNew || this.touched.has(key) || this.options.start?.[key] !== undefined) return unchanged;
    const tree = treeOf(this.trees, 'default', field.id);
    if (!tree || !touches(reads(tree), wave)) return unchanged;
    const value = this.value(tree, field);
    return value === undefined ? unchanged : value;
  }

  private deriveSource(field: RuntimeField, wave: Set<string> | null): unknown {
    const ref = (name: string) =>
      typeof field.options?.[name] === 'string' ? this.field(field.options[name] as string) : undefined;
    const link = ref('link');
    if (link) {
      if (!touches(new Set([link.key]), wave)) return unchanged;
      return this.lookUp(field, link, this.values[link.key], this.base[link.key], this.base[field.key]);
    }
    const rows = ref('rows');
    if (rows) {
      if (!touches(new Set([rows.key]), wave)) return unchanged;
      return this.rollUp(field, rows);
    }
    // A formula whose tree the server kept: any change may matter.
    if (field.options?.expr !== undefined) return wave === null || wave.size > 0 ? undefined : unchanged;
    // Rollups over other records do not change while this one is edited.
    return unchanged;
  }

  private lookUp(field: RuntimeField, link: RuntimeField, value: unknown, savedLink: unknown, saved: unknown): unknown {
    if (isEmpty(value)) return null;
    if (same(idOf(value), idOf(savedLink)) && saved !== undefined) return saved;
    if (link.link?.many) return undefined;
    const target = this.linked.get(String(idOf(value)));
    const source = this.options
      .target?.(link.link?.entity ?? '')
      ?.fields.find((f) => f.id === field.options?.field || f.key === field.options?.field);
    return target && source && source.key in target ? (target[source.key] ?? null) : undefined;
  }

  private rollUp(field: RuntimeField, rows: RuntimeField): unknown {
    if (field.options?.filter) return undefined;
    const list = (this.values[rows.key] as Row[] | null) ?? [];
    const fn = String(field.options?.fn ?? 'count');
    const column = rows.fields?.find((c) => c.id === field.options?.field || c.key === field.options?.field);
    if (fn === 'count' && !column) return list.length;
    if (!column) return undefined;
    const found = list.map((row) => row[column.key]).filter((v) => !isEmpty(v));
    if (fn === 'count') return found.length;
    if (fn === 'first') return found[0] ?? null;
    if (fn === 'last') return found.at(-1) ?? null;
    if (column.kind !== 'number') return undefined;
    const numbers = found.map((v) => Dec.parse(String(v))).filter((d) => d !== null);
    const sum = numbers.reduce((s, d) => s.add(d), Dec.of(0));
    if (fn === 'sum') return toJson(sum);
    if (numbers.length === 0) return null;
    if (fn === 'avg') return toJson(sum.div(Dec.of(numbers.length)));
    const best = numbers.reduce((a, b) => ((fn === 'min' ? a.cmp(b) <= 0 : a.cmp(b) >= 0) ? a : b));
    return fn === 'min' || fn === 'max' ? toJson(best) : undefined;
  }

  /** Computes the columns of a sub-form's rows; true when a row changed. */
  private computeRows(key: string, field: RuntimeField, wave: Set<string> | null): boolean {
    const rows = this.values[key];
    const columns = (field.fields ?? []).filter((c) => c.traits.computed);
    if (!Array.isArray(rows) || columns.length === 0) return false;
    const outer = columns.some((c) => {
      const tree = treeOf(this.trees, 'formula', c.id);
      return tree !== undefined && touches(reads(tree, 'parent'), wave);
    });
    if (wave !== null && !wave.has(key) && !outer) return false;
    if (outer) this.settled = new WeakSet();
    let any = false;
    const next = (rows as Row[]).map((row) => {
      if (this.settled.has(row)) return row;
      let out = row;
      // A column may read another computed one.
      for (let round = 0; round < columns.length; round++) {
        let moved = false;
        for (const column of columns) {
          const tree = treeOf(this.trees, 'formula', column.id);
          const link = field.fields?.find((c) => c.id === column.options?.link || c.key === column.options?.link);
          const value = tree
            ? this.value(tree, column, out)
            : link
              ? this.lookUp(
                  column,
                  link,
                  out[link.key],
                  row.id ? (this.savedRow(key, row)?.[link.key] ?? undefined) : undefined,
                  this.savedRow(key, row)?.[column.key],
                )
              : undefined;
          if (value === undefined) {
            this.remote.add(key);
            continue;
          }
          if (same(out[column.key], value)) continue;
          out = { ...out, [column.key]: value };
          moved = true;
        }
        if (!moved) break;
      }
      this.settled.add(out);
      any ||= out !== row;
      return out;
    });
    if (any) this.values = { ...this.values, [key]: next };
    return any;
  }

  private savedRow(key: string, row: Row): Row | undefined {
    return row.id ? (this.base[key] as Row[] | null)?.find?.((r) => r.id === row.id) : undefined;
  }

  private schedule(): void {
    if (!this.options.evaluate) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask(), evaluateDelay);
  }

  private async ask(): Promise<void> {
    const evaluate = this.options.evaluate;
    if (!evaluate) return;
    this.running?.abort();
    const running = new AbortController();
    this.running = running;
    try {
      const answer = await evaluate(this.isNew ? this.payload() : this.changes(), running.signal);
      if (running.signal.aborted) return;
      this.serverRules = answer.rules ?? this.serverRules;
      this.serverRequired = answer.required ?? this.serverRequired;
      const changed = new Set<string>();
      for (const key of this.remote) {
        const field = this.fields.get(key);
        const value = answer.values[key];
        if (!field || value === undefined) continue;
        const merged = field.fields ? mergeRows(this.values[key], value, field) : value;
        if (same(this.values[key], merged)) continue;
        this.values = { ...this.values, [key]: merged };
        changed.add(key);
      }
      // Defaults that only the server can work out, while nobody entered anything else.
      for (const [key, field] of this.fields) {
        if (!this.isNew || !field.default?.formula || this.touched.has(key) || treeOf(this.trees, 'default', field.id))
          continue;
        const value = answer.values[key];
        if (value === undefined || same(this.values[key], value)) continue;
        this.values = { ...this.values, [key]: value };
        changed.add(key);
      }
      // What was computed may feed formulas that are worked out here.
      const remote = new Set(this.remote);
      if (changed.size > 0) this.recompute(changed);
      if ([...this.remote].every((key) => remote.has(key))) clearTimeout(this.timer);
      this.decide();
      this.refresh();
    } catch {
      // Live results are a help: the server computes them again on saving.
    }
  }

  /** Stops work in the background. */
  dispose(): void {
    clearTimeout(this.timer);
    this.running?.abort();
  }

  /** Display rules and conditional requirements. */
  private decide(): void {
    const hidden = new Set<string>();
    const shown = new Map<string, boolean>();
    const locked = new Set<string>();
    for (const rule of this.form.rules ?? []) {
      const tree = treeOf(this.trees, 'rule', rule.id);
      const on = tree ? this.holds(tree) : this.serverRules[rule.id];
      // Unknown yet: nothing is hidden that may be needed.
      if (on === undefined) continue;
      for (const id of rule.show ?? []) shown.set(id, (shown.get(id) ?? false) || on);
      if (!on) continue;
      for (const id of rule.hide ?? []) hidden.add(id);
      for (const id of rule.lock ?? []) locked.add(id);
    }
    for (const [id, on] of shown) if (!on) hidden.add(id);
    this.hidden = new Set([...hidden].map((ref) => this.field(ref)?.id ?? ref));
    this.locked = new Set([...locked].map((ref) => this.field(ref)?.id ?? ref));
    const required = new Set<string>();
    const conditional = new Set<string>();
    for (const field of this.fields.values()) {
      const tree = field.required_when ? treeOf(this.trees, 'required', field.id) : undefined;
      if (tree ? this.holds(tree) : !!this.serverRequired[field.id]) conditional.add(field.id);
      if (field.required || conditional.has(field.id)) required.add(field.id);
    }
    this.requiredNow = required;
    this.conditional = conditional;
  }

  // --- telling ---------------------------------------------------------------

  private label(key: string): string {
    const field = this.fields.get(key);
    const node = fieldNodes(this.form.layout).find((n) => n.field !== undefined && this.field(n.field)?.key === key);
    return textOf(node?.label) || textOf(field?.name) || key;
  }

  private issues(): Issue[] {
    const at = (path: string) => {
      const place = this.order.indexOf(path.split('/')[0] ?? '');
      return path === '' ? -1 : place < 0 ? 9999 : place;
    };
    return [...this.errors]
      .map(([path, message]): Issue => {
        const [key = '', row, column] = path.split('/');
        const field = this.fields.get(key);
        const inner = column ? field?.fields?.find((c) => c.key === column) : undefined;
        const label =
          path === ''
            ? ''
            : inner
              ? t('form.rowField', { field: this.label(key), n: Number(row) + 1, column: textOf(inner.name) })
              : this.label(key);
        return { path, label, message };
      })
      .sort((a, b) => at(a.path) - at(b.path));
  }

  private makeFieldState(key: string): FieldState {
    const field = this.fields.get(key);
    const prefix = `${key}/`;
    const below = [...this.errors]
      .filter(([path]) => path.startsWith(prefix))
      .map(([path, text]) => [path.slice(prefix.length), text] as const);
    return {
      value: this.values[key] ?? null,
      error: this.errors.get(key) ?? (below.length > 0 ? t('form.rowsWrong', { n: below.length }) : undefined),
      faults: below.length > 0 ? Object.fromEntries(below) : noFaults,
      visible: !field || !this.hidden.has(field.id),
      locked: !field || this.locked.has(field.id),
      required: !!field && this.requiredNow.has(field.id),
      changed: !!field && this.writable(field) && !same(this.values[key], this.base[key]),
    };
  }

  private makeState(): FormState {
    let changes = 0;
    for (const key of this.fields.keys())
      if (this.isNew ? this.touched.has(key) : this.fieldState(key).changed) changes++;
    const issues = this.issues();
    return {
      dirty: changes > 0,
      changes,
      issues,
      attempted: this.attempted,
      busy: this.busyCount > 0,
      epoch: this.epoch,
    };
  }

  private refresh(): void {
    for (const listener of this.anyListeners) listener();
    for (const key of this.fields.keys()) {
      const before = this.states.get(key);
      const after = this.makeFieldState(key);
      if (before && equalStates(before, after)) continue;
      this.states.set(key, after);
      for (const listener of this.listeners.get(key) ?? []) listener();
    }
    const next = this.makeState();
    const was = this.state;
    if (
      was &&
      was.dirty === next.dirty &&
      was.changes === next.changes &&
      was.attempted === next.attempted &&
      was.busy === next.busy &&
      was.epoch === next.epoch &&
      JSON.stringify(was.issues) === JSON.stringify(next.issues)
    )
      return;
    this.state = next;
    for (const listener of this.formListeners) listener();
  }
}

const unchanged = Symbol('unchanged');

function touches(keys: Set<string>, wave: Set<string> | null): boolean {
  if (wave === null) return true;
  for (const key of keys) if (wave.has(key)) return true;
  return false;
}

function equalStates(a: FieldState, b: FieldState): boolean {
  return (
    a.value === b.value &&
    a.error === b.error &&
    a.visible === b.visible &&
    a.locked === b.locked &&
    a.required === b.required &&
    a.changed === b.changed &&
    (a.faults === b.faults || JSON.stringify(a.faults) === JSON.stringify(b.faults))
  );
}

/** The id of a link that was expanded; other values as they are. */
function idOf(value: unknown): unknown {
  if (
    value &&
    typeof value === 'object' &&
    !Array.isArray(value) &&
    'id' in value &&
    ('title' in value || '_title' in value)
  )
    return (value as { id: string }).id;
  return value;
}

/** "items[0].qty", "/values/items/0/qty": all the ways a path is written, as one. */
export function normalPath(path: string): string {
  return path
    .replace(/\[(\d+)\]/g, '/$1')
    .replaceAll('.', '/')
    .replace(/^\/+/, '')
    .replace(/^(values|record)\//, '');
}

/** Computed columns of the server's rows put into the rows that are edited. */
function mergeRows(mine: unknown, theirs: unknown, field: RuntimeField): unknown {
  if (!Array.isArray(mine) || !Array.isArray(theirs) || mine.length !== theirs.length) return mine;
  const computed = (field.fields ?? []).filter((c) => c.traits.computed).map((c) => c.key);
  return mine.map((row: Row, i) => {
    const other = theirs[i] as Row;
    const patch = Object.fromEntries(
      computed.filter((key) => key in other && !same(row[key], other[key])).map((key) => [key, other[key]]),
    );
    return Object.keys(patch).length > 0 ? { ...row, ...patch } : row;
  });
}
