import type { Json, RuntimeField } from '@/api/types';
import { type FieldContext, fieldOf } from '@/fields';
import { Tag } from '@/kit/Tag';
import { t } from '@/locales';
import { formatDateTime, formatNumber } from '@/locales/format';
import { resolve, type Scope } from './condition';
import styles from './filter.module.css';
import { exprText, formulaText } from './words';

/** A part of an expression and what it came to. */
export interface Seen {
  text: string;
  value?: Json;
}

/** A value without a field that could show it. */
export function plainValue(value: Json | undefined): string {
  if (value === null || value === undefined || value === '') return t('filter.blank');
  if (typeof value === 'boolean') return value ? t('common.yes') : t('common.no');
  if (typeof value === 'number') return formatNumber(value);
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT/.test(value) ? formatDateTime(value) : value;
  if (Array.isArray(value)) return value.map(plainValue).join(t('common.comma'));
  return JSON.stringify(value);
}

/** The field that a part is nothing but. */
function fieldIn(text: string, scope: Scope): RuntimeField | undefined {
  const own = `${scope.root || 'record'}.`;
  const path = text.startsWith(own) ? text.slice(own.length) : text;
  return /^[\p{L}\p{N}_.$]+$/u.test(path) ? resolve(scope, path)?.field : undefined;
}

/** What a part came to; a field shows its value in its own way. */
export function seenValue({ text, value }: Seen, scope: Scope, ctx: FieldContext): string {
  const field = fieldIn(text, scope);
  // Somebody or something without a field of its own, such as who is asking.
  if (!field && typeof value === 'string' && ctx.names[value]) return ctx.names[value];
  if (value === null || value === undefined || value === '' || !field) return plainValue(value);
  return fieldOf(field.type).format(value as never, field, ctx) || plainValue(value);
}

/** An expression part by part, in words, each with its value. */
export function SeenList({ list, scope, ctx }: { list: Seen[]; scope: Scope; ctx: FieldContext }) {
  return (
    <ul className={styles.seen}>
      {list.map((one) => {
        const field = fieldIn(one.text, scope);
        return (
          <li key={one.text} className={styles.seenRow}>
            <span className={styles.seenText}>
              {field ? formulaText(one.text, scope, ctx) : exprText(one.text, scope, ctx)}
            </span>
            {typeof one.value === 'boolean' && !field ? (
              <Tag hue={one.value ? 'green' : 'gray'}>{one.value ? t('filter.holds') : t('filter.holdsNot')}</Tag>
            ) : (
              <span className={styles.seenValue}>{seenValue(one, scope, ctx)}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
