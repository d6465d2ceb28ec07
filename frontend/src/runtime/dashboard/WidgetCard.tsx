import { useMemo } from 'react';
import { useWidgetData } from '@/api/queries/dashboards';
import type { Json, RecordData, RuntimeEntity, Widget } from '@/api/types';
import { type ChartData, type ChartHost, type ChartType, chartOf } from '@/charts';
import type { FieldContext } from '@/fields';
import { cx, Delayed, EmptyState, ErrorState, IconButton, Skeleton, SkeletonText, usePhone } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import styles from './dashboard.module.css';
import { WidgetButtons } from './WidgetButtons';

export interface WidgetCardProps {
  app: string;
  dashboard: string;
  widget: Widget;
  filters: Record<string, Json>;
  ctx: FieldContext;
  host: Omit<ChartHost, 'ctx' | 'actions'>;
}

/** One widget: its title, and its picture or why there is none. */
export function WidgetCard({ app, dashboard, widget, filters, ctx, host }: WidgetCardProps) {
  const phone = usePhone();
  const type = chartOf(widget.type);
  const query = useWidgetData(app, dashboard, widget.id, filters, { enabled: !!type && !type.still });
  const data = query.data as unknown as ChartData | undefined;
  const entityRef = typeof widget.config?.entity === 'string' ? widget.config.entity : undefined;
  const full = useMemo<ChartHost>(() => {
    const names: Record<string, string> = Object.assign(
      {},
      ...Object.values(data?.queries ?? {}).map((q) => q._names ?? {}),
    );
    const own = { ...ctx, names };
    return {
      ...host,
      ctx: own,
      actions: (entity: RuntimeEntity, record: RecordData, rules: string[]) => (
        <WidgetButtons entity={entity} record={record} rules={rules} ctx={own} />
      ),
    };
  }, [host, ctx, data]);
  const failed = query.isError && !data;
  const seeAll = entityRef && host.entity(entityRef) && host.drill && !failed;
  const title = textOf(widget.title);
  const Chart = type?.Chart;
  return (
    <section
      className={cx(styles.card, type?.flush && styles.flush)}
      aria-label={title}
      aria-busy={query.isFetching || undefined}
    >
      <header className={styles.head}>
        <h2 className={styles.title}>{title}</h2>
        {seeAll && (
          <IconButton
            size="sm"
            icon="maximize"
            label={t('board.seeRecords')}
            className={styles.open}
            onClick={() =>
              host.drill?.({
                entity: entityRef,
                filter: text(widget.config.filter),
                dateField: text(widget.config.date_field),
                period: text(widget.config.period),
              })
            }
          />
        )}
      </header>
      <div className={styles.body} style={phone && type?.phoneHeight ? { minHeight: type.phoneHeight } : undefined}>
        {!Chart ? (
          <EmptyState compact title={t('board.unknownWidget')} />
        ) : type.still ? (
          <Chart widget={widget} config={widget.config} data={{ source: 'static', queries: {} }} host={full} />
        ) : failed ? (
          <div className={cx(styles.failed, widget.h <= 3 && styles.low)}>
            <ErrorState compact brief={widget.h <= 3} error={query.error} onRetry={() => query.refetch()} />
          </div>
        ) : !data ? (
          <Waiting as={type.waitsAs} lines={Math.max(2, Math.min(8, widget.h + 1))} />
        ) : type.isEmpty?.(data) ? (
          <div className={styles.empty}>
            {widget.type === 'tasks'
              ? t('board.noTasks')
              : Object.keys(filters).length > 0
                ? t('board.noData')
                : t('board.nothing')}
          </div>
        ) : (
          <Chart widget={widget} config={widget.config} data={data} host={full} />
        )}
      </div>
    </section>
  );
}

/** What a widget is like before its numbers are here. */
function Waiting({ as, lines }: { as: ChartType['waitsAs']; lines: number }) {
  return (
    <div className={styles.waiting}>
      {as === 'figure' ? (
        <Delayed>
          <Skeleton width="56%" height={28} className={styles.figure} />
          <Skeleton width="36%" />
        </Delayed>
      ) : as === 'drawing' ? (
        <Delayed>
          <Skeleton height="100%" />
        </Delayed>
      ) : (
        <SkeletonText lines={lines} />
      )}
    </div>
  );
}

const text = (value: Json | undefined) => (typeof value === 'string' ? value : undefined);
