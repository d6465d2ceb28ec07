import { describe, expect, it } from 'vitest';
import type { RuntimeField } from '@/api/types';
import { setTimeZone } from '@/locales/format';
import { addMonths, dayOf, daySlots, minuteOf, movedTo, pageDays, spansOf, weekBars, weekStart } from './days';

setTimeZone('Asia/Shanghai');

const field = (key: string, kind: string): RuntimeField => ({
  id: key,
  key,
  name: key,
  type: kind,
  kind,
  traits: {},
  readable: true,
  writable: true,
});
const date = field('on', 'date');
const until = field('until', 'date');
const time = field('at', 'time');

describe('days', () => {
  it('lays a month out in whole weeks from Monday', () => {
    const november = pageDays('2026-11-22', 'month');
    expect(november[0]).toBe('2026-10-26');
    expect(november.at(-1)).toBe('2026-12-06');
    expect(november).toHaveLength(42);
    expect(pageDays('2027-02-10', 'month')).toHaveLength(28);
    expect(pageDays('2026-11-22', 'week')).toEqual([
      '2026-11-16',
      '2026-11-17',
      '2026-11-18',
      '2026-11-19',
      '2026-11-20',
      '2026-11-21',
      '2026-11-22',
    ]);
    expect(weekStart('2026-11-16')).toBe('2026-11-16');
    expect(addMonths('2026-12-31', 1)).toBe('2027-01-01');
  });
  it('reads moments in the reader’s zone and keeps the time of day when moved', () => {
    expect(dayOf('2026-11-22T17:30:00Z', time)).toBe('2026-11-23');
    expect(minuteOf('2026-11-22T17:30:00Z', time)).toBe(90);
    expect(movedTo('2026-11-22T17:30:00Z', time, '2026-11-30')).toBe('2026-11-29T17:30:00Z');
    expect(movedTo(null, time, '2026-11-30', 600)).toBe('2026-11-30T02:00:00Z');
    expect(movedTo('2026-11-22', date, '2026-11-30')).toBe('2026-11-30');
  });
  it('puts bars on as few lines as they need', () => {
    const records = [
      { id: 'a', rev: 1, on: '2026-11-16', until: '2026-11-18' },
      { id: 'b', rev: 1, on: '2026-11-17', until: null },
      { id: 'c', rev: 1, on: '2026-11-19', until: '2026-11-25' },
      { id: 'd', rev: 1, on: null, until: null },
    ];
    const bars = weekBars(spansOf(records, date, until), pageDays('2026-11-17', 'week'));
    expect(bars.map((b) => [b.record.id, b.column, b.length, b.lane, b.after])).toEqual([
      ['a', 0, 3, 0, false],
      ['b', 1, 1, 1, false],
      ['c', 3, 4, 0, true],
    ]);
  });
  it('sets overlapping times side by side', () => {
    const r = (id: string, from: number, to: number) => ({ record: { id, rev: 1 }, from, to });
    const slots = daySlots([r('a', 60, 120), r('b', 90, 150), r('c', 150, 200)]);
    expect(slots.map((s) => [s.record.id, s.column, s.columns])).toEqual([
      ['a', 0, 2],
      ['b', 1, 2],
      ['c', 0, 1],
    ]);
  });
});
