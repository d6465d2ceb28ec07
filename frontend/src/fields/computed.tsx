// Values that the server computes: formulas, lookups, rollups. They have no type
// of their own to show them by: the field they come from does, else their kind.
import type { RuntimeField } from '@/api/types';
import { cx } from '@/kit/cx';
import { Icon } from '@/kit/Icon';
import { Tag } from '@/kit/Tag';
import { t } from '@/locales';
import {
  formatDate,
  formatDateTime,
  formatMoney,
  formatNumber,
  formatPercent,
  joinValues,
  type Numeric,
} from '@/locales/format';
import { textOf } from '@/locales/text';
import styles from './cells.module.css';
import { choiceOf, choiceText } from './choices';
import { type CellProps, choicesOf, type FieldContext, type FieldType, isEmpty, option } from './define';
import { fieldOf } from './index';
import { Person } from './Person';

function sourceOf(field: RuntimeField, ctx: FieldContext): RuntimeField | undefined {
  const source = ctx.app?.source?.(field);
  // A lookup of a lookup ends at its kind: sources may form long chains.
  return source && !source.traits.computed ? source : undefined;
}

function oneText(value: unknown, field: RuntimeField, kind: string, ctx: FieldContext): string {
  if (isEmpty(value)) return '';
  if (choicesOf(field).length > 0) return choiceText(field, String(value));
  switch (kind) {
    case 'number': {
      const scale = option<number | undefined>(field, 'scale', undefined);
      const format = option<string>(field, 'format', 'number');
      if (format === 'money') return formatMoney(value as Numeric, option(field, 'currency', 'CNY'), scale ?? 2);
      // The scale is that of the fraction: the percentage shows two places less.
      if (format === 'percent')
        return formatPercent(value as Numeric, scale === undefined ? null : Math.max(0, scale - 2));
      return formatNumber(value as Numeric, { scale });
    }
    case 'bool':
      return t(value ? 'common.yes' : 'common.no');
    case 'date':
      return formatDate(String(value));
    case 'time':
      return formatDateTime(String(value));
    case 'ref': {
      const id = typeof value === 'object' ? (value as { id: string; title?: string }) : null;
      return id ? (id.title ?? ctx.names[id.id] ?? '') : (ctx.names[String(value)] ?? '');
    }
    case 'object':
      return JSON.stringify(value);
    default:
      return String(value);
  }
}

/** A computed value in words. */
export function computedText(value: unknown, field: RuntimeField, ctx: FieldContext): string {
  if (isEmpty(value)) return '';
  const source = sourceOf(field, ctx);
  if (Array.isArray(value)) {
    const each = (one: unknown) =>
      source ? fieldOf(source.type).format(one, source, ctx) : oneText(one, field, field.elem ?? 'text', ctx);
    return joinValues(value.map(each).filter(Boolean));
  }
  return source ? fieldOf(source.type).format(value, source, ctx) : oneText(value, field, field.kind, ctx);
}

/** A computed value as its source or kind shows it. */
export function ComputedCell({ value, field, ctx, variant, record }: CellProps) {
  if (isEmpty(value)) return null;
  const source = sourceOf(field, ctx);
  if (source && (!Array.isArray(value) || source.traits.multiple)) {
    const { Cell } = fieldOf(source.type);
    return <Cell value={value} field={source} ctx={ctx} variant={variant} record={record} />;
  }
  if (choicesOf(field).length > 0) {
    return (
      <span className={cx(styles.tags, variant === 'detail' && styles.wrap)}>
        {(Array.isArray(value) ? value : [value]).map((key) => {
          const choice = choiceOf(field, String(key));
          return (
            <Tag key={String(key)} hue={choice?.hue}>
              {choice ? textOf(choice.label) : String(key)}
            </Tag>
          );
        })}
      </span>
    );
  }
  if (field.kind === 'bool' && variant !== 'detail')
    return value ? <Icon name="tick" label={t('common.yes')} className={styles.tick} /> : null;
  const text = computedText(value, field, ctx);
  if (text && field.traits.holds_member && !Array.isArray(value)) return <Person name={text} />;
  return <span className={variant === 'detail' ? styles.lines : styles.line}>{text}</span>;
}

/** What the three computed types share. */
export const computed: Pick<FieldType, 'Cell' | 'format' | 'empty' | 'width' | 'span'> = {
  Cell: ComputedCell,
  format: computedText,
  empty: null,
  width: 128,
  span: 4,
};
