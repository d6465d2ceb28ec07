import type { ReactNode } from 'react';
import { cx } from './cx';
import { Delayed, Skeleton, SkeletonBody } from './Skeleton';
import styles from './Table.module.css';

export interface TableColumn<Row> {
  key: string;
  title: ReactNode;
  render: (row: Row) => ReactNode;
  /** CSS width; the rest shares what is left. */
  width?: number | string;
  align?: 'left' | 'right' | 'center';
  /** Left out below 768 px. */
  wide?: boolean;
}

export interface TableProps<Row> {
  columns: TableColumn<Row>[];
  rows: Row[] | undefined;
  rowKey: (row: Row) => string;
  onRowClick?: (row: Row) => void;
  selectedKey?: string;
  /** Shown when there are no rows. */
  empty?: ReactNode;
  loading?: boolean;
  label: string;
  /** Below the last row, e.g. "show more". */
  footer?: ReactNode;
}

/** A plain table for lists of moderate length: members, keys, logs. Records use the grid. */
export function Table<Row>({
  columns,
  rows,
  rowKey,
  onRowClick,
  selectedKey,
  empty,
  loading,
  label,
  footer,
}: TableProps<Row>) {
  const head = (
    <thead>
      <tr>
        {columns.map((column) => (
          <th
            key={column.key}
            scope="col"
            className={cx(column.wide && styles.wide)}
            style={{ width: column.width, textAlign: column.align }}
          >
            {column.title}
          </th>
        ))}
      </tr>
    </thead>
  );
  if (loading && !rows) {
    return (
      <Delayed>
        <table className={styles.table} aria-hidden>
          {head}
          <SkeletonBody
            columns={columns.length}
            cell={(at, width) => {
              const column = columns[at] as TableColumn<Row>;
              return (
                <td key={column.key} className={cx(column.wide && styles.wide)}>
                  {column.title && (
                    <Skeleton width={width} className={column.align === 'right' ? styles.right : undefined} />
                  )}
                </td>
              );
            }}
          />
        </table>
      </Delayed>
    );
  }
  if (rows && rows.length === 0 && empty) return empty;
  return (
    <div className={styles.scroll}>
      <table className={styles.table} aria-label={label}>
        {head}
        <tbody>
          {rows?.map((row) => {
            const key = rowKey(row);
            return (
              <tr
                key={key}
                className={cx(onRowClick && styles.clickable)}
                aria-selected={selectedKey === undefined ? undefined : selectedKey === key}
                tabIndex={onRowClick ? 0 : undefined}
                onClick={onRowClick ? () => onRowClick(row) : undefined}
                onKeyDown={
                  onRowClick
                    ? (e) => {
                        if (e.key === 'Enter' && e.target === e.currentTarget) onRowClick(row);
                      }
                    : undefined
                }
              >
                {columns.map((column) => {
                  const shown = column.render(row);
                  return (
                    <td
                      key={column.key}
                      className={cx(column.wide && styles.wide)}
                      style={{ textAlign: column.align }}
                      title={typeof shown === 'string' ? shown : undefined}
                    >
                      {shown}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
      {footer}
    </div>
  );
}
