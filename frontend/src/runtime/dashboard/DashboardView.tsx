import { type CSSProperties, Suspense, useCallback, useMemo, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { useApps } from '@/api/queries/apps';
import type { Dashboard, Task } from '@/api/types';
import type { ChartHost, ChecklistStep, Drill } from '@/charts';
import { cx, EmptyState, LinkButton, usePhone } from '@/kit';
import { t } from '@/locales';
import { useApp } from '@/runtime/app/context';
import { leaves } from '@/runtime/app/menu';
import { useFieldContext } from '@/runtime/form/context';
import { RemoveSample } from '@/runtime/sample';
import styles from './dashboard.module.css';
import { FilterBar } from './FilterBar';
import { drillFilter, readFilters, sentFilters, writeFilter } from './filters';
import { inPairs, inPhoneOrder, inReadingOrder, settle } from './layout';
import { useChecklist } from './use-checklist';
import { WidgetCard } from './WidgetCard';

/** A dashboard: its filters and its widgets on twelve columns, one below the other on a phone. */
export function DashboardView({ dashboard }: { dashboard: Dashboard }) {
  return dashboard.widgets.some((w) => w.type === 'checklist') ? (
    <WithChecklist dashboard={dashboard} />
  ) : (
    <Board dashboard={dashboard} />
  );
}

function WithChecklist({ dashboard }: { dashboard: Dashboard }) {
  const { appId } = useApp();
  const [removing, setRemoving] = useState(false);
  const remove = useCallback(() => setRemoving(true), []);
  return (
    <>
      <Board dashboard={dashboard} checklist={useChecklist(remove)} />
      {removing && (
        <Suspense>
          <RemoveSample app={appId} onClose={() => setRemoving(false)} />
        </Suspense>
      )}
    </>
  );
}

function Board({ dashboard, checklist }: { dashboard: Dashboard; checklist?: ChecklistStep[] }) {
  const { app, appId, base, workspace, menu, entity } = useApp();
  const phone = usePhone();
  const navigate = useNavigate();
  const apps = useApps(workspace.key);
  const [params, setParams] = useSearchParams();
  const filters = useMemo(() => dashboard.filters ?? [], [dashboard]);
  const values = useMemo(() => readFilters(params, filters), [params, filters]);
  const sent = useMemo(() => sentFilters(values), [values]);

  const openRecord = useCallback(
    (key: string, id: string) => void navigate(`${base}/${key}/r/${id}`),
    [navigate, base],
  );
  const ctx = useFieldContext(undefined, { open: openRecord });
  const drill = useCallback(
    ({ entity: ref, ...rest }: Drill) => {
      const target = entity(ref);
      if (!target) return;
      const filter = drillFilter({ entity: ref, ...rest }, target, filters, values, workspace.time_zone);
      const entry = leaves(menu).find((e) => e.target?.kind === 'entity' && e.target.entity.id === target.id);
      navigate(`${base}/${entry?.slug ?? target.key}${filter ? `?${new URLSearchParams({ filter })}` : ''}`);
    },
    [entity, filters, values, workspace.time_zone, menu, base, navigate],
  );
  const host = useMemo<Omit<ChartHost, 'ctx' | 'actions'>>(
    () => ({
      entity,
      drill,
      openRecord,
      checklist,
      taskPath: (task: Task) => {
        const app = apps.data?.find((a) => a.id === task.app);
        return app && task.entity && task.record_id && task.outcomes.length === 0
          ? `/w/${workspace.key}/a/${app.key}/${task.entity}/r/${task.record_id}`
          : `/w/${workspace.key}/tasks?task=${task.id}`;
      },
    }),
    [entity, drill, openRecord, checklist, apps.data, workspace.key],
  );

  // They stand as in the designer, where nothing hangs in the air.
  const widgets = phone ? inPhoneOrder(dashboard) : inReadingOrder(settle(dashboard.widgets));
  const pairs = phone ? inPairs(widgets) : undefined;
  return (
    <div className={styles.page}>
      {filters.length > 0 && (
        <FilterBar
          filters={filters}
          values={values}
          onChange={(filter, value) => setParams((old) => writeFilter(old, filter, value), { replace: true })}
          onClear={() => setParams((old) => filters.reduce((p, f) => writeFilter(p, f, null), old), { replace: true })}
        />
      )}
      {widgets.length === 0 ? (
        <EmptyState
          icon="chart"
          title={t('board.noWidgets')}
          help={!app.role.admin ? t('board.askAdmin') : phone ? t('board.onComputer') : undefined}
          action={
            app.role.admin &&
            !phone && (
              <LinkButton variant="primary" icon="pen" to={`${base}/edit/app/dashboards/${dashboard.id}`}>
                {t('board.addWidgets')}
              </LinkButton>
            )
          }
        />
      ) : (
        <div className={styles.grid}>
          {widgets.map((widget) => (
            <div
              key={widget.id}
              className={cx(styles.cell, pairs?.has(widget.id) && styles.half)}
              style={{ '--x': widget.x + 1, '--y': widget.y + 1, '--w': widget.w, '--h': widget.h } as CSSProperties}
            >
              <WidgetCard app={appId} dashboard={dashboard.id} widget={widget} filters={sent} ctx={ctx} host={host} />
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
