import type { CSSProperties } from 'react';
import { cx, Icon, Progress, Tooltip } from '@/kit';
import { t } from '@/locales';
import { formatPercent } from '@/locales/format';
import { textOf } from '@/locales/text';
import type { ChartProps } from '../define';
import { drillOf } from '../shared/drill';
import { type Format, fieldNamed, measureText } from '../shared/values';
import { changeOf, kpiOf, reached } from './kpi';
import styles from './kpi.module.css';

export interface KpiConfig {
  entity: string;
  filter?: string;
  date_field?: string;
  period?: string;
  compare?: string;
  format?: Format;
}

/** One number, against the previous period and a goal. */
export function Chart({ widget, config, data, host }: ChartProps<KpiConfig>) {
  const query = data.queries.main;
  const entity = query && host.entity(query.entity);
  const measure = query?.measures?.[0];
  const kpi = kpiOf(data.queries);
  const format: Format = config.format && config.format !== 'auto' ? config.format : kpi.ratio ? 'percent' : 'auto';
  const points = format === 'percent' || fieldNamed(entity, measure?.field)?.type === 'percent';
  const change = changeOf(kpi, points);
  const goal = reached(kpi.value, data.goal);
  const words = measureText(kpi.value, measure, entity, format);
  // The number is as large as its digits allow: one that is cut off says something else.
  const number = (
    <span
      className={cx(styles.number, kpi.value === null && styles.none)}
      style={{ '--chars': Math.max(words.length, 4) } as CSSProperties}
      title={words}
    >
      {words}
    </span>
  );
  return (
    <div className={styles.kpi}>
      {host.drill && kpi.value !== null ? (
        <button
          type="button"
          className={styles.open}
          onClick={() => host.drill?.(drillOf(config))}
          aria-label={`${textOf(widget.title)}: ${words}`}
        >
          {number}
        </button>
      ) : (
        number
      )}
      {config.compare === 'previous' && (
        <Tooltip
          label={
            kpi.before === null
              ? t('board.noPrevious')
              : t('board.previousWas', { value: measureText(kpi.before, measure, entity, format) })
          }
        >
          <span className={styles.change}>
            {change === null ? (
              t('board.noPrevious')
            ) : (
              <>
                <Icon name={change > 0 ? 'arrow-up' : change < 0 ? 'arrow-down' : 'minus'} size={14} />
                {points
                  ? t('board.points', { n: Math.abs(Math.round(change * 1000) / 10) })
                  : formatPercent(Math.abs(change), Math.abs(change) < 0.1 ? 1 : 0)}
                <span className={styles.quiet}>{t('board.thanBefore')}</span>
              </>
            )}
          </span>
        </Tooltip>
      )}
      {goal !== null && (
        <div className={styles.goal}>
          <Progress value={goal} label={t('board.goal')} />
          <span className={styles.quiet}>
            {t('board.ofGoal', { share: formatPercent(goal), goal: measureText(data.goal, measure, entity, format) })}
          </span>
        </div>
      )}
    </div>
  );
}
