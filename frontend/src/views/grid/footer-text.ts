import { type FieldContext, fieldOf } from '@/fields';
import { formatNumber, type Numeric } from '@/locales/format';
import type { Column } from './columns';

/** A total in the words of its field: money as money, a date as a date. */
export function totalText(column: Column, value: unknown, ctx: FieldContext): string {
  if (value === null || value === undefined) return '';
  const { field, footer } = column;
  if (footer === 'count' || footer === 'filled') return formatNumber(value as Numeric);
  if (footer === 'avg' && field.type === 'number') return formatNumber(value as Numeric, { thousands: true });
  return fieldOf(field.type).format(value as never, field, ctx);
}
