// Numbers of any field: as shown, as edited, as read.
import type { RuntimeField, Text } from '@/api/types';
import { parseNumber, shiftDecimal } from '@/kit/number';
import { formatMoney, formatNumber, formatPercent, type Numeric } from '@/locales/format';
import { textOf } from '@/locales/text';
import { isEmpty, option } from './define';

/** Whether values travel as text because a double would round them. */
export function exact(field: RuntimeField): boolean {
  return option(field, 'precision', 15) > 15;
}

/** Decimal text of a number on the wire, without an exponent. */
export function decimal(value: Numeric): string {
  if (typeof value === 'string') return value;
  const text = String(value);
  return text.includes('e') ? value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 }) : text;
}

/** A plain number with its unit: 1,234.50 kg. */
export function numberText(value: Numeric | null | undefined, field: RuntimeField): string {
  if (isEmpty(value)) return '';
  const scale = option<number | undefined>(field, 'scale', undefined);
  const text = formatNumber(value, { scale, thousands: option(field, 'thousands', false) });
  const unit = textOf(option<Text>(field, 'unit', ''));
  if (unit === '') return text;
  return /^[a-z]/i.test(unit) ? `${text} ${unit}` : text + unit;
}

export function moneyText(value: Numeric | null | undefined, field: RuntimeField): string {
  return formatMoney(value, option(field, 'currency', 'CNY'), option(field, 'scale', 2));
}

export function percentText(value: Numeric | null | undefined, field: RuntimeField): string {
  return formatPercent(value, option(field, 'scale', 0));
}

/** A typed number: null for blank, undefined when it is none. Currency signs and units are skipped. */
export function readNumber(text: string, field: RuntimeField): Numeric | null | undefined {
  const unit = textOf(option<Text>(field, 'unit', ''));
  let clean = text
    .trim()
    .replace(/^(?:CN¥|JP¥|US\$|HK\$|NT\$|[¥￥$€£₩₹฿₫₽₱])\s*/i, '')
    .replace(/\s*元$/, '');
  if (unit !== '' && clean.endsWith(unit)) clean = clean.slice(0, -unit.length);
  const parsed = parseNumber(clean);
  if (parsed === null || parsed === undefined) return parsed;
  return exact(field) ? parsed : Number(parsed);
}

/** A typed share: 25 and 25% are both a quarter. */
export function readPercent(text: string): Numeric | null | undefined {
  const parsed = parseNumber(text);
  if (parsed === null || parsed === undefined) return parsed;
  return Number(/[%％]/.test(text) ? parsed : shiftDecimal(parsed, -2));
}
