// Days as text ("2026-11-22") and what lies on them. Weeks start on Monday.
import type { RecordData, RuntimeField } from '@/api/types';
import { instantToWall, wallToInstant } from '@/locales/format';

const ms = (day: string) => Date.parse(`${day}T00:00:00Z`);

export function addDays(day: string, n: number): string {
  return new Date(ms(day) + n * 86_400_000).toISOString().slice(0, 10);
}

export function addMonths(day: string, n: number): string {
  const at = new Date(ms(day));
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + n, 1)).toISOString().slice(0, 10);
}

export const daysBetween = (from: string, to: string): number => Math.round((ms(to) - ms(from)) / 86_400_000);

/** The Monday of a day's week. */
export function weekStart(day: string): string {
  return addDays(day, -((new Date(ms(day)).getUTCDay() + 6) % 7));
}

/** The days that a month's page or a week shows. */
export function pageDays(day: string, mode: 'month' | 'week'): string[] {
  const first = mode === 'week' ? weekStart(day) : weekStart(`${day.slice(0, 7)}-01`);
  if (mode === 'week') return Array.from({ length: 7 }, (_, i) => addDays(first, i));
  const weeks = Math.ceil((daysBetween(first, addMonths(day, 1)) || 1) / 7);
  return Array.from({ length: weeks * 7 }, (_, i) => addDays(first, i));
}

/** The day of a date or moment as its reader sees it. */
export function dayOf(value: unknown, field: RuntimeField): string | null {
  if (typeof value !== 'string' || value === '') return null;
  return field.kind === 'time' ? instantToWall(value).slice(0, 10) : value.slice(0, 10);
}

/** The minute of the day of a moment; null for dates. */
export function minuteOf(value: unknown, field: RuntimeField): number | null {
  if (field.kind !== 'time' || typeof value !== 'string' || value === '') return null;
  const wall = instantToWall(value);
  return Number(wall.slice(11, 13)) * 60 + Number(wall.slice(14, 16));
}

/** A value moved to another day, at the same time of day or at a given minute. */
export function movedTo(value: unknown, field: RuntimeField, day: string, minute?: number): string {
  if (field.kind !== 'time') return day;
  const clock =
    minute !== undefined
      ? `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:00`
      : typeof value === 'string' && value !== ''
        ? instantToWall(value).slice(11)
        : '09:00:00';
  return wallToInstant(`${day} ${clock}`);
}

export interface Span {
  record: RecordData;
  from: string;
  to: string;
}

/** The records that have a start, with their first and last day. */
export function spansOf(records: RecordData[], start: RuntimeField, end: RuntimeField | undefined): Span[] {
  return records.flatMap((record) => {
    const from = dayOf(record[start.key], start);
    if (!from) return [];
    const until = end ? dayOf(record[end.key], end) : null;
    return [{ record, from, to: until && until > from ? until : from }];
  });
}

export interface Bar extends Span {
  /** Column of its first day in the week, how many days it covers there, and its line. */
  column: number;
  length: number;
  lane: number;
  /** It began before this week, or goes on after it. */
  before: boolean;
  after: boolean;
}

/** Bars of one week on as few lines as they need; long ones first, so that they stay straight. */
export function weekBars(spans: Span[], days: string[]): Bar[] {
  const first = days[0] as string;
  const last = days.at(-1) as string;
  const inWeek = spans
    .filter((s) => s.from <= last && s.to >= first)
    .sort(
      (a, b) =>
        (a.from < first ? first : a.from).localeCompare(b.from < first ? first : b.from) ||
        daysBetween(b.from, b.to) - daysBetween(a.from, a.to),
    );
  const lanes: number[] = [];
  return inWeek.map((s) => {
    const column = s.from < first ? 0 : daysBetween(first, s.from);
    const end = s.to > last ? days.length - 1 : daysBetween(first, s.to);
    let lane = lanes.findIndex((free) => free <= column);
    if (lane < 0) lane = lanes.length;
    lanes[lane] = end + 1;
    return { ...s, column, length: end - column + 1, lane, before: s.from < first, after: s.to > last };
  });
}

export interface Slot {
  record: RecordData;
  from: number;
  to: number;
  /** Side by side with others at the same time. */
  column: number;
  columns: number;
}

/** Records of one day beside each other where their times overlap. */
export function daySlots(items: { record: RecordData; from: number; to: number }[]): Slot[] {
  const sorted = [...items].sort((a, b) => a.from - b.from || b.to - a.to);
  const out: Slot[] = [];
  let cluster: Slot[] = [];
  let ends: number[] = [];
  let until = -1;
  const close = () => {
    for (const slot of cluster) slot.columns = ends.length;
    cluster = [];
    ends = [];
  };
  for (const item of sorted) {
    if (item.from >= until) close();
    let column = ends.findIndex((end) => end <= item.from);
    if (column < 0) column = ends.length;
    ends[column] = item.to;
    until = Math.max(until, item.to);
    const slot: Slot = { ...item, column, columns: 1 };
    cluster.push(slot);
    out.push(slot);
  }
  close();
  return out;
}
