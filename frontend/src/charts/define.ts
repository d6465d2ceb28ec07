// The contract of a widget type in the browser: one folder per type of the
// server's catalogue, each with an index.ts that exports `defineChart(…)`.
// Charts know neither pages nor routes: what they open goes through their host.
import type { ComponentType, ReactNode } from 'react';
import type { ChecklistItem, Json, RecordData, RuntimeEntity, Task, Text, Widget } from '@/api/types';
import type { FieldContext } from '@/fields';
import type { IconName } from '@/kit';

/** What a column of aggregated rows is. */
export interface DataColumn {
  as: string;
  field?: string;
  bucket?: string;
  fn?: string;
  label?: Text;
}

/** The answer to one question of a widget. */
export interface DataQuery {
  entity: string;
  groups?: DataColumn[];
  measures?: DataColumn[];
  rows?: Record<string, Json>[];
  records?: RecordData[];
  next_cursor?: string;
  _names?: Record<string, string>;
}

/** Everything the server says about a widget. */
export interface ChartData {
  source: string;
  queries: Record<string, DataQuery>;
  goal?: Json;
  tasks?: Task[];
  actions?: string[];
  order?: string[];
  text?: Text;
}

/** Which records stand behind a number: the widget's own condition and these. */
export interface DrillPart {
  field: string;
  bucket?: string;
  value: Json;
}

export interface Drill {
  entity: string;
  filter?: string;
  dateField?: string;
  period?: string;
  parts?: DrillPart[];
}

/** A step of the set-up list with its state. */
export interface ChecklistStep {
  item: ChecklistItem;
  done: boolean;
  /** Where the step is done; absent when it is somebody else's. */
  to?: string;
  act?: { label: string; run: () => void };
}

/** The page around a widget. */
export interface ChartHost {
  entity: (idOrKey: string) => RuntimeEntity | undefined;
  /** Names of this widget's answer included. */
  ctx: FieldContext;
  /** Opens the list of the records behind a number. */
  drill?: (drill: Drill) => void;
  openRecord?: (entity: string, id: string) => void;
  taskPath?: (task: Task) => string;
  /** Buttons of rules on a record. */
  actions?: (entity: RuntimeEntity, record: RecordData, rules: string[]) => ReactNode;
  checklist?: ChecklistStep[];
}

export interface ChartProps<C = Record<string, Json>> {
  widget: Widget;
  config: C;
  data: ChartData;
  host: ChartHost;
}

export interface ChartType<C = Record<string, Json>> {
  type: string;
  icon: IconName;
  Chart: ComponentType<ChartProps<C>>;
  /** Whether there is anything to show; charts that say so themselves leave it out. */
  isEmpty?: (data: ChartData) => boolean;
  /** Nothing is asked of the server. */
  still?: boolean;
  /** The height on a phone in pixels; by its content when left out. */
  phoneHeight?: number;
  /** What it is like before its answer: one figure, a drawing, or lines when left out. */
  waitsAs?: 'figure' | 'drawing';
  /** The content has no inner space of the card. */
  flush?: boolean;
}

/** Declares a widget type. The registry finds it by its folder's index.ts. */
export function defineChart<C>(type: ChartType<C>): ChartType {
  // Settings are checked by the server; here each type trusts its own shape.
  return type as unknown as ChartType;
}

/** Whether an aggregation came back without groups. */
export function noRows(data: ChartData): boolean {
  return (data.queries.main?.rows?.length ?? 0) === 0;
}

/** Whether a list came back without records. */
export function noRecords(data: ChartData): boolean {
  return (data.queries.main?.records?.length ?? 0) === 0;
}
