import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { attachClosestEdge, extractClosestEdge } from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge';
import { memo, useEffect, useRef, useState } from 'react';
import type { RuntimeField } from '@/api/types';
import { cx } from '@/kit/cx';
import { Icon } from '@/kit/Icon';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import type { FieldContext } from '../define';
import { fillPatch, fills } from '../fill';
import { fieldOf } from '../index';
import { alignOf } from './Cell';
import type { RowActions } from './Input';
import { type Row, typed } from './rows';
import styles from './subform.module.css';

export interface TableRowProps {
  index: number;
  count: number;
  row: Row;
  columns: RuntimeField[];
  field: RuntimeField;
  ctx: FieldContext;
  recordId?: string;
  disabled?: boolean;
  actions: RowActions;
  mistakes: Record<string, string>;
  full: boolean;
}

function RowOfTable({
  index,
  count,
  row,
  columns,
  field,
  ctx,
  recordId,
  disabled,
  actions,
  mistakes,
  full,
}: TableRowProps) {
  const line = useRef<HTMLTableRowElement>(null);
  const grip = useRef<HTMLButtonElement>(null);
  const [edge, setEdge] = useState<'top' | 'bottom' | null>(null);
  const [dragged, setDragged] = useState(false);

  useEffect(() => {
    const element = line.current;
    const handle = grip.current;
    if (!element || !handle || disabled) return;
    const mine = (data: Record<string | symbol, unknown>) => data.subform === field.id;
    return combine(
      draggable({
        element: handle,
        getInitialData: () => ({ subform: field.id, index }),
        onDragStart: () => setDragged(true),
        onDrop: () => setDragged(false),
      }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => mine(source.data),
        getData: ({ input }) => attachClosestEdge({ index }, { element, input, allowedEdges: ['top', 'bottom'] }),
        onDrag: ({ self, source }) =>
          setEdge(source.data.index === index ? null : (extractClosestEdge(self.data) as 'top' | 'bottom' | null)),
        onDragLeave: () => setEdge(null),
        onDrop: ({ self, source }) => {
          setEdge(null);
          const from = source.data.index as number;
          const below = extractClosestEdge(self.data) === 'bottom';
          const to = index + (below ? 1 : 0) - (from < index + (below ? 1 : 0) ? 1 : 0);
          actions.move(from, to);
        },
      }),
    );
  }, [index, disabled, field.id, actions]);

  const set = (patch: Record<string, unknown>) => actions.set(index, { ...row, ...patch });
  const number = index + 1;
  return (
    <tr
      ref={line}
      data-row={index}
      className={cx(dragged && styles.dragged, edge === 'top' && styles.above, edge === 'bottom' && styles.below)}
    >
      <td className={styles.handle}>
        <button
          ref={grip}
          type="button"
          className={styles.grip}
          disabled={disabled}
          aria-label={t('fields.moveRow', { n: number })}
          title={disabled ? undefined : t('fields.moveHint')}
          onKeyDown={(e) => {
            const by = e.key === 'ArrowUp' ? -1 : e.key === 'ArrowDown' ? 1 : 0;
            if (by === 0 || index + by < 0 || index + by >= count) return;
            e.preventDefault();
            e.stopPropagation();
            actions.move(index, index + by);
          }}
        >
          <span>{number}</span>
          <Icon name="grip" size={14} />
        </button>
      </td>
      {columns.map((column) => {
        const type = fieldOf(column.type);
        const name = `${textOf(column.name)} ${number}`;
        return (
          <td key={column.id} data-column={column.key} className={styles[alignOf(column.kind, type.align)]}>
            {typed(column) && !disabled ? (
              <type.Input
                size="sm"
                aria-label={name}
                placeholder=""
                field={column}
                ctx={ctx}
                value={row[column.key]}
                record={row}
                error={mistakes[column.key]}
                onChange={(value) => set({ [column.key]: value })}
                onPicked={
                  fills(column)
                    ? async (target) => {
                        const entity = column.link?.entity;
                        const whole =
                          target && entity && ctx.app?.load ? await ctx.app.load(entity, target.id) : target;
                        const from = entity ? ctx.app?.entity(entity)?.fields : undefined;
                        set({
                          [column.key]: target?.id ?? null,
                          ...fillPatch(column, whole, from, field.fields ?? []),
                        });
                      }
                    : undefined
                }
              />
            ) : (
              <div className={styles.shown}>
                <type.Cell value={row[column.key]} field={column} ctx={ctx} variant="grid" record={recordId} />
              </div>
            )}
          </td>
        );
      })}
      {!disabled && (
        <td className={styles.rowActions}>
          <button
            type="button"
            className={styles.act}
            aria-label={t('fields.copyRow', { n: number })}
            title={t('common.duplicate')}
            disabled={full}
            onClick={() => actions.copy(index)}
          >
            <Icon name="copy" size={14} />
          </button>
          <button
            type="button"
            className={styles.act}
            aria-label={t('fields.removeRow', { n: number })}
            title={t('common.delete')}
            onClick={() => actions.remove(index)}
          >
            <Icon name="trash" size={14} />
          </button>
        </td>
      )}
    </tr>
  );
}

export const TableRow = memo(RowOfTable);
