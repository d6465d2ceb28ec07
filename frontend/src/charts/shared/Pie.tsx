import type { EChartsCoreOption } from 'echarts/core';
import { useCallback, useMemo } from 'react';
import { t } from '@/locales';
import { formatPercent } from '@/locales/format';
import { textOf } from '@/locales/text';
import type { ChartProps } from '../define';
import type { Colors } from './colors';
import { drillOf, partOf, type SeriesConfig } from './drill';
import { EChart } from './EChart';
import { legend, safeHtml, tooltip } from './options';
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

  const option = useCallback(
    (c: Colors): EChartsCoreOption => {
      if (!group || !measure) return {};
      const total = rows.reduce((sum, r) => sum + Math.max(0, Number(r[measure.as] ?? 0)), 0);
      // Two choices of one hue could not be told apart: then colours go by place.
      const hues = rows.map((r) => groupHue(r[group.as] ?? null, group, entity));
      const own = hues.every(Boolean) && new Set(hues).size === hues.length;
      return {
        tooltip: {
          ...tooltip(c),
          trigger: 'item',
          formatter: (p: { name: string; value: number; marker: string }) =>
            `${p.marker}${safeHtml(p.name)} <b>${safeHtml(measureText(p.value, measure, entity))}</b> ${total > 0 ? formatPercent(p.value / total, 1) : ''}`,
        },
        legend: legend(c),
        series: [
          {
            type: 'pie',
            radius: hole ? ['52%', '78%'] : [0, '78%'],
            center: ['50%', '44%'],
            data: rows.map((r, i) => ({
              name: groupLabel(r[group.as] ?? null, group, entity, host),
              value: Number(r[measure.as] ?? 0),
              itemStyle: { color: (own ? c.hue(hues[i]) : undefined) ?? c.at(i) },
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
    [rows, group, measure, entity, host, hole],
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
    <EChart
      label={`${textOf(widget.title)}: ${summary}`}
      option={option}
      onPick={
        host.drill && group ? (i) => rows[i] && host.drill?.(drillOf(config, [partOf(group, rows[i])])) : undefined
      }
    />
  );
}
