// biome-ignore-all lint/a11y/useSemanticElements: rows and cells are placed by hand; a table cannot be virtual
// biome-ignore-all lint/a11y/useFocusableInteractive: one text box keeps the focus and names the active cell
import { memo } from 'react';
import type { RecordData } from '@/api/types';
import type { FieldContext } from '@/fields';
import { cx, Icon, Skeleton } from '@/kit';
import { t } from '@/locales';
import type { RecordStore } from '../shared/record-store';
import type { Column } from './columns';
import { headWidth } from './columns';
import { GridCell } from './GridCell';
import styles from './grid.module.css';
import { editable } from './paste';

export interface GridRowProps {
  grid: string;
  index: number;
  top: number;
  height: number;
  width: number;
  /** Number shown at the left. */
  number: number;
  record: RecordData | undefined;
  failed: boolean;
  frozen: Column[];
  /** The scrolling columns in sight and the width of those left of them. */
  columns: Column[];
  gap: number;
  ctx: FieldContext;
  store: RecordStore;
  tall: boolean;
  picked: boolean;
  open: boolean;
  activeCol: number;
  rangeLeft: number;
  rangeRight: number;
  cornerCol: number;
  fillLeft: number;
  fillRight: number;
  /** Colour from a choice of the record. */
  hue?: string;
}

const skeletons = ['62%', '48%', '71%', '55%', '40%', '66%'];

/** One record: number or tick, the frozen cells, the cells in sight. */
export const GridRow = memo(function GridRow(props: GridRowProps) {
  const {
    grid,
    index,
    top,
    height,
    width,
    number,
    record,
    failed,
    frozen,
    columns,
    gap,
    ctx,
    store,
    tall,
    picked,
    open,
    hue,
  } = props;
  const cell = (column: Column, stick: boolean) => {
    const { index: col, field } = column;
    if (!record) {
      return (
        <div
          key={field.id}
          role="gridcell"
          aria-colindex={col + 2}
          data-col={col}
          className={cx(
            styles.cell,
            stick && styles.stuck,
            stick && column.left + column.width === gapEdge(frozen) && styles.edge,
          )}
          style={{ width: column.width, left: stick ? column.left : undefined }}
        >
          {failed ? (
            col === 0 && <span className={styles.failedText}>{t('grid.loadFailed')}</span>
          ) : (
            <Skeleton width={skeletons[(index * 3 + col) % skeletons.length]} height={10} />
          )}
        </div>
      );
    }
    return (
      <GridCell
        key={field.id}
        id={`${grid}-${index}-${col}`}
        record={record.id}
        value={record[field.key]}
        field={field}
        ctx={ctx}
        col={col}
        width={column.width}
        stick={stick ? column.left : undefined}
        edge={stick && column.left + column.width === gapEdge(frozen)}
        align={column.align}
        tall={tall}
        active={props.activeCol === col}
        inRange={col >= props.rangeLeft && col <= props.rangeRight}
        corner={props.cornerCol === col}
        filling={col >= props.fillLeft && col <= props.fillRight}
        mark={store.markOf(record.id, field.key)?.state}
        readOnly={!editable(field)}
      />
    );
  };
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={picked}
      aria-busy={!record && !failed ? true : undefined}
      data-row={index}
      className={cx(styles.row, picked && styles.picked, open && styles.open, props.cornerCol >= 0 && styles.cornerRow)}
      style={{ height, width, transform: `translateY(${top}px)` }}
    >
      <div
        role="rowheader"
        aria-colindex={1}
        className={cx(styles.head, styles.stuck, frozen.length === 0 && styles.edge)}
        style={{ width: headWidth, left: 0 }}
      >
        {hue && <span className={styles.hue} style={{ background: `var(--hue-${hue}-solid)` }} aria-hidden />}
        <span className={styles.number}>{number}</span>
        <span className={styles.tick} data-tick aria-hidden>
          <span className={styles.box}>{picked && <Icon name="tick" size={14} />}</span>
        </span>
        {record && (
          <button
            type="button"
            tabIndex={-1}
            className={styles.opener}
            data-open
            title={t('grid.openRecord')}
            aria-label={t('grid.openRecord')}
          >
            <Icon name="maximize" size={14} />
          </button>
        )}
      </div>
      {frozen.map((column) => cell(column, true))}
      <span style={{ flex: 'none', width: gap }} />
      {columns.map((column) => cell(column, false))}
    </div>
  );
});

const gapEdge = (frozen: Column[]): number => {
  const last = frozen.at(-1);
  return last ? last.left + last.width : 0;
};
