// biome-ignore-all lint/a11y/useSemanticElements: rows and cells are placed by hand; a table cannot be virtual
// biome-ignore-all lint/a11y/useFocusableInteractive: one text box keeps the focus and names the active cell
import { memo } from 'react';
import type { FieldContext } from '@/fields';
import { cx, Icon } from '@/kit';
import { formatNumber } from '@/locales/format';
import type { Column } from './columns';
import { totalText } from './footer-text';
import { GroupValue } from './GroupValue';
import styles from './grid.module.css';
import type { GroupNode } from './rows';

export interface GroupRowProps {
  grid: string;
  index: number;
  top: number;
  height: number;
  width: number;
  viewport: number;
  group: GroupNode;
  open: boolean;
  active: boolean;
  /** Columns with a subtotal. */
  totals: Column[];
  ctx: FieldContext;
}

/** The head of a group: its value, how many, subtotals under their columns. */
export const GroupRow = memo(function GroupRow({
  grid,
  index,
  top,
  height,
  width,
  viewport,
  group,
  open,
  active,
  totals,
  ctx,
}: GroupRowProps) {
  return (
    <div
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      aria-expanded={open}
      aria-level={group.depth + 1}
      data-row={index}
      data-group={group.key}
      className={cx(styles.row, styles.groupRow, active && styles.groupActive)}
      style={{ height, width, transform: `translateY(${top}px)` }}
    >
      <div
        id={`${grid}-${index}-0`}
        role="gridcell"
        tabIndex={-1}
        aria-colindex={1}
        className={styles.groupHead}
        style={{ paddingLeft: 12 + group.depth * 20, maxWidth: Math.max(240, viewport * 0.6) }}
      >
        <Icon name={open ? 'chevron-down' : 'chevron-right'} size={14} className={styles.groupArrow} />
        <span className={styles.groupValue}>
          <GroupValue group={group} ctx={ctx} />
        </span>
        <span className={styles.quiet}>{formatNumber(group.count)}</span>
      </div>
      {totals.map((column) => (
        <div
          key={column.field.id}
          role="gridcell"
          tabIndex={-1}
          className={styles.groupTotal}
          style={{ left: column.left, width: column.width }}
          aria-colindex={column.index + 2}
        >
          {totalText(column, group.totals[column.field.id], ctx)}
        </div>
      ))}
    </div>
  );
});
