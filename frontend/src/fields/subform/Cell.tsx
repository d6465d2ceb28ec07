import { cx } from '@/kit/cx';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import cells from '../cells.module.css';
import { type CellProps, isEmpty } from '../define';
import { fieldOf } from '../index';
import { columnsOf, keyOf, type Row, summedColumns, totalOf } from './rows';
import styles from './subform.module.css';

/** How many rows; with room, the rows themselves. */
export function Cell({ value, field, ctx, variant, record }: CellProps<Row[]>) {
  if (!value || value.length === 0) return null;
  if (variant !== 'detail') return <span className={cells.line}>{t('fields.rows', { n: value.length })}</span>;
  const columns = columnsOf(field);
  const sums = summedColumns(columns);
  const totals = sums.size > 0 && value.length > 1;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region is reached by Tab
    <div className={styles.scroll} tabIndex={0}>
      <table className={cx(styles.table, styles.read)}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.id} scope="col" className={styles[alignOf(column.kind, fieldOf(column.type).align)]}>
                {textOf(column.name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {value.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column) => {
                const type = fieldOf(column.type);
                return (
                  <td
                    key={column.id}
                    className={styles[alignOf(column.kind, type.align)]}
                    data-align={alignOf(column.kind, type.align)}
                    data-name={textOf(column.name)}
                    data-blank={isEmpty(row[column.key]) || undefined}
                  >
                    <type.Cell value={row[column.key]} field={column} ctx={ctx} variant="card" record={record} />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
        {totals && (
          <tfoot>
            <tr>
              {columns.map((column, i) => (
                <td
                  key={column.id}
                  className={styles[alignOf(column.kind, fieldOf(column.type).align)]}
                  data-align={alignOf(column.kind, fieldOf(column.type).align)}
                >
                  {sums.has(column.key)
                    ? fieldOf(column.type).format(totalOf(value, column), column, ctx)
                    : i === 0
                      ? t('fields.total')
                      : null}
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

/** Numbers align to the right, computed ones too. */
export function alignOf(kind: string, align: 'left' | 'right' | 'center' | undefined): 'left' | 'right' | 'center' {
  return align ?? (kind === 'number' ? 'right' : 'left');
}
