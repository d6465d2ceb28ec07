import { expect, test } from 'vitest';
import { changes, rowsOf } from './counts';

test('only rows that are written count', () => {
  expect(rowsOf({ created: 3, updated: 2, unchanged: 80 })).toBe(5);
  expect(rowsOf({ unchanged: 85 })).toBe(0);
});

test('an import of known rows changes nothing, unless it adds people or related records', () => {
  expect(changes({ created: 0, updated: 0, unchanged: 85, members: 0, related: {} })).toBe(false);
  expect(changes({ unchanged: 85, members: 1 })).toBe(true);
  expect(changes({ unchanged: 85, related: { product: 2 } })).toBe(true);
  expect(changes({ created: 1 })).toBe(true);
});
