// biome-ignore-all lint/a11y/useSemanticElements: rows and cells are placed by hand; a table cannot be virtual
// biome-ignore-all lint/a11y/useFocusableInteractive: one text box keeps the focus and names the active cell
import { memo } from 'react';
import type { RuntimeField } from '@/api/types';
import { type FieldContext, fieldOf } from '@/fields';
import { cx } from '@/kit';
import type { Mark } from '../shared/record-store';
import styles from './grid.module.css';

export interface GridCellProps {
  id: string;
  value: unknown;
  record: string;
  field: RuntimeField;
  ctx: FieldContext;
  col: number;
  width: number;
  /** Distance from the left for columns that stay in sight. */
  stick?: number;
  edge?: boolean;
  align: 'left' | 'right' | 'center';
  tall: boolean;
  active: boolean;
  inRange: boolean;
  /** Corner of the range: where it is filled from. */
  corner: boolean;
  filling: boolean;
  mark?: Mark['state'];
  readOnly: boolean;
}

/** One value of one record. */
export const GridCell = memo(function GridCell({
  id,
  value,
  record,
  field,
  ctx,
  col,
  width,
  stick,
  edge,
  align,
  tall,
  active,
  inRange,
  corner,
  filling,
  mark,
  readOnly,
}: GridCellProps) {
  const { Cell } = fieldOf(field.type);
  return (
    <div
      id={id}
      role="gridcell"
      aria-colindex={col + 2}
      aria-selected={inRange || active}
      aria-readonly={readOnly || undefined}
      data-col={col}
      className={cx(
        styles.cell,
        stick !== undefined && styles.stuck,
        edge && styles.edge,
        align === 'right' && styles.right,
        align === 'center' && styles.center,
        tall && styles.tall,
        inRange && styles.inRange,
        active && styles.active,
        filling && styles.filling,
        mark === 'failed' && styles.failed,
        mark === 'conflict' && styles.conflict,
      )}
      style={{ width, left: stick }}
    >
      <Cell
        value={value as never}
        field={field}
        ctx={ctx}
        variant={tall && wraps(field) ? 'detail' : 'grid'}
        record={record}
      />
      {corner && <span className={styles.fillHandle} data-fill aria-hidden />}
    </div>
  );
});

// What may take a second line where rows are tall.
function wraps(field: RuntimeField): boolean {
  return (
    field.type === 'text' || field.type === 'long_text' || (field.kind === 'list' && (field.choices?.length ?? 0) > 0)
  );
}
