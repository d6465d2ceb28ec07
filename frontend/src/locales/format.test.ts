import { beforeEach, describe, expect, test } from 'vitest';
import { setLocale } from '.';
import {
  civilDate,
  daysUntil,
  formatDate,
  formatDateTime,
  formatDay,
  formatDuration,
  formatMoney,
  formatMonth,
  formatMonthDay,
  formatNumber,
  formatPercent,
  formatRelative,
  formatSize,
  instantToWall,
  joinValues,
  setTimeZone,
  wallToInstant,
} from './format';

beforeEach(async () => {
  setTimeZone('Asia/Shanghai');
  await setLocale('zh-CN');
});

describe('numbers', () => {
  test('have separators and the asked places', () => {
    expect(formatNumber(3284)).toBe('3,284');
    expect(formatNumber(3284, { thousands: false })).toBe('3284');
    expect(formatNumber(1.5, { scale: 2 })).toBe('1.50');
  });

  test('longer than a double stay exact', () => {
    expect(formatNumber('12345678901234567890.12', { scale: 2 })).toBe('12,345,678,901,234,567,890.12');
    expect(formatMoney('9007199254740993.01')).toBe('¥9,007,199,254,740,993.01');
  });

  test('are blank when there is none', () => {
    expect(formatNumber(null)).toBe('');
    expect(formatMoney(undefined)).toBe('');
    expect(formatPercent('')).toBe('');
    expect(formatNumber(0)).toBe('0');
  });

  test('as shares and money', async () => {
    expect(formatPercent(0.256, 1)).toBe('25.6%');
    expect(formatPercent(0.08, null)).toBe('8%');
    expect(formatMoney(486_200)).toBe('¥486,200.00');
    await setLocale('en-US');
    expect(formatMoney(486_200)).toBe('¥486,200.00');
    expect(formatMoney(12.5, 'USD')).toBe('$12.50');
    expect(formatMoney(-3, 'JPY', 0)).toBe('-¥3');
  });

  test('as sizes', () => {
    expect(formatSize(900)).toBe('900 B');
    expect(formatSize(1536)).toBe('1.5 KB');
    expect(formatSize(20 * 1024 * 1024)).toBe('20 MB');
  });
});

test('values beside each other are set apart as the language does it', async () => {
  expect(joinValues(['华东', '华南'])).toBe('华东、华南');
  await setLocale('en-US');
  expect(joinValues(['East', 'South'])).toBe('East, South');
});

describe('dates', () => {
  test('have one form per language', async () => {
    expect(formatDate('2026-11-25')).toBe('2026-11-25');
    expect([formatMonth('2026-11-01'), formatMonthDay('2026-11-25')]).toEqual(['2026-11', '11-25']);
    await setLocale('en-US');
    expect(formatDate('2026-11-25')).toBe('Nov 25, 2026');
    expect([formatMonth('2026-11-01'), formatMonthDay('2026-11-25')]).toEqual(['Nov 2026', 'Nov 25']);
  });

  test('of instants are those of the zone', () => {
    expect(formatDateTime('2026-11-24T18:30:00Z')).toBe('2026-11-25 02:30');
    setTimeZone('America/New_York');
    expect(formatDateTime('2026-11-24T18:30:00Z')).toBe('2026-11-24 13:30');
    expect(civilDate(new Date('2026-11-25T03:00:00Z'))).toBe('2026-11-24');
  });

  test('show midnight as 00:00', () => {
    expect(formatDateTime('2026-11-24T16:00:00Z')).toBe('2026-11-25 00:00');
  });

  test('near now are said in words', () => {
    const now = new Date('2026-11-22T09:42:00+08:00');
    expect(formatRelative('2026-11-22T09:41:40+08:00', now)).toBe('刚刚');
    expect(formatRelative('2026-11-22T09:30:00+08:00', now)).toBe('12 分钟前');
    expect(formatRelative('2026-11-22T08:00:00+08:00', now)).toBe('今天 08:00');
    expect(formatRelative('2026-11-21T23:59:00+08:00', now)).toBe('昨天 23:59');
    expect(formatRelative('2026-11-18T17:26:00+08:00', now)).toBe('11-18 17:26');
    expect(formatRelative('2025-11-18T17:26:00+08:00', now)).toBe('2025-11-18 17:26');
    expect(formatDay('2026-11-23', now)).toBe('明天');
    expect(daysUntil('2026-11-20', now)).toBe(-2);
  });

  test('survive what is no date', () => {
    expect(formatDateTime('soon')).toBe('soon');
    expect(formatDate(null)).toBe('');
  });

  test('go to wall time and back', () => {
    expect(instantToWall('2026-11-25T02:00:00Z', 'Asia/Shanghai')).toBe('2026-11-25 10:00:00');
    expect(wallToInstant('2026-11-25 10:00:00', 'Asia/Shanghai')).toBe('2026-11-25T02:00:00Z');
    for (const wall of ['2026-03-08 01:30:00', '2026-03-08 03:30:00', '2026-11-01 00:30:00', '2026-07-01 12:00:00']) {
      expect(instantToWall(wallToInstant(wall, 'America/New_York'), 'America/New_York')).toBe(wall);
    }
    // 02:30 does not exist on the day the clocks go forward.
    expect(instantToWall(wallToInstant('2026-03-08 02:30:00', 'America/New_York'), 'America/New_York')).toBe(
      '2026-03-08 03:30:00',
    );
  });

  test('and lengths of time', () => {
    expect(formatDuration(412)).toBe('412 ms');
    expect(formatDuration(65_000)).toBe('1 分钟 5 秒');
    expect(formatDuration(3 * 86_400_000)).toBe('3 天');
  });
});
