import { Tag } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import type { ChartProps } from '../define';
import { drillOf, partOf, type SeriesConfig } from '../shared/drill';
import styles from '../shared/rows.module.css';
import { fieldNamed, groupHue, groupLabel, inOptionOrder, measureLabel, measureText } from '../shared/values';

/** Measures by one to three levels of groups, with a line of totals. */
export function Chart({ widget, config, data, host }: ChartProps<SeriesConfig>) {
  const query = data.queries.main;
  const entity = query && host.entity(query.entity);
  const groups = query?.groups ?? [];
  const measures = query?.measures ?? [];
  const rows =
    config.sort || groups.length > 1 ? (query?.rows ?? []) : inOptionOrder(query?.rows ?? [], groups[0], entity);
  // Only counts and sums add up.
  const sums = measures.map((m) =>
    m.fn === 'count' || m.fn === 'sum' ? rows.reduce((s, r) => s + Number(r[m.as] ?? 0), 0) : null,
  );
  const totals = rows.length > 1 && sums.some((s) => s !== null);
  return (
    <div className={styles.scroll}>
      <table className={styles.table} aria-label={textOf(widget.title)}>
        <thead>
          <tr>
            {groups.map((g) => (
              <th key={g.as} scope="col">
                {textOf(fieldNamed(entity, g.field)?.name) || g.field}
              </th>
            ))}
            {measures.map((m) => (
              <th key={m.as} scope="col" className={styles.right}>
                {measureLabel(m, entity)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const key = groups.map((g) => String(row[g.as])).join('/');
            const open =
              host.drill &&
              (() =>
                host.drill?.(
                  drillOf(
                    config,
                    groups.map((g) => partOf(g, row)),
                  ),
                ));
            return (
              <tr
                key={key}
                className={open && styles.clickable}
                tabIndex={open ? 0 : undefined}
                onClick={open}
                onKeyDown={open && ((e) => e.key === 'Enter' && open())}
              >
                {groups.map((g) => {
                  const hue = groupHue(row[g.as] ?? null, g, entity);
                  const label = groupLabel(row[g.as] ?? null, g, entity, host, true);
                  return <td key={g.as}>{hue ? <Tag hue={hue}>{label}</Tag> : label}</td>;
                })}
                {measures.map((m) => (
                  <td key={m.as} className={styles.right}>
                    {measureText(row[m.as], m, entity)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
        {totals && (
          <tfoot>
            <tr>
              <td colSpan={groups.length}>{t('board.total')}</td>
              {measures.map((m, i) => (
                <td key={m.as} className={styles.right}>
                  {sums[i] === null ? '' : measureText(sums[i] as number, m, entity)}
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}
