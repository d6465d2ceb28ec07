import { expect, test } from 'vitest';
import { changeOf, kpiOf, reached } from './kpi';

const one = (value: number | null) => ({ entity: 'x', measures: [{ as: 'm0' }], rows: [{ m0: value }] });

test('a ratio divides, also of the previous period', () => {
  const kpi = kpiOf({ main: one(3), ratio: one(12), previous: one(1), ratio_previous: one(0) });
  expect(kpi).toEqual({ ratio: true, value: 0.25, before: null });
  expect(changeOf(kpi, true)).toBeNull();
});

test('a change is a share of what was, or points of a percentage', () => {
  expect(changeOf({ ratio: false, value: 15, before: 10 }, false)).toBe(0.5);
  expect(changeOf({ ratio: false, value: 15, before: 0 }, false)).toBeNull();
  expect(changeOf({ ratio: true, value: 0.5, before: 0.25 }, true)).toBe(0.25);
});

test('a goal of nothing is no goal', () => {
  expect(reached(5, 10)).toBe(0.5);
  expect(reached(5, 0)).toBeNull();
  expect(reached(null, 10)).toBeNull();
});
