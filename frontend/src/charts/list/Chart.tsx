import { useLayoutEffect, useRef } from 'react';
import type { RecordData, RuntimeField } from '@/api/types';
import { fieldOf, isEmpty } from '@/fields';
import { cx, LinkButton, usePhone } from '@/kit';
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
                className={isRight(f) ? styles.right : i > 0 && i === columns.length - 1 ? styles.last : undefined}
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
                <td
                  key={f.key}
                  className={cx(
                    i === 0 && styles.first,
                    i > 0 && isRight(f) && styles.right,
                    i > 0 && i === columns.length - 1 && !isRight(f) && styles.last,
                  )}
                >
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

/** Marks the table in a scrolled element while its columns ask for more room than there is. */
function useTight() {
  const scroll = useRef<HTMLDivElement>(null);
  const measure = useRef(() => {
    const element = scroll.current;
    const table = element?.querySelector('table');
    if (!table || !element) return;
    table.removeAttribute('data-tight');
    table.toggleAttribute('data-tight', table.scrollWidth > element.clientWidth);
  });
  // After every drawing: other records have other widths.
  useLayoutEffect(() => measure.current());
  useLayoutEffect(() => {
    const element = scroll.current;
    const observer =
      element && typeof ResizeObserver !== 'undefined' ? new ResizeObserver(() => measure.current()) : null;
    if (element) observer?.observe(element);
    return () => observer?.disconnect();
  }, []);
  return scroll;
}

/** Numbers stand to the right, computed ones too. */
const isRight = (field: RuntimeField) =>
  (fieldOf(field.type).align ?? (field.kind === 'number' ? 'right' : 'left')) === 'right';
