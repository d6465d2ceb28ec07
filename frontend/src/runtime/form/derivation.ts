// How a computed value comes about, in words.
import type { RuntimeEntity, RuntimeField } from '@/api/types';
import { tokenize } from '@/expr/tokens';
import { type FieldContext, fieldOf } from '@/fields';
import { lookup, t } from '@/locales';
import { textOf } from '@/locales/text';
import { findField } from '@/views/shared/system';
import { type Scope, scopeOf } from '../filter/condition';
import { exprText, formulaText } from '../filter/words';

export interface Derivation {
  words: string;
  /** The fields of the record that it is computed from, with their values. */
  inputs: { label: string; value: string }[];
}

/** What is known of the app's forms. */
export type Forms = Pick<Scope, 'entityOf' | 'params'>;

const named = (entity: RuntimeEntity | undefined, ref: unknown): RuntimeField | undefined =>
  entity && typeof ref === 'string' ? findField(entity, ref) : undefined;

/** How a field's value comes about; null where the field says nothing of it. */
export function derivationOf(
  field: RuntimeField,
  entity: RuntimeEntity,
  forms: Forms,
  valueAt: (key: string) => unknown,
  ctx: FieldContext,
): Derivation | null {
  const o = field.options ?? {};
  if (typeof o.expr === 'string') {
    const scope = scopeOf({ entity, ...forms });
    const inputs = readBy(o.expr, entity).map((f) => ({
      label: textOf(f.name),
      value: fieldOf(f.type).format(valueAt(f.key) as never, f, ctx) || t('filter.blank'),
    }));
    return { words: formulaText(o.expr, scope, ctx), inputs };
  }
  if (typeof o.fn === 'string') {
    const rows = named(entity, o.rows);
    const target = typeof o.entity === 'string' ? forms.entityOf(o.entity) : undefined;
    const source = rows ? rows.fields?.find((c) => c.id === o.field || c.key === o.field) : named(target, o.field);
    const form = textOf(rows?.name ?? target?.name);
    const how = lookup(`record.rollup.${o.fn}`, { form, field: textOf(source?.name) });
    if (!form || !how) return null;
    const only =
      typeof o.filter === 'string' && o.filter && target
        ? t('record.rollup.only', {
            condition: exprText(
              o.filter,
              scopeOf({
                entity: target,
                ...forms,
                root: 'it',
                others: [{ name: 'record', label: textOf(entity.name), entity }],
              }),
              ctx,
            ),
          })
        : '';
    return { words: how + only, inputs: [] };
  }
  const link = named(entity, o.link);
  const source = link?.link ? named(forms.entityOf(link.link.entity), o.field) : undefined;
  if (!link || !source) return null;
  return { words: t('record.takenFrom', { path: `${textOf(link.name)} › ${textOf(source.name)}` }), inputs: [] };
}

/** The record's own fields that a formula reads, in order. */
function readBy(expr: string, entity: RuntimeEntity): RuntimeField[] {
  const tokens = tokenize(expr);
  const keys = tokens.flatMap((token, i) => {
    const within = tokens[i - 1]?.text === '.' || tokens[i - 1]?.text === '?.';
    return token.kind === 'name' && !within && tokens[i + 1]?.text !== '(' ? [token.text] : [];
  });
  const fields = [...new Set(keys)].map((key) => findField(entity, key));
  return fields.filter((f): f is RuntimeField => f?.readable === true && !f.fields);
}
