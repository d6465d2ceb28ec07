import { choicesOf } from '@/fields';
import { hueVars } from '@/kit';
import { t } from '@/locales';
import { formatPercent } from '@/locales/format';
import type { ChartProps } from '../define';
import { drillOf, type SeriesConfig } from '../shared/drill';
import { fieldNamed, groupHue, groupLabel, measureText } from '../shared/values';
import styles from './funnel.module.css';
import { stagesOf } from './stages';

/** How many records are at each stage, and which share goes on. */
export function Chart({ config, data, host }: ChartProps<SeriesConfig>) {
  const query = data.queries.main;
  const entity = query && host.entity(query.entity);
  const group = query?.groups?.[0];
  const measure = query?.measures?.[0];
  if (!query || !group || !measure) return null;
  const field = fieldNamed(entity, group.field);
  const order = data.order?.length
    ? data.order
    : field
      ? choicesOf(field)
          .filter((c) => !c.retired)
          .map((c) => c.key)
      : [];
  return (
    <ol className={styles.funnel}>
      {stagesOf(query.rows ?? [], group.as, measure.as, order).map((stage) => {
        const label = groupLabel(stage.key, group, entity, host);
        const inner = (
          <>
            <span className={styles.label}>{label}</span>
            <span className={styles.track}>
              <span
                className={styles.bar}
                style={{
                  width: `${Math.max(stage.value > 0 ? 1 : 0, stage.width * 100)}%`,
                  ...hueVars(groupHue(stage.key, group, entity) ?? 'jade'),
                }}
              />
            </span>
            <span className={styles.value}>{measureText(stage.value, measure, entity)}</span>
            <span className={styles.passed} title={t('board.passed')}>
              {stage.passed === null ? '' : formatPercent(stage.passed)}
            </span>
          </>
        );
        return (
          <li key={stage.key}>
            {host.drill ? (
              <button
                type="button"
                className={styles.stage}
                onClick={() => host.drill?.(drillOf(config, [{ field: group.field ?? '', value: stage.key }]))}
              >
                {inner}
              </button>
            ) : (
              <span className={styles.stage}>{inner}</span>
            )}
          </li>
        );
      })}
    </ol>
  );
}
