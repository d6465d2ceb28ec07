import { describe, expect, it } from 'vitest';
import type { Widget } from '@/api/types';
import { freePlace, nudgeWidget, settle } from './widgets';

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
});
