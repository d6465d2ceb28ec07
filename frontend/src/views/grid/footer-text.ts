import { type FieldContext, fieldOf } from '@/fields';
import { t } from '@/locales';
import { formatNumber, type Numeric } from '@/locales/format';
import type { Column } from './columns';
import { textWidth } from './text-width';

/** Padding of a footer's button, the gap between its words, and a little for rounding. */
const around = 24 + 6 + 2;

/** A total in the words of its field: money as money, a date as a date. */
export function totalText(column: Column, value: unknown, ctx: FieldContext): string {
  if (value === null || value === undefined) return '';
  const { field, footer } = column;
  if (footer === 'count' || footer === 'filled') return formatNumber(value as Numeric);
  if (footer === 'avg' && field.type === 'number') return formatNumber(value as Numeric, { thousands: true });
  return fieldOf(field.type).format(value as never, field, ctx);
}

/** The name and the total as the column has room for them: whole amounts without places first, then a sign for the name. */
export function fitting(
  column: Column,
  value: unknown,
  ctx: FieldContext,
  measure: (text: string) => number = textWidth,
): { name: string; text: string } {
  const text = totalText(column, value, ctx);
  const name = column.footer ? t(`grid.footer.${column.footer}`) : '';
  const { field, footer } = column;
  const counted = footer === 'count' || footer === 'filled';
  const whole = (!counted && fieldOf(field.type).short?.(value as never, field)) || text;
  const names = column.footer === 'sum' ? [name, t('grid.sumSign')] : [name];
  for (const name of names)
    for (const one of [text, whole])
      if (measure(name) + measure(one) + around <= column.width) return { name, text: one };
  return { name: '', text };
}
