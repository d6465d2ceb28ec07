// The contract of a view type in the browser: one folder per type of the
// server's catalogue, each with an index.ts that exports `defineView(…)`.
import type { ComponentType, ReactNode, RefObject } from 'react';
import type { Field, RuntimeEntity, RuntimeField, Sort, ViewConfig } from '@/api/types';
import type { FieldContext } from '@/fields';
import type { IconName } from '@/kit';
import type { RecordEdits } from './shared/edits';
import type { RecordStore } from './shared/record-store';
import type { RowPick } from './shared/row-pick';

/** What a builder may do from within a view; each publishes at once. */
export interface BuilderActions {
  addField: (field: Partial<Field>) => Promise<void>;
  /** Adds a choice to an own field of the entity. */
  addChoice: (field: RuntimeField, label: string) => Promise<void>;
  /** Where the field is edited in full. */
  editPath: (field?: RuntimeField) => string;
}

export interface Walker {
  step: (id: string, by: 1 | -1) => string | undefined;
  /** The number of a record in the list. */
  place: (id: string) => number | undefined;
}

export interface ViewProps {
  /** For API paths and query keys. */
  app: string;
  entity: RuntimeEntity;
  entityOf: (idOrKey: string) => RuntimeEntity | undefined;
  ctx: FieldContext;
  store: RecordStore;
  edits: RecordEdits;
  config: ViewConfig;
  /** Changes of the arrangement: widths, order, grouping. */
  onConfig: (change: Partial<ViewConfig>) => void;
  query: { filter: string; search: string; sort: Sort[] };
  onSort: (sort: Sort[]) => void;
  /** Another number asks to fetch again. */
  revision: number;
  /** The record in the panel. */
  openId: string | null;
  onOpen: (id: string | null) => void;
  /** Filled by the view: how the panel gets to the neighbours of its record. */
  walk: RefObject<Walker | null>;
  /** Absent without the right to create. */
  onCreate?: (values?: Record<string, unknown>) => void;
  pick: RowPick;
  onPick: (pick: RowPick) => void;
  onTotal: (total: number | null) => void;
  builder?: BuilderActions;
  /** Stands where no record matches. */
  empty: ReactNode;
  label: string;
}

export interface SettingsProps {
  entity: RuntimeEntity;
  config: ViewConfig;
  onConfig: (change: Partial<ViewConfig>) => void;
}

export interface ViewType {
  type: string;
  icon: IconName;
  View: ComponentType<ViewProps>;
  /** Settings of the type's own, in the toolbar and in the builder. */
  Settings?: ComponentType<SettingsProps>;
  /** Which of the toolbar's tools apply. */
  tools: ('group' | 'columns' | 'height')[];
  /** Whether the type makes sense for an entity. */
  suits: (entity: RuntimeEntity) => boolean;
  /** The settings that a new view of the type starts with. */
  start: (entity: RuntimeEntity) => ViewConfig;
}

/** Declares a view type. The registry finds it by its folder's index.ts. */
export function defineView(type: ViewType): ViewType {
  return type;
}
