import { useMemo, useState } from 'react';
import { Button, Drawer, Popover, Segmented, usePhone } from '@/kit';
import { t } from '@/locales';
import { formatNumber } from '@/locales/format';
import { countRows, fromExpr } from '@/runtime/filter';
import { pickedCount } from '@/views/shared/row-pick';
import { BulkBar } from './BulkBar';
import { Chips } from './Chips';
import { ColumnsPanel } from './ColumnsPanel';
import { FilterPanel } from './FilterPanel';
import { GroupPanel } from './GroupPanel';
import styles from './list.module.css';
import { SearchBox } from './SearchBox';
import { SortPanel } from './SortPanel';
import { useListState } from './use-list';

/** Filter, group, sort, columns, height, search; what is ticked takes its place. */
export function ListToolbar() {
  const list = useListState();
  const { query, config, type, setConfig, total, pick, scope, entity } = list;
  const [filtering, setFiltering] = useState(false);
  const conditions = useMemo(() => countRows(fromExpr(query.filter, scope)), [query.filter, scope]);
  const groups = config.group?.length ?? 0;
  const Settings = type.Settings;
  const phone = usePhone();
  if (phone) {
    return (
      <>
        <div className={styles.phoneHead}>
          <SearchBox />
          {total !== null && <span className={styles.phoneCount}>{t('list.count', { n: total })}</span>}
        </div>
        <Chips onEdit={() => setFiltering(true)} />
        <Drawer opened={filtering} onClose={() => setFiltering(false)} title={t('list.filter')}>
          <FilterPanel />
        </Drawer>
      </>
    );
  }
  if (pickedCount(pick, total ?? 0) > 0) return <BulkBar />;
  return (
    <>
      <div className={styles.toolbar}>
        <Popover
          width={680}
          opened={filtering}
          onChange={setFiltering}
          label={t('list.filter')}
          target={
            <Button size="sm" variant="plain" icon="filter" active={conditions > 0}>
              {conditions > 0 ? `${t('list.filter')} ${formatNumber(conditions)}` : t('list.filter')}
            </Button>
          }
        >
          <FilterPanel />
        </Popover>
        {type.tools.includes('group') && (
          <Popover
            width={320}
            label={t('list.group')}
            target={
              <Button size="sm" variant="plain" icon="group" active={groups > 0}>
                {groups > 0 ? `${t('list.group')} ${formatNumber(groups)}` : t('list.group')}
              </Button>
            }
          >
            <GroupPanel />
          </Popover>
        )}
        <Popover
          width={400}
          label={t('list.sort')}
          target={
            <Button size="sm" variant="plain" icon="sort-asc" active={query.sort.length > 0}>
              {query.sort.length > 0 ? `${t('list.sort')} ${formatNumber(query.sort.length)}` : t('list.sort')}
            </Button>
          }
        >
          <SortPanel />
        </Popover>
        {type.tools.includes('columns') && (
          <Popover
            width={300}
            label={t('list.columns')}
            target={
              <Button size="sm" variant="plain" icon="columns">
                {t('list.columns')}
              </Button>
            }
          >
            <ColumnsPanel />
          </Popover>
        )}
        {type.tools.includes('height') && (
          <Popover
            width="max-content"
            label={t('list.height')}
            target={
              <Button size="sm" variant="plain" icon="row-height">
                {t('list.height')}
              </Button>
            }
          >
            {(close) => (
              <Segmented
                block
                aria-label={t('list.height')}
                value={config.row_height ?? 'default'}
                onChange={(row_height) => {
                  setConfig({ row_height });
                  close();
                }}
                options={(['compact', 'default', 'tall'] as const).map((value) => ({
                  value,
                  label: t(`list.heights.${value}`),
                }))}
              />
            )}
          </Popover>
        )}
        {Settings && (
          <Popover
            width={320}
            label={t('list.settings')}
            target={
              <Button size="sm" variant="plain" icon="gear">
                {t('list.settings')}
              </Button>
            }
          >
            <Settings entity={entity} config={config} onConfig={setConfig} />
          </Popover>
        )}
        <span className={styles.count} role="status">
          {total === null ? '' : t('list.count', { n: total })}
        </span>
        <SearchBox className={styles.search} />
      </div>
      <Chips onEdit={() => setFiltering(true)} />
    </>
  );
}
