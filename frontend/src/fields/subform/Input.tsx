// Rows of a sub-form: a table to type and paste into, cards on a phone. Computed
// columns follow through the form, which hands the rows back with their results.
import { useId, useMemo, useRef, useState } from 'react';
import type { RuntimeField } from '@/api/types';
import { Button } from '@/kit/Button';
import { cx } from '@/kit/cx';
import { FieldFrame } from '@/kit/FieldFrame';
import { Icon } from '@/kit/Icon';
import { composing } from '@/kit/TextInput';
import { usePhone } from '@/kit/use-phone';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { controlProps, type InputProps, option } from '../define';
import { fieldOf } from '../index';
import { isBlock, parseTsv } from '../tsv';
import { Cards } from './Cards';
import { alignOf } from './Cell';
import {
  columnsOf,
  copyRow,
  keyOf,
  moveRow,
  newRow,
  pasteCells,
  type Row,
  summedColumns,
  totalOf,
  typed,
} from './rows';
import styles from './subform.module.css';
import { TableRow } from './TableRow';

/** More rows than this are shown page by page: each cell is a control. */
const pageSize = 50;

export interface RowActions {
  set: (index: number, row: Row) => void;
  copy: (index: number) => void;
  remove: (index: number) => void;
  move: (from: number, to: number) => void;
}

export function Input(props: InputProps<Row[]>) {
  const { value, onChange, field, ctx, faults, onFixed, record } = props;
  const { disabled, 'aria-label': ariaLabel, ...frame } = controlProps(props);
  const made = useId();
  const id = frame.id ?? made;
  const phone = usePhone();
  const [page, setPage] = useState(0);
  const [unread, setUnread] = useState<Record<string, string>>({});
  const [left, setLeft] = useState(0);
  const body = useRef<HTMLTableSectionElement>(null);
  const rows = useMemo(() => (value ?? []).map((row, i) => (keyOf(row) ? row : { ...row, _key: `row-${i}` })), [value]);
  const columns = columnsOf(field);
  const max = option(field, 'max_rows', 5000);
  const pages = Math.max(1, Math.ceil(rows.length / pageSize));
  const shown = Math.min(page, pages - 1);
  const first = shown * pageSize;
  const emit = (next: Row[]) => onChange(next.length > 0 ? next : null);
  const sums = summedColumns(columns);
  const totals = sums.size > 0 && rows.length > 1;

  // Rows keep their identity while these change, so that only edited rows redraw.
  const latest = useRef({ rows, emit, onFixed });
  latest.current = { rows, emit, onFixed };
  const actions = useMemo<RowActions>(
    () => ({
      set: (index, row) => {
        const { rows: all, emit: out } = latest.current;
        const before = all[index];
        const next = [...all];
        next[index] = row;
        for (const column of Object.keys(row)) {
          if (before && before[column] === row[column]) continue;
          latest.current.onFixed?.(`${index}/${column}`);
          setUnread(({ [`${index}/${column}`]: _read, ...rest }) => rest);
        }
        out(next);
      },
      copy: (index) => {
        const { rows: all, emit: out } = latest.current;
        const row = all[index];
        if (row) out([...all.slice(0, index + 1), copyRow(row, field), ...all.slice(index + 1)]);
        setUnread({});
      },
      remove: (index) => {
        const { rows: all, emit: out } = latest.current;
        out(all.filter((_, i) => i !== index));
        setUnread({});
      },
      move: (from, to) => {
        const { rows: all, emit: out } = latest.current;
        out(moveRow(all, from, to));
        setUnread({});
      },
    }),
    [field],
  );

  function add(): number {
    if (rows.length >= max) return rows.length - 1;
    emit([...rows, newRow(field)]);
    setPage(Math.floor(rows.length / pageSize));
    return rows.length;
  }

  function focusCell(index: number, column: string) {
    // After the new row is drawn.
    requestAnimationFrame(() => {
      const cell = body.current?.querySelector<HTMLElement>(
        `tr[data-row="${index}"] td[data-column="${CSS.escape(column)}"]`,
      );
      cell?.querySelector<HTMLElement>('input, textarea, [role="combobox"], button')?.focus();
    });
  }

  function placeOf(target: EventTarget): { row: number; column: string } | null {
    const cell = (target as HTMLElement).closest<HTMLElement>('td[data-column]');
    const row = cell?.closest<HTMLElement>('tr[data-row]');
    return cell?.dataset.column && row?.dataset.row
      ? { row: Number(row.dataset.row), column: cell.dataset.column }
      : null;
  }

  const mistakes: Record<string, string> = { ...faults };
  for (const [path, text] of Object.entries(unread))
    mistakes[path] ??= t('fields.unread', { text: text.length > 20 ? `${text.slice(0, 20)}…` : text });

  const addButton = !disabled && (
    <Button
      variant="plain"
      size="sm"
      icon="plus"
      disabled={rows.length >= max}
      onClick={() => focusCell(add(), columns.find(typed)?.key ?? '')}
    >
      {t('fields.addRow')}
    </Button>
  );

  return (
    <FieldFrame {...frame} id={id} group="group">
      {() => (
        <div
          id={id}
          tabIndex={-1}
          className={cx(styles.box, frame.error ? styles.invalid : undefined)}
          aria-label={ariaLabel}
        >
          {phone ? (
            <Cards
              {...{ rows, columns, field, ctx, record, disabled, actions, mistakes }}
              onAdd={() => add()}
              canAdd={rows.length < max}
            />
          ) : (
            <>
              <div className={styles.scroll} tabIndex={rows.length === 0 ? 0 : undefined}>
                <table
                  className={cx(styles.table, styles.cells)}
                  style={{ minWidth: columns.reduce((sum, c) => sum + minWidth(c), 100) }}
                >
                  <thead>
                    <tr>
                      <th className={styles.handle} aria-label={t('fields.rowNumber')} />
                      {columns.map((column) => (
                        <th
                          key={column.id}
                          scope="col"
                          style={{ width: widthOf(column), minWidth: minWidth(column) }}
                          className={styles[alignOf(column.kind, fieldOf(column.type).align)]}
                        >
                          {textOf(column.name)}
                          {column.required && typed(column) && (
                            <span className={styles.required} aria-hidden>
                              *
                            </span>
                          )}
                        </th>
                      ))}
                      {!disabled && <th className={styles.rowActions} aria-label={t('fields.rowActions')} />}
                    </tr>
                  </thead>
                  <tbody
                    ref={body}
                    onPaste={(e) => {
                      const at = placeOf(e.target);
                      const text = e.clipboardData.getData('text/plain');
                      if (!at || disabled || !isBlock(text)) return;
                      e.preventDefault();
                      const pasted = pasteCells(rows, parseTsv(text), at, field, ctx, (c) => textOf(c.name));
                      setUnread(pasted.unread);
                      setLeft(pasted.left);
                      emit(pasted.rows);
                    }}
                    onKeyDown={(e) => {
                      if (disabled || composing(e)) return;
                      const at = placeOf(e.target);
                      if (!at) return;
                      if (e.altKey && (e.key === 'ArrowUp' || e.key === 'ArrowDown')) {
                        e.preventDefault();
                        const to = at.row + (e.key === 'ArrowUp' ? -1 : 1);
                        actions.move(at.row, to);
                        focusCell(Math.max(0, Math.min(rows.length - 1, to)), at.column);
                        return;
                      }
                      // Enter goes down a column, and on from the last row into a new one.
                      const plain = !e.shiftKey && !e.ctrlKey && !e.metaKey && !e.altKey;
                      if (e.key === 'Enter' && plain && e.target instanceof HTMLInputElement && !e.defaultPrevented) {
                        e.preventDefault();
                        focusCell(at.row + 1 < rows.length ? at.row + 1 : add(), at.column);
                      }
                    }}
                  >
                    {rows.slice(first, first + pageSize).map((row, i) => (
                      <TableRow
                        key={keyOf(row)}
                        index={first + i}
                        count={rows.length}
                        row={row}
                        columns={columns}
                        field={field}
                        ctx={ctx}
                        recordId={typeof record?.id === 'string' ? record.id : undefined}
                        disabled={disabled}
                        actions={actions}
                        mistakes={ofRow(mistakes, first + i)}
                        full={rows.length >= max}
                      />
                    ))}
                  </tbody>
                  {totals && (
                    <tfoot>
                      <tr>
                        <td />
                        {columns.map((column, i) => (
                          <td key={column.id} className={styles[alignOf(column.kind, fieldOf(column.type).align)]}>
                            {sums.has(column.key)
                              ? fieldOf(column.type).format(totalOf(rows, column), column, ctx)
                              : i === 0
                                ? t('fields.total')
                                : null}
                          </td>
                        ))}
                        {!disabled && <td />}
                      </tr>
                    </tfoot>
                  )}
                </table>
              </div>
              {rows.length === 0 && disabled && <p className={styles.empty}>{t('fields.noRows')}</p>}
              {(!disabled || pages > 1) && (
                <div className={styles.foot}>
                  {addButton}
                  {!disabled && <span className={styles.hint}>{t('fields.pasteHint')}</span>}
                  {left > 0 && <span className={styles.warn}>{t('fields.rowsLeft', { n: left })}</span>}
                  {Object.keys(unread).length > 0 && (
                    <span className={styles.warn}>{t('fields.cellsUnread', { n: Object.keys(unread).length })}</span>
                  )}
                  {pages > 1 && (
                    <span className={styles.pager}>
                      <button
                        type="button"
                        className={styles.act}
                        aria-label={t('common.previous')}
                        disabled={shown === 0}
                        onClick={() => setPage(shown - 1)}
                      >
                        <Icon name="chevron-left" size={14} />
                      </button>
                      {t('fields.rowRange', {
                        from: first + 1,
                        to: Math.min(rows.length, first + pageSize),
                        n: rows.length,
                      })}
                      <button
                        type="button"
                        className={styles.act}
                        aria-label={t('common.following')}
                        disabled={shown === pages - 1}
                        onClick={() => setPage(shown + 1)}
                      >
                        <Icon name="chevron-right" size={14} />
                      </button>
                    </span>
                  )}
                </div>
              )}
            </>
          )}
        </div>
      )}
    </FieldFrame>
  );
}

const none: Record<string, string> = {};

/** The mistakes of one row by column; the same empty object where there are none, so that rows stay as they are. */
function ofRow(mistakes: Record<string, string>, index: number): Record<string, string> {
  const prefix = `${index}/`;
  const found = Object.entries(mistakes).filter(([path]) => path.startsWith(prefix));
  return found.length === 0 ? none : Object.fromEntries(found.map(([path, text]) => [path.slice(prefix.length), text]));
}

const minWidth = (column: RuntimeField): number => Math.max(88, Math.min(144, fieldOf(column.type).width ?? 120));
const widthOf = (column: RuntimeField): number | undefined =>
  fieldOf(column.type).align === 'right' || column.kind === 'number' ? minWidth(column) : undefined;
