import { expect, test } from 'vitest';
import type { Widget } from '@/api/types';
import { inPairs, inPhoneOrder, inReadingOrder } from './layout';

const widget = (id: string, x: number, y: number): Widget => ({
  id,
  type: 'kpi',
  title: id,
  x,
  y,
  w: 3,
  h: 3,
  config: {},
});
const widgets = [widget('c', 0, 3), widget('b', 3, 0), widget('a', 0, 0)];

test('widgets are read from above and the left', () => {
  expect(inReadingOrder(widgets).map((w) => w.id)).toEqual(['a', 'b', 'c']);
});

test('a phone keeps the given order and puts forgotten widgets last', () => {
  expect(inPhoneOrder({ widgets, phone: ['c'] }).map((w) => w.id)).toEqual(['c', 'a', 'b']);
  expect(inPhoneOrder({ widgets }).map((w) => w.id)).toEqual(['a', 'b', 'c']);
});

test('key figures that follow each other share rows of a phone, an odd one has its own', () => {
  const list = { ...widget('list', 0, 0), type: 'list' };
  const ids = (widgets: Widget[]) => [...inPairs(widgets)];
  expect(ids([widget('a', 0, 0), widget('b', 0, 0), widget('c', 0, 0), list])).toEqual(['a', 'b']);
  expect(ids([widget('a', 0, 0), list, widget('b', 0, 0), widget('c', 0, 0)])).toEqual(['b', 'c']);
  expect(ids([widget('a', 0, 0), list])).toEqual([]);
});
