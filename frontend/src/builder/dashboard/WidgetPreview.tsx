import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo } from 'react';
import { asProblem } from '@/api/client';
import type { Widget } from '@/api/types';
import { type ChartHost, chartOf } from '@/charts';
import { Delayed, SkeletonText } from '@/kit';
import { t } from '@/locales';
import { useFieldContext } from '@/runtime/form/context';
import { useBuilder, usePreview } from '../context';
import { previewData } from './preview-data';
import styles from './WidgetPreview.module.css';

/** A widget with today's data, as far as its settings say what to show. */
export function WidgetPreview({ widget }: { widget: Widget }) {
  const { app, parts } = useBuilder();
  const runtime = usePreview();
  const type = chartOf(widget.type);
  const source = String(parts.charts.get(widget.type)?.extra.source ?? 'static');
  const calm = useDeferredValue(JSON.stringify(widget.config));
  const find = (ref: string | undefined) => runtime.entities.find((e) => e.id === ref || e.key === ref);
  const query = useQuery({
    queryKey: ['app', app.id, 'widget-preview', widget.type, calm],
    queryFn: ({ signal }) =>
      previewData(app.id, { ...widget, config: JSON.parse(calm) as Widget['config'] }, source, find, signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });
  const data = query.data;
  const ctx = useFieldContext();
  const host = useMemo<ChartHost>(() => {
    const names: Record<string, string> = Object.assign(
      {},
      ...Object.values(data?.queries ?? {}).map((q) => q._names ?? {}),
    );
    return { entity: (ref) => runtime.entities.find((e) => e.id === ref || e.key === ref), ctx: { ...ctx, names } };
  }, [runtime, ctx, data]);
  const Chart = type?.Chart;
  if (!Chart) return <p className={styles.note}>{t('build.board.unknown')}</p>;
  if (query.isError) {
    // A form that is not published has no records to show.
    const problem = asProblem(query.error);
    return <p className={styles.note}>{problem.status === 404 ? t('build.board.unpublished') : problem.message}</p>;
  }
  if (query.isPending) {
    return (
      <Delayed>
        <SkeletonText lines={2} />
      </Delayed>
    );
  }
  if (!data) return <p className={styles.note}>{t('build.board.incomplete')}</p>;
  if (type.isEmpty?.(data)) return <p className={styles.note}>{t('build.board.noData')}</p>;
  return <Chart widget={widget} config={widget.config} data={data} host={host} />;
}
