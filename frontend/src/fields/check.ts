// What the options of a field refuse, as far as the browser can tell before the
// server does. It decides by kind and option, so that every type is covered.
import type { RuntimeField, Text } from '@/api/types';
import { t } from '@/locales';
import { formatDate, formatNumber, type Numeric } from '@/locales/format';
import { textOf } from '@/locales/text';
import { type FieldContext, isEmpty, option } from './define';
import { fieldOf } from './index';

/** What is wrong with a value that is filled in; undefined when nothing is. */
export function checkValue(value: unknown, field: RuntimeField, ctx: FieldContext): string | undefined {
  if (isEmpty(value)) return undefined;
  // A value that was masked for this reader is not theirs to judge.
  if (field.masked && typeof value === 'string' && value.includes('*')) return undefined;
  const own = fieldOf(field.type).check?.(value, field, ctx);
  if (own) return own;
  if (field.kind === 'number') return checkNumber(value as Numeric, field);
  if (field.kind === 'date') return checkDate(String(value), field);
  if (field.kind === 'text' && typeof value === 'string') return checkText(value, field);
  if (field.kind === 'list' && Array.isArray(value)) {
    const most = option<number | undefined>(field, 'max_count', undefined);
    if (most !== undefined && value.length > most) return t('form.atMostItems', { n: most });
  }
  if (field.kind === 'rows' && Array.isArray(value)) {
    const most = option<number | undefined>(field, 'max_rows', undefined);
    const fewest = option(field, 'min_rows', 0);
    if (most !== undefined && value.length > most) return t('form.atMostRows', { n: most });
    if (value.length < fewest) return t('form.atLeastRows', { n: fewest });
  }
  return undefined;
}

function checkNumber(value: Numeric, field: RuntimeField): string | undefined {
  const n = Number(value);
  if (Number.isNaN(n)) return t('form.notNumber');
  const min = option<Numeric | undefined>(field, 'min', undefined);
  // The highest score of a rating is no bound that can be passed by its control.
  const max = option<Numeric | undefined>(field, 'max', undefined);
  if (min !== undefined && n < Number(min)) return t('form.atLeast', { n: formatNumber(min) });
  if (max !== undefined && n > Number(max)) return t('form.atMost', { n: formatNumber(max) });
  return undefined;
}

function checkDate(value: string, field: RuntimeField): string | undefined {
  const min = option<string | undefined>(field, 'min', undefined);
  const max = option<string | undefined>(field, 'max', undefined);
  if (min && value < min) return t('form.notBefore', { day: formatDate(min) });
  if (max && value > max) return t('form.notAfter', { day: formatDate(max) });
  return undefined;
}

function checkText(value: string, field: RuntimeField): string | undefined {
  const most = option<number | undefined>(field, 'max_length', undefined);
  const length = [...value].length;
  if (most !== undefined && length > most) return t('form.tooLong', { n: most, count: length });
  const pattern = option<string | undefined>(field, 'pattern', undefined);
  if (pattern && !matches(pattern, value))
    return textOf(option<Text>(field, 'pattern_message', '')) || t('form.pattern');
  return undefined;
}

const patterns = new Map<string, RegExp | null>();

// The server's expressions are of another dialect: one that this browser does
// not understand is left to the server.
function matches(pattern: string, value: string): boolean {
  let compiled = patterns.get(pattern);
  if (compiled === undefined) {
    try {
      compiled = new RegExp(`^(?:${pattern})$`, 'u');
    } catch {
      compiled = null;
    }
    patterns.set(pattern, compiled);
  }
  return compiled === null || compiled.test(value);
}
