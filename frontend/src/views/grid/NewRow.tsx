// biome-ignore-all lint/a11y/useSemanticElements: rows and cells are placed by hand; a table cannot be virtual
// biome-ignore-all lint/a11y/useFocusableInteractive: one text box keeps the focus and names the active cell
import { memo } from 'react';
import { cx, Icon } from '@/kit';
import { type Column, headWidth } from './columns';
import styles from './grid.module.css';

export interface NewRowProps {
  grid: string;
  index: number;
  top: number;
  height: number;
  width: number;
  columns: Column[];
  activeCol: number;
  label: string;
}

/** The line below the last record: press to make one, type or paste to make some. */
export const NewRow = memo(function NewRow({
  grid,
  index,
  top,
  height,
  width,
  columns,
  activeCol,
  label,
}: NewRowProps) {
  return (
    <div
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      data-row={index}
      className={cx(styles.row, styles.newRow)}
      style={{ height, width, transform: `translateY(${top}px)` }}
    >
      <div
        role="gridcell"
        tabIndex={-1}
        aria-colindex={1}
        className={styles.newLabel}
        style={{ paddingLeft: headWidth - 34 }}
        data-new
        title={label}
      >
        <Icon name="plus" />
        <span>{label}</span>
      </div>
      {activeCol >= 0 && columns[activeCol] && (
        <div
          id={`${grid}-${index}-${activeCol}`}
          role="gridcell"
          tabIndex={-1}
          aria-colindex={activeCol + 2}
          data-col={activeCol}
          className={cx(styles.cell, styles.active, styles.newCell)}
          style={{ left: columns[activeCol].left, width: columns[activeCol].width, height }}
        />
      )}
    </div>
  );
});
