// biome-ignore-all lint/a11y/useSemanticElements: rows and cells are placed by hand; a table cannot be virtual
// biome-ignore-all lint/a11y/useFocusableInteractive: one text box keeps the focus and names the active cell
import { memo } from 'react';
import type { ViewColumn } from '@/api/types';
import type { FieldContext } from '@/fields';
import { cx, Menu } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { type Column, footersOf, headWidth } from './columns';
import { fitting, totalText } from './footer-text';
import styles from './grid.module.css';

export interface FooterRowProps {
  width: number;
  rowIndex: number;
  frozen: Column[];
  columns: Column[];
  gap: number;
  values: Record<string, unknown>;
  ctx: FieldContext;
  onFooter: (column: Column, footer: ViewColumn['footer']) => void;
}

/** Totals of all records of the query, one function per column. */
export const FooterRow = memo(function FooterRow({
  width,
  rowIndex,
  frozen,
  columns,
  gap,
  values,
  ctx,
  onFooter,
}: FooterRowProps) {
  const lastFrozen = frozen.at(-1);
  const cell = (column: Column) => {
    const functions = footersOf(column.field);
    const text = column.footer ? totalText(column, values[column.field.id], ctx) : '';
    const short = column.footer && fitting(column, values[column.field.id], ctx);
    const name = textOf(column.field.name);
    return (
      <div
        key={column.field.id}
        role="gridcell"
        tabIndex={-1}
        aria-colindex={column.index + 2}
        className={cx(
          styles.footer,
          column.frozen && styles.stuck,
          column === lastFrozen && styles.edge,
          column.align === 'right' && styles.right,
        )}
        style={{ width: column.width, left: column.frozen ? column.left : undefined }}
      >
        {functions.length > 0 && (
          <Menu
            position="top-end"
            items={[
              { title: t('grid.footerOf', { name }) },
              ...functions.map((fn) => ({
                label: t(`grid.footer.${fn}`),
                checked: column.footer === fn,
                onSelect: () => onFooter(column, column.footer === fn ? undefined : fn),
              })),
              column.footer && { divider: true as const },
              column.footer && { label: t('grid.noFooter'), onSelect: () => onFooter(column, undefined) },
            ]}
          >
            <button
              type="button"
              tabIndex={column.footer ? 0 : -1}
              className={cx(styles.footerButton, !column.footer && styles.footerBlank)}
              aria-label={t('grid.footerOf', { name })}
              title={column.footer && `${t(`grid.footer.${column.footer}`)} ${text}`}
            >
              {short ? (
                <>
                  {short.name && <span className={styles.quiet}>{short.name}</span>}
                  <span className={styles.footerValue}>{short.text}</span>
                </>
              ) : (
                t('grid.addFooter')
              )}
            </button>
          </Menu>
        )}
      </div>
    );
  };
  return (
    <div role="row" tabIndex={-1} aria-rowindex={rowIndex} className={styles.footerRow} style={{ width }}>
      <div
        role="gridcell"
        tabIndex={-1}
        aria-colindex={1}
        className={cx(styles.footer, styles.stuck, !lastFrozen && styles.edge)}
        style={{ width: headWidth, left: 0 }}
      />
      {frozen.map(cell)}
      <span style={{ flex: 'none', width: gap }} />
      {columns.map(cell)}
    </div>
  );
});
