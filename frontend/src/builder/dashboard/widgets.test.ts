import { describe, expect, it } from 'vitest';
import type { Widget } from '@/api/types';
import { settle } from '@/runtime/dashboard/layout';
import { freePlace, nudgeWidget, tidy } from './widgets';

const w = (id: string, x: number, y: number, width = 6, height = 4): Widget => ({
  id,
  type: 'kpi',
  title: id,
  x,
  y,
  w: width,
  h: height,
  config: {},
});
const clash = (a: Widget, b: Widget) =>
  a !== b && a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

describe('widgets', () => {
  it('go where there is room', () => {
    expect(freePlace([], { w: 3, h: 3 })).toEqual({ x: 0, y: 0 });
    expect(freePlace([w('a', 0, 0)], { w: 6, h: 4 })).toEqual({ x: 6, y: 0 });
    expect(freePlace([w('a', 0, 0, 12)], { w: 6, h: 4 })).toEqual({ x: 0, y: 4 });
    // Half a row beside one key figure, not a ninth column that nothing fits.
    expect(freePlace([w('a', 0, 0, 3, 3)], { w: 6, h: 7 })).toEqual({ x: 6, y: 0 });
  });

  it('move by the keyboard without covering each other', () => {
    const moved = nudgeWidget([w('a', 0, 0), w('b', 6, 0), w('c', 0, 4, 12)], 'a', { x: 3 });
    expect(moved.find((x) => x.id === 'a')).toMatchObject({ x: 3, y: 0 });
    expect(moved.some((a) => moved.some((b) => clash(a, b)))).toBe(false);
  });

  it('settle without overlaps, whatever they were', () => {
    let seed = 3;
    const random = (n: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % n;
    };
    for (let round = 0; round < 40; round++) {
      const width = 1 + random(12);
      const all = Array.from({ length: 8 }, (_, i) => w(`w${i}`, random(13 - width), random(10), width, 2 + random(4)));
      const settled = settle(all);
      expect(settled.some((a) => settled.some((b) => clash(a, b)))).toBe(false);
      expect(settled.map((x) => x.id)).toEqual(all.map((x) => x.id));
    }
  });

  const holes = (all: Widget[]) => {
    const bottom = Math.max(...all.map((x) => x.y + x.h));
    return 12 * bottom - all.reduce((sum, x) => sum + x.w * x.h, 0);
  };

  it('are tidied without holes where there were some', () => {
    // Two key figures, a chart, and a wide list that left room beside the chart.
    const board = [w('a', 0, 0, 3, 3), w('b', 3, 0, 3, 3), w('c', 6, 3, 6, 7), w('d', 0, 10, 12, 5)];
    const done = tidy(board);
    expect(holes(board)).toBeGreaterThan(0);
    expect(holes(done)).toBe(0);
    expect(done.map((x) => x.id)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('share out a row of their own', () => {
    expect(
      tidy([w('a', 0, 0, 3, 3), w('b', 3, 0, 3, 3), w('c', 6, 0, 3, 3), w('d', 0, 3, 12)]).map((x) => x.w),
    ).toEqual([4, 4, 4, 12]);
  });

  it('are tidied without covering each other, whatever they were', () => {
    let seed = 7;
    const random = (n: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % n;
    };
    for (let round = 0; round < 40; round++) {
      const all = Array.from({ length: 7 }, (_, i) => {
        const width = 2 + random(6);
        return w(`w${i}`, random(13 - width), random(10), width, 2 + random(4));
      });
      const done = tidy(all);
      expect(done.some((a) => done.some((b) => clash(a, b)))).toBe(false);
      expect(done.every((x) => x.x >= 0 && x.x + x.w <= 12)).toBe(true);
      expect(holes(done)).toBeLessThanOrEqual(holes(settle(all)));
    }
  });
});
