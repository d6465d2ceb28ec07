import type { EChartsCoreOption } from 'echarts/core';
import { useCallback, useMemo } from 'react';
import type { Json } from '@/api/types';
import { textOf } from '@/locales/text';
import type { ChartProps } from '../define';
import type { Colors } from './colors';
import { drillOf, type SeriesConfig } from './drill';
import { EChart } from './EChart';
import { axis, legend, safeHtml, tooltip } from './options';
import { axesOf, seriesOf } from './series';
import { axisText, fieldNamed, groupHue, groupLabel, inOptionOrder, measureLabel, measureText } from './values';

/** Bars or lines over groups. */
export function Cartesian({ widget, config, data, host, kind }: ChartProps<SeriesConfig> & { kind: 'bar' | 'line' }) {
  const query = data.queries.main;
  const entity = query && host.entity(query.entity);
  const model = useMemo(() => {
    if (!query) return { categories: [] as Json[], lines: [] };
    const ordered = config.sort
      ? query
      : { ...query, rows: inOptionOrder(query.rows ?? [], query.groups?.[0], entity) };
    return seriesOf(ordered, kind === 'line' || !config.sort);
  }, [query, entity, config.sort, kind]);
  const [first, second] = query?.groups ?? [];

  const option = useCallback(
    (c: Colors): EChartsCoreOption => {
      if (!first) return {};
      const labels = model.categories.map((v) => groupLabel(v, first, entity, host));
      const several = model.lines.length > 1;
      const axes = axesOf(model.lines, (m) =>
        m.fn === 'count' ? 'number' : (fieldNamed(entity, m.field)?.type ?? 'number'),
      );
      const count = Math.max(0, ...axes) + 1;
      // Names of people and stages read better beside bars than below them.
      const lying =
        kind === 'bar' && !first.bucket && count === 1 && (labels.length > 6 || labels.some((l) => [...l].length > 5));
      const names = model.lines.map((line) =>
        second && line.split !== undefined
          ? groupLabel(line.split, second, entity, host)
          : measureLabel(line.measure, entity),
      );
      const valueAxes = Array.from({ length: count }, (_, i) => {
        const measure = model.lines[axes.indexOf(i)]?.measure;
        return {
          type: 'value' as const,
          ...axis(c),
          axisLine: { show: false },
          splitNumber: 4,
          minInterval: measure?.fn === 'count' ? 1 : undefined,
          splitLine: { show: i === 0, lineStyle: { color: c.line } },
          axisLabel: {
            color: c.ink3,
            fontSize: 12,
            hideOverlap: true,
            formatter: (v: number) => axisText(v, measure, entity),
          },
        };
      });
      const categoryAxis = {
        type: 'category' as const,
        data: labels,
        ...axis(c),
        splitLine: { show: false },
        inverse: lying,
        axisLabel: {
          color: c.ink2,
          fontSize: 12,
          hideOverlap: !lying,
          width: lying ? 96 : undefined,
          overflow: 'truncate' as const,
        },
      };
      return {
        grid: {
          left: 4,
          right: lying ? 16 : 8,
          top: several && count > 1 ? 16 : 12,
          bottom: several ? 32 : 4,
          containLabel: true,
        },
        tooltip: {
          ...tooltip(c),
          trigger: 'axis',
          axisPointer: {
            type: kind === 'bar' ? 'shadow' : 'line',
            lineStyle: { color: c.line },
            shadowStyle: { color: c.line, opacity: 0.35 },
          },
          formatter: (points: { dataIndex: number; seriesIndex: number; marker: string; value: number | null }[]) => {
            const head = safeHtml(labels[points[0]?.dataIndex ?? 0] ?? '');
            const rows = points.map((p) => {
              const line = model.lines[p.seriesIndex];
              return `${p.marker}${safeHtml(names[p.seriesIndex] ?? '')} <b>${safeHtml(measureText(p.value, line?.measure, entity))}</b>`;
            });
            return [head, ...rows].join('<br>');
          },
        },
        legend: several ? legend(c) : undefined,
        xAxis: lying ? valueAxes : categoryAxis,
        yAxis: lying ? categoryAxis : valueAxes,
        series: model.lines.map((line, i) => ({
          type: kind,
          name: names[i],
          data: line.values,
          [lying ? 'xAxisIndex' : 'yAxisIndex']: axes[i],
          stack: kind === 'bar' && second ? 'all' : undefined,
          color:
            (second && line.split !== undefined ? c.hue(groupHue(line.split, second, entity)) : undefined) ?? c.at(i),
          barMaxWidth: 28,
          barGap: '20%',
          itemStyle: kind === 'bar' ? { borderRadius: second ? 0 : lying ? [0, 3, 3, 0] : [3, 3, 0, 0] } : undefined,
          showSymbol: model.categories.length <= 31,
          symbolSize: 5,
          lineStyle: { width: 2 },
          areaStyle: kind === 'line' && !several ? { opacity: 0.08 } : undefined,
          connectNulls: true,
          cursor: host.drill ? 'pointer' : 'default',
        })),
      };
    },
    [model, first, second, entity, host, kind],
  );

  const summary = model.categories
    .slice(0, 12)
    .map((v, i) =>
      first
        ? `${groupLabel(v, first, entity, host)} ${measureText(model.lines[0]?.values[i], model.lines[0]?.measure, entity)}`
        : '',
    )
    .join(', ');
  return (
    <EChart
      label={`${textOf(widget.title)}: ${summary}`}
      option={option}
      onPick={
        host.drill && first
          ? (i, s) => {
              const parts = [{ field: first.field ?? '', bucket: first.bucket, value: model.categories[i] ?? null }];
              const split = model.lines[s]?.split;
              if (second && split !== undefined)
                parts.push({ field: second.field ?? '', bucket: second.bucket, value: split });
              host.drill?.(drillOf(config, parts));
            }
          : undefined
      }
    />
  );
}
