// Rows on a phone: a card each, edited in a sheet from below.
import { useState } from 'react';
import type { RuntimeField } from '@/api/types';
import { Button } from '@/kit/Button';
import { Drawer } from '@/kit/Drawer';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { type FieldContext, isEmpty, option } from '../define';
import { fillPatch, fills } from '../fill';
import { fieldOf } from '../index';
import type { RowActions } from './Input';
import { keyOf, type Row, summedColumns, totalOf, typed } from './rows';
import styles from './subform.module.css';

export interface CardsProps {
  rows: Row[];
  columns: RuntimeField[];
  field: RuntimeField;
  ctx: FieldContext;
  disabled?: boolean;
  actions: RowActions;
  mistakes: Record<string, string>;
  onAdd: () => number;
  canAdd: boolean;
  record?: Readonly<Record<string, unknown>>;
}

export function Cards({ rows, columns, field, ctx, disabled, actions, mistakes, onAdd, canAdd }: CardsProps) {
  const [open, setOpen] = useState<number | null>(null);
  const wanted = option<string>(field, 'title', '');
  const title = columns.find((c) => c.id === wanted || c.key === wanted) ?? columns[0];
  const sums = summedColumns(columns);
  const amount = [...columns].reverse().find((c) => sums.has(c.key) && c !== title);
  const words = (column: RuntimeField | undefined, row: Row) =>
    column ? fieldOf(column.type).format(row[column.key], column, ctx) : '';
  const row = open === null ? undefined : rows[open];
  const set = (patch: Record<string, unknown>) => {
    if (open !== null && row) actions.set(open, { ...row, ...patch });
  };
  return (
    <div className={styles.cards}>
      {rows.map((one, i) => {
        const bad = Object.keys(mistakes).filter((path) => path.startsWith(`${i}/`)).length;
        const rest = columns
          .filter((c) => c !== title && c !== amount && !isEmpty(one[c.key]))
          .slice(0, 3)
          .map((c) => `${textOf(c.name)} ${words(c, one)}`)
          .join(' · ');
        return (
          <button key={keyOf(one)} type="button" className={styles.card} onClick={() => setOpen(i)}>
            <span className={styles.cardTitle}>{words(title, one) || t('fields.rowN', { n: i + 1 })}</span>
            <span className={styles.cardTotal}>{words(amount, one)}</span>
            {rest && <span className={styles.cardLine}>{rest}</span>}
            {bad > 0 && <span className={styles.cardBad}>{t('fields.mistakes', { n: bad })}</span>}
          </button>
        );
      })}
      {rows.length === 0 && <p className={styles.empty}>{t('fields.noRows')}</p>}
      <div className={styles.foot}>
        {!disabled && (
          <Button variant="plain" icon="plus" disabled={!canAdd} onClick={() => setOpen(onAdd())}>
            {t('fields.addRow')}
          </Button>
        )}
        {amount && rows.length > 1 && (
          <span className={styles.pager}>
            {t('fields.total')} {fieldOf(amount.type).format(totalOf(rows, amount), amount, ctx)}
          </span>
        )}
      </div>
      <Drawer
        opened={row !== undefined}
        onClose={() => setOpen(null)}
        title={t('fields.rowN', { n: (open ?? 0) + 1 })}
        footer={
          <div className={styles.sheetFoot}>
            {!disabled && (
              <>
                <Button
                  variant="danger"
                  onClick={() => {
                    if (open !== null) actions.remove(open);
                    setOpen(null);
                  }}
                >
                  {t('common.delete')}
                </Button>
                <Button
                  disabled={!canAdd}
                  onClick={() => {
                    if (open === null) return;
                    actions.copy(open);
                    setOpen(open + 1);
                  }}
                >
                  {t('common.duplicate')}
                </Button>
              </>
            )}
            <span className={styles.spring} />
            {!disabled && (
              <Button disabled={!canAdd} onClick={() => setOpen(onAdd())}>
                {t('fields.nextRow')}
              </Button>
            )}
            <Button variant="primary" onClick={() => setOpen(null)}>
              {t('common.done')}
            </Button>
          </div>
        }
      >
        {row &&
          columns.map((column) => {
            const type = fieldOf(column.type);
            return (
              <type.Input
                key={column.id}
                label={textOf(column.name)}
                help={textOf(column.help) || undefined}
                required={column.required && typed(column)}
                disabled={disabled || !typed(column)}
                field={column}
                ctx={ctx}
                value={row[column.key]}
                record={row}
                error={mistakes[`${open}/${column.key}`]}
                onChange={(value) => set({ [column.key]: value })}
                onPicked={
                  fills(column)
                    ? async (target) => {
                        const entity = column.link?.entity;
                        const whole =
                          target && entity && ctx.app?.load ? await ctx.app.load(entity, target.id) : target;
                        set({
                          [column.key]: target?.id ?? null,
                          ...fillPatch(
                            column,
                            whole,
                            entity ? ctx.app?.entity(entity)?.fields : undefined,
                            field.fields ?? [],
                          ),
                        });
                      }
                    : undefined
                }
              />
            );
          })}
      </Drawer>
    </div>
  );
}
