import { expect, test } from 'vitest';
import { parseNumber, shiftDecimal, tidyNumber } from './number';

test('numbers are read as people type them', () => {
  expect(parseNumber('1,234.50')).toBe('1234.5');
  expect(parseNumber('１２３．５')).toBe('123.5');
  expect(parseNumber(' -０.30 ')).toBe('-0.3');
  expect(parseNumber('−5')).toBe('-5');
  expect(parseNumber('25%')).toBe('0.25');
  expect(parseNumber('1.2万')).toBe('12000');
  expect(parseNumber('3亿')).toBe('300000000');
  expect(parseNumber('.5')).toBe('0.5');
  expect(parseNumber('007')).toBe('7');
  expect(parseNumber('-0')).toBe('0');
});

test('long numbers stay exact', () => {
  expect(parseNumber('12345678901234567890.123456789')).toBe('12345678901234567890.123456789');
});

test('blank is null and words are no number', () => {
  expect(parseNumber('  ')).toBeNull();
  for (const text of ['abc', '1.2.3', '--1', '1e5', '5 apples', '%']) expect(parseNumber(text)).toBeUndefined();
});

test('decimal points move exactly', () => {
  expect(shiftDecimal('0.07', 2)).toBe('7');
  expect(shiftDecimal('7', -2)).toBe('0.07');
  expect(shiftDecimal('-123.456', 1)).toBe('-1234.56');
  expect(shiftDecimal('0', -2)).toBe('0');
  expect(tidyNumber('１，２３４')).toBe('1234');
});
