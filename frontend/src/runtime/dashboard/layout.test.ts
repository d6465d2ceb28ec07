import { expect, test } from 'vitest';
import type { Widget } from '@/api/types';
import { inPhoneOrder, inReadingOrder } from './layout';

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
