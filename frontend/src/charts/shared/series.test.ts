import { expect, test } from 'vitest';
import { fillBuckets, nextBucket } from './buckets';
import { axesOf, seriesOf } from './series';

test('spans follow each other over months and years', () => {
  expect(nextBucket('2026-12-01', 'month')).toBe('2027-01-01');
  expect(nextBucket('2026-10-01', 'quarter')).toBe('2027-01-01');
  expect(nextBucket('2024-02-26', 'week')).toBe('2024-03-04');
});

test('spans without records are filled in', () => {
  expect(fillBuckets(['2026-03-01', '2026-01-01'], 'month')).toEqual(['2026-01-01', '2026-02-01', '2026-03-01']);
  expect(fillBuckets([], 'day')).toEqual([]);
});

test('too many spans are not drawn', () => {
  expect(fillBuckets(['2000-01-01', '2026-01-01'], 'day')).toEqual(['2000-01-01', '2026-01-01']);
});

test('a second group becomes lines, and what is missing counts as nothing', () => {
  const { categories, lines } = seriesOf(
    {
      entity: 'deal',
      groups: [
        { as: 'g0', field: 'date', bucket: 'month' },
        { as: 'g1', field: 'owner' },
      ],
      measures: [{ as: 'm0', fn: 'sum', field: 'amount' }],
      rows: [
        { g0: '2026-01-01', g1: 'a', m0: 5 },
        { g0: '2026-03-01', g1: 'b', m0: '7.5' },
      ],
    },
    true,
  );
  expect(categories).toEqual(['2026-01-01', '2026-02-01', '2026-03-01']);
  expect(lines.map((l) => [l.split, l.values])).toEqual([
    ['a', [5, 0, 0]],
    ['b', [0, 0, 7.5]],
  ]);
});

test('a missing average is no zero', () => {
  const { lines } = seriesOf(
    {
      entity: 'x',
      groups: [{ as: 'g0', bucket: 'year' }],
      measures: [{ as: 'm0', fn: 'avg' }],
      rows: [
        { g0: '2024-01-01', m0: 1 },
        { g0: '2026-01-01', m0: 2 },
      ],
    },
    true,
  );
  expect(lines[0]?.values).toEqual([1, null, 2]);
});

test('measures of another kind get the second axis', () => {
  const line = (fn: string) => ({ measure: { as: fn, fn }, values: [] });
  expect(axesOf([line('count'), line('sum'), line('count')], (m) => m.fn ?? '')).toEqual([0, 1, 0]);
});
