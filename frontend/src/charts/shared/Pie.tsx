import type { EChartsCoreOption } from 'echarts/core';
import { useCallback, useMemo } from 'react';
import { hueVars } from '@/kit';
import { t } from '@/locales';
import { formatPercent } from '@/locales/format';
import { textOf } from '@/locales/text';
import type { ChartProps } from '../define';
import styles from './charts.module.css';
import { type Colors, hueAt } from './colors';
import { drillOf, partOf, type SeriesConfig } from './drill';
import { EChart } from './EChart';
import { safeHtml, tooltip } from './options';
import { groupHue, groupLabel, inOptionOrder, measureText } from './values';

/** Parts of a whole; with a hole, the whole stands in it. */
export function Pie({ widget, config, data, host, hole }: ChartProps<SeriesConfig> & { hole?: boolean }) {
  const query = data.queries.main;
  const entity = query && host.entity(query.entity);
  const group = query?.groups?.[0];
  const measure = query?.measures?.[0];
  const rows = useMemo(() => {
    const all = query?.rows ?? [];
    return config.sort ? all : inOptionOrder(all, group, entity);
  }, [query, config.sort, group, entity]);

  // Two choices of one hue could not be told apart: then colours go by place.
  const hues = useMemo(() => {
    const own = rows.map((r) => (group ? groupHue(r[group.as] ?? null, group, entity) : undefined));
    return own.every(Boolean) && new Set(own).size === own.length ? own : own.map((_, i) => hueAt(i));
  }, [rows, group, entity]);

  const option = useCallback(
    (c: Colors): EChartsCoreOption => {
      if (!group || !measure) return {};
      const total = rows.reduce((sum, r) => sum + Math.max(0, Number(r[measure.as] ?? 0)), 0);
      return {
        tooltip: {
          ...tooltip(c),
          trigger: 'item',
          formatter: (p: { name: string; value: number; marker: string }) =>
            `${p.marker}${safeHtml(p.name)} <b>${safeHtml(measureText(p.value, measure, entity))}</b> ${total > 0 ? formatPercent(p.value / total, 1) : ''}`,
        },
        series: [
          {
            type: 'pie',
            radius: hole ? ['58%', '88%'] : [0, '88%'],
            data: rows.map((r, i) => ({
              name: groupLabel(r[group.as] ?? null, group, entity, host),
              value: Number(r[measure.as] ?? 0),
              itemStyle: { color: c.hue(hues[i]) },
            })),
            itemStyle: { borderColor: c.surface, borderWidth: 1 },
            label: hole
              ? {
                  show: true,
                  position: 'center',
                  formatter: () => `{n|${measureText(total, measure, entity)}}\n{w|${t('board.total')}}`,
                  rich: {
                    n: { fontSize: 20, fontWeight: 600, color: c.ink, lineHeight: 26 },
                    w: { fontSize: 12, color: c.ink3, lineHeight: 18 },
                  },
                }
              : { show: false },
            labelLine: { show: false },
            emphasis: { scale: false },
            cursor: host.drill ? 'pointer' : 'default',
          },
        ],
      };
    },
    [rows, hues, group, measure, entity, host, hole],
  );

  const summary =
    group && measure
      ? rows
          .map(
            (r) =>
              `${groupLabel(r[group.as] ?? null, group, entity, host)} ${measureText(r[measure.as], measure, entity)}`,
          )
          .join(', ')
      : '';
  return (
    <div className={styles.parts}>
      <EChart
        label={`${textOf(widget.title)}: ${summary}`}
        option={option}
        onPick={
          host.drill && group ? (i) => rows[i] && host.drill?.(drillOf(config, [partOf(group, rows[i])])) : undefined
        }
      />
      <ul className={styles.legend} aria-hidden>
        {group &&
          rows.map((r, i) => (
            <li key={String(r[group.as])} style={hueVars(hues[i])}>
              {groupLabel(r[group.as] ?? null, group, entity, host)}
            </li>
          ))}
      </ul>
    </div>
  );
}
