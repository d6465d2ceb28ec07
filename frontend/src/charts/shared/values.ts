// Groups and measures in words.
import type { Json, RuntimeEntity, RuntimeField } from '@/api/types';
import { choicesOf, fieldOf } from '@/fields';
import { t } from '@/locales';
import {
  formatCompact,
  formatDate,
  formatMoney,
  formatMonth,
  formatMonthDay,
  formatNumber,
  formatPercent,
} from '@/locales/format';
import { textOf } from '@/locales/text';
import type { ChartHost, DataColumn } from '../define';

export type Format = 'auto' | 'number' | 'percent' | 'money' | undefined;

export function fieldNamed(entity: RuntimeEntity | undefined, key: string | undefined): RuntimeField | undefined {
  return entity?.fields.find((f) => f.key === key || f.id === key);
}

/** A group's value in words. */
export function groupLabel(
  value: Json,
  column: DataColumn,
  entity: RuntimeEntity | undefined,
  host: ChartHost,
  /** The field's name stands above it. */
  headed = false,
): string {
  if (value === null || value === undefined || value === '') return t('board.blank');
  if (column.bucket) return bucketLabel(String(value), column.bucket);
  const field = fieldNamed(entity, column.field);
  if (typeof value === 'boolean') {
    const answer = value ? t('common.yes') : t('common.no');
    // Away from its field a yes says nothing.
    return field && !headed ? t('board.answer', { name: textOf(field.name), answer }) : answer;
  }
  if (!field) return host.ctx.names[String(value)] ?? String(value);
  const choice = choicesOf(field).find((c) => c.key === value);
  if (choice) return textOf(choice.label);
  if (field.kind === 'time' || field.kind === 'date') return formatDate(String(value));
  const name = host.ctx.names[String(value)];
  if (name) return name;
  return fieldOf(field.type).format(value, field, host.ctx) || String(value);
}

/** The hue that a choice has everywhere. */
export function groupHue(value: Json, column: DataColumn, entity: RuntimeEntity | undefined): string | undefined {
  const field = fieldNamed(entity, column.field);
  return field ? choicesOf(field).find((c) => c.key === value)?.hue : undefined;
}

/** A span of dates by its first day. */
export function bucketLabel(day: string, bucket: string): string {
  const [y = '', m = ''] = day.split('-');
  switch (bucket) {
    case 'year':
      return t('board.year', { y });
    case 'quarter':
      return t('board.quarter', { y, q: String(Math.floor((Number(m) - 1) / 3) + 1) });
    case 'month':
      return formatMonth(day);
    default:
      return formatMonthDay(day);
  }
}

/** What a measure is called. */
export function measureLabel(column: DataColumn, entity: RuntimeEntity | undefined): string {
  const own = textOf(column.label);
  if (own) return own;
  const field = fieldNamed(entity, column.field);
  if (!field) return t('board.count');
  const name = textOf(field.name);
  switch (column.fn) {
    case 'avg':
      return t('board.avg', { name });
    case 'min':
      return t('board.min', { name });
    case 'max':
      return t('board.max', { name });
    case 'count':
      return t('board.countOf', { name });
    default:
      return name;
  }
}

/** A number as exact as its reader needs it. */
export function measureText(
  value: Json | undefined,
  column: DataColumn | undefined,
  entity: RuntimeEntity | undefined,
  format: Format = 'auto',
): string {
  if (value === null || value === undefined) return '–';
  const field = column && column.fn !== 'count' ? fieldNamed(entity, column.field) : undefined;
  if (field && (field.kind === 'date' || field.kind === 'time')) return formatDate(String(value));
  const n = Number(value);
  if (Number.isNaN(n)) return String(value);
  const computed = field?.options?.format;
  const kind =
    format && format !== 'auto'
      ? format
      : field?.type === 'money' || computed === 'money'
        ? 'money'
        : field?.type === 'percent' || computed === 'percent'
          ? 'percent'
          : 'number';
  switch (kind) {
    case 'money':
      return formatMoney(
        n,
        String(field?.options?.currency ?? 'CNY'),
        Math.abs(n) >= 1000 || Number.isInteger(n) ? 0 : 2,
      );
    case 'percent':
      return formatPercent(n, Number.isInteger(Math.round(n * 1e6) / 1e4) ? 0 : 1);
    default:
      return formatNumber(Math.round(n * 100) / 100);
  }
}

/** A number on an axis. */
export function axisText(value: number, column: DataColumn | undefined, entity: RuntimeEntity | undefined): string {
  const field = column && column.fn !== 'count' ? fieldNamed(entity, column.field) : undefined;
  if (field?.type === 'percent' || field?.options?.format === 'percent') return formatPercent(value);
  // Steps of less than one need their digits: 0.05, 0.1, 0.15.
  return Math.abs(value) < 1 ? formatNumber(Number(value.toPrecision(2))) : formatCompact(value);
}

/** Groups without an order of their own stand in the order of the field's options. */
export function inOptionOrder<R extends Record<string, Json>>(
  rows: R[],
  column: DataColumn | undefined,
  entity: RuntimeEntity | undefined,
): R[] {
  const field = column && fieldNamed(entity, column.field);
  const choices = field ? choicesOf(field) : [];
  if (!column || choices.length === 0) return rows;
  const place = new Map(choices.map((c, i) => [c.key, i]));
  const at = (row: R) => place.get(String(row[column.as])) ?? choices.length;
  return [...rows].sort((a, b) => at(a) - at(b));
}
