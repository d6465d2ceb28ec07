// The contract of a field type in the browser: one folder per type of the
// server's catalogue, each with an index.ts that exports `defineField(…)`.
// Nobody outside a type's folder asks for a type by name: what the rest of the
// product needs to know is in this contract, in the kind or in the traits.
import type { ComponentType } from 'react';
import type { FilterOp, FilterTree, RecordData, RuntimeEntity, RuntimeField, StoredFile } from '@/api/types';
import type { FrameProps } from '@/kit/FieldFrame';
import type { IconName } from '@/kit/icons';
import type { Locale } from '@/locales';

/** The app around a field: where its values are looked up. */
export interface FieldApp {
  /** For API paths and query keys. */
  id: string;
  /** Key of the workspace, for the directory. */
  workspace: string;
  /** An entity that the reader may see, by id or key. */
  entity: (idOrKey: string) => RuntimeEntity | undefined;
  /** The member who is reading. */
  me: string | null;
  /** The field whose values another field shows (lookups, rollups), when the reader may see it. */
  source?: (field: RuntimeField) => RuntimeField | undefined;
  /** A record as a whole: fill rules need fields that lists leave out. */
  load?: (entity: string, id: string) => Promise<RecordData & { _names?: Record<string, string> }>;
  /** Makes a record on the spot; resolves to it, or null when given up. */
  create?: (entity: string, start: Record<string, unknown>) => Promise<RecordData | null>;
}

/** What a field may know of its surroundings. One object per list or form, never per cell. */
export interface FieldContext {
  /** Display names of members, departments and linked records by id: the `_names` of an answer. */
  names: Readonly<Record<string, string>>;
  locale: Locale;
  /** The workspace's time zone, in which expressions are computed. */
  zone: string;
  /** null on public pages, where nothing can be looked up. */
  app: FieldApp | null;
  /** Takes in names of what was just picked, so that it can be shown before it is saved. */
  learn?: (names: Record<string, string>) => void;
  /** Which records a link offers beside the values of the record that is being edited. */
  pickerFilter?: (field: RuntimeField, record: Readonly<Record<string, unknown>> | undefined) => FilterTree | undefined;
  /** Opens a linked record; without it links are plain text. */
  open?: (entity: string, id: string) => void;
  /** Stores a file; without it files cannot be added. */
  upload?: (file: File, onProgress?: (share: number) => void, signal?: AbortSignal) => Promise<StoredFile>;
  /** Counts work that must end before the record is saved: +1 when it starts, -1 when it ends. */
  busy?: (change: 1 | -1) => void;
  /** Where a stored file is read from. */
  fileUrl?: (id: string, record?: string) => string;
}

export interface CellProps<V = unknown> {
  value: V | null | undefined;
  field: RuntimeField;
  ctx: FieldContext;
  /** grid: one line of a row; card: of a kanban or phone card; detail: as much as there is. */
  variant?: 'grid' | 'card' | 'detail';
  /** Id of the record, for addresses of its files. */
  record?: string;
}

export interface InputProps<V = unknown> extends FrameProps {
  value: V | null | undefined;
  /** null when emptied. */
  onChange: (value: V | null) => void;
  field: RuntimeField;
  ctx: FieldContext;
  disabled?: boolean;
  /** Of the control, to put the focus on. */
  id?: string;
  /** Names the control where it has no label: cells of a table. */
  'aria-label'?: string;
  /** sm: in a row of a table. */
  size?: 'sm' | 'md';
  placeholder?: string;
  autoFocus?: boolean;
  onBlur?: () => void;
  /** The values beside this one: the record that is being edited. */
  record?: Readonly<Record<string, unknown>>;
  /** A linked record was picked (null: taken away); the form copies what its fill rules say. */
  onPicked?: (target: RecordData | null) => void;
  /** Faults below the field, by path: "0/qty" for a column of the first row. */
  faults?: Readonly<Record<string, string>>;
  /** Takes a fault away when its place was changed. */
  onFixed?: (path: string) => void;
}

/** What inputs hand to their control: the frame, and nothing that the control does not know. */
export function controlProps<V>(props: InputProps<V>) {
  const {
    value: _v,
    onChange: _c,
    field: _f,
    ctx: _x,
    record: _r,
    onPicked: _p,
    faults: _s,
    onFixed: _d,
    autoFocus: _a,
    onBlur: _b,
    placeholder: _h,
    size: _z,
    ...rest
  } = props;
  return rest;
}

/** Where the selection goes after an edit in the grid. */
export type Move = 'down' | 'up' | 'right' | 'left';

export interface EditorProps<V = unknown> {
  value: V | null | undefined;
  field: RuntimeField;
  ctx: FieldContext;
  /** What was typed to start the edit; the value is replaced by it. */
  initialText?: string;
  onCommit: (value: V | null, move?: Move) => void;
  onCancel: () => void;
  record?: RecordData;
}

export interface FilterProps {
  value: unknown;
  onChange: (value: unknown) => void;
  op: FilterOp;
  field: RuntimeField;
  ctx: FieldContext;
  'aria-label'?: string;
}

export interface FieldType<V = unknown> {
  type: string;
  icon: IconName;
  /** The control of forms. Controlled; knows no form library. */
  Input: ComponentType<InputProps<V>> & Preloadable;
  /** The value, read. Pure and cheap: no fetching, no effects. */
  Cell: ComponentType<CellProps<V>>;
  /**
   * The control over a cell of the grid. Without it the grid edits the text that
   * `edit` gives and reads it back by `parseText`; without both it is read-only.
   */
  Editor?: ComponentType<EditorProps<V>> & Preloadable;
  /** The value in words: titles, copies, tooltips. '' for nothing. */
  format: (value: V | null | undefined, field: RuntimeField, ctx: FieldContext) => string;
  /** `format` without what a narrow place can spare; undefined where it spares nothing. */
  short?: (value: V, field: RuntimeField) => string | undefined;
  /** The text says what it is without the field's name: an amount has its currency. */
  speaks?: boolean;
  /** The text in which the value is edited; `format` by default. */
  edit?: (value: V | null | undefined, field: RuntimeField, ctx: FieldContext) => string;
  /** Typing over a cell edits its text in place; the editor opens for Enter and a double click. */
  typed?: boolean;
  /** The value of a typed or pasted text: null for blank, undefined when it cannot be read. */
  parseText?: (text: string, field: RuntimeField, ctx: FieldContext) => V | null | undefined;
  /** The value of nothing. */
  empty: V | null;
  /** The next value of a cell that Enter, Space or a click simply flips. */
  toggle?: (value: V | null | undefined) => V | null;
  /** The control of a filter's value, where it differs from the input. */
  Filter?: ComponentType<FilterProps> & Preloadable;
  /** Side to which values align in columns. */
  align?: 'left' | 'right' | 'center';
  /** Usual width of a column in pixels. */
  width?: number;
  /** Usual width in a form of twelve columns. */
  span?: number;
  /** Where the value leads by one tap, in lists on a phone: a number is called. */
  action?: (value: V) => { href: string; icon: IconName; label: string } | null;
  /** What the browser can refuse before the server does: a message, or nothing. */
  check?: (value: V, field: RuntimeField, ctx: FieldContext) => string | undefined;
}

/** A component that may still have to be downloaded. */
export interface Preloadable {
  preload?: () => Promise<unknown>;
  /** Whether it renders at once. */
  ready?: () => boolean;
}

/** Declares a field type. The registry finds it by its folder's index.ts. */
export function defineField<V>(type: FieldType<V>): FieldType {
  // Values are checked by the server; here each type trusts its own shape.
  return type as unknown as FieldType;
}

/** Whether a value counts as not filled in. */
export function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/** An option of the field as a value of its type; `fallback` where it has none. */
export function option<T>(field: RuntimeField, name: string, fallback: T): T {
  const value = field.options?.[name];
  return value === undefined || value === null ? fallback : (value as T);
}

/** The choices of a field: as the runtime resolved them, else as defined. */
export function choicesOf(field: RuntimeField) {
  return field.choices ?? option<NonNullable<RuntimeField['choices']>>(field, 'choices', []);
}
