import { useCallback, useLayoutEffect, useRef } from 'react';
import type { RecordData, RuntimeField } from '@/api/types';
import { fieldOf, isEmpty } from '@/fields';
import { LinkButton, usePhone } from '@/kit';
import { textOf } from '@/locales/text';
import type { ChartProps } from '../define';
import { Countdown } from '../shared/Countdown';
import styles from '../shared/rows.module.css';
import { fieldNamed } from '../shared/values';

export interface ListConfig {
  entity: string;
  filter?: string;
  columns?: string[];
  /** Columns of times that are shown as what is left until then. */
  countdown?: string[];
}

/** Records that meet a condition, with buttons to act on them. */
export function Chart({ widget, config, data, host }: ChartProps<ListConfig>) {
  const phone = usePhone();
  const scroll = useTight();
  const query = data.queries.main;
  const entity = query && host.entity(query.entity);
  if (!query || !entity) return null;
  const records = query.records ?? [];
  const wanted = config.columns?.length ? config.columns.map((c) => fieldNamed(entity, c)) : entity.fields.slice(0, 5);
  const columns = wanted.filter((f): f is RuntimeField => !!f?.readable && f.type !== 'subform');
  const open = (record: RecordData) => host.openRecord?.(entity.key, record.id);
  const buttons = data.actions?.length
    ? (record: RecordData) => host.actions?.(entity, record, data.actions ?? [])
    : undefined;
  const countdown = new Set(config.countdown?.map((c) => fieldNamed(entity, c)?.key));
  const cell = (field: RuntimeField, record: RecordData, variant: 'grid' | 'card') => {
    const value = record[field.key];
    if (countdown.has(field.key) && typeof value === 'string') return <Countdown until={value} />;
    const { Cell } = fieldOf(field.type);
    return <Cell value={record[field.key]} field={field} ctx={host.ctx} record={record.id} variant={variant} />;
  };

  // What one tap does with a value, such as a call, stands before the buttons.
  const taps = (record: RecordData) =>
    columns.flatMap((f) => {
      const action = isEmpty(record[f.key]) ? null : fieldOf(f.type).action?.(record[f.key]);
      return action ? [{ ...action, key: f.key }] : [];
    });

  if (phone) {
    return (
      <ul className={styles.cards}>
        {records.map((record) => (
          <li key={record.id} className={styles.card}>
            <button type="button" className={styles.title} onClick={() => open(record)}>
              {record._title || textOf(entity.name)}
            </button>
            <span className={styles.facts}>
              {columns
                .filter((f) => !isEmpty(record[f.key]) && record[f.key] !== record._title)
                .map((f) => (
                  <span key={f.key} className={styles.fact}>
                    <span className={styles.name}>{textOf(f.name)}</span>
                    {cell(f, record, 'card')}
                  </span>
                ))}
            </span>
            {(buttons || taps(record).length > 0) && (
              <span className={styles.buttons}>
                {taps(record).map((tap) => (
                  <LinkButton key={tap.key} size="sm" icon={tap.icon} to={tap.href}>
                    {tap.label}
                  </LinkButton>
                ))}
                {buttons?.(record)}
              </span>
            )}
          </li>
        ))}
      </ul>
    );
  }
  return (
    <div className={styles.scroll} ref={scroll}>
      <table className={styles.table} aria-label={textOf(widget.title)}>
        <thead>
          <tr>
            {columns.map((f, i) => (
              <th
                key={f.key}
                scope="col"
                title={textOf(f.name)}
                className={isRight(f) ? styles.right : i > 0 ? styles.words : undefined}
              >
                {textOf(f.name)}
              </th>
            ))}
            {buttons && <th scope="col" aria-hidden className={styles.actions} />}
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <tr
              key={record.id}
              className={styles.clickable}
              tabIndex={0}
              onClick={() => open(record)}
              onKeyDown={(e) => e.key === 'Enter' && e.target === e.currentTarget && open(record)}
            >
              {columns.map((f, i) => (
                <td key={f.key} className={i === 0 ? styles.first : isRight(f) ? styles.right : styles.words}>
                  {cell(f, record, 'grid')}
                </td>
              ))}
              {buttons && (
                // The row opens on a click; its buttons do something else.
                // biome-ignore lint/a11y/useKeyWithClickEvents: it stops clicks only
                <td className={styles.actions} onClick={(e) => e.stopPropagation()}>
                  <span className={styles.buttons}>{buttons(record)}</span>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Marks a scrolled table while some of it lies beyond the edge. */
function markMore(element: HTMLElement) {
  // The last column ends in 16 px of nothing.
  element.toggleAttribute('data-more', element.scrollLeft + element.clientWidth < element.scrollWidth - 16);
}

/** Marks a scrolled table whose columns ask for more room than there is. */
function markTight(element: HTMLElement | null) {
  const table = element?.querySelector('table');
  if (!table || !element) return;
  table.removeAttribute('data-tight');
  table.toggleAttribute('data-tight', table.scrollWidth > element.clientWidth);
  markMore(element);
}

/** Keeps those marks as records come and the card is sized. */
function useTight() {
  const scroll = useRef<HTMLDivElement>(null);
  // After every drawing: other records have other widths.
  useLayoutEffect(() => markTight(scroll.current));
  return useCallback((element: HTMLDivElement) => {
    const onScroll = () => markMore(element);
    const observer = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(() => markTight(element));
    scroll.current = element;
    observer?.observe(element);
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer?.disconnect();
      element.removeEventListener('scroll', onScroll);
      scroll.current = null;
    };
  }, []);
}

/** Numbers stand to the right, computed ones too. */
const isRight = (field: RuntimeField) =>
  (fieldOf(field.type).align ?? (field.kind === 'number' ? 'right' : 'left')) === 'right';
