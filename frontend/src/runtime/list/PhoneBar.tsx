import { useMemo, useState } from 'react';
import { Button, Drawer, Icon, Menu } from '@/kit';
import { t } from '@/locales';
import { formatNumber } from '@/locales/format';
import { textOf } from '@/locales/text';
import { countRows, fromExpr } from '@/runtime/filter';
import { FilterPanel } from './FilterPanel';
import styles from './list.module.css';
import { SortPanel } from './SortPanel';
import { useListState } from './use-list';

/** Filter, sort and view within reach of the thumb; each opens a sheet from below. */
export function PhoneBar() {
  const { query, scope, tabs, tab, setTab, total, type, entity, config, setConfig } = useListState();
  const [sheet, setSheet] = useState<'filter' | 'sort' | 'settings' | null>(null);
  const conditions = useMemo(() => countRows(fromExpr(query.filter, scope)), [query.filter, scope]);
  const close = () => setSheet(null);
  const Settings = type.Settings;
  const count = (label: string, n: number) => (n > 0 ? `${label} ${formatNumber(n)}` : label);
  return (
    <div className={styles.phoneBar} role="toolbar" aria-label={t('list.filter')}>
      <button
        type="button"
        className={styles.phoneTool}
        data-on={conditions > 0 || undefined}
        onClick={() => setSheet('filter')}
      >
        <Icon name="filter" />
        {count(t('list.filter'), conditions)}
      </button>
      <button
        type="button"
        className={styles.phoneTool}
        data-on={query.sort.length > 0 || undefined}
        onClick={() => setSheet('sort')}
      >
        <Icon name="sort-asc" />
        {count(t('list.sort'), query.sort.length)}
      </button>
      <Menu
        position="top-end"
        items={tabs.map((one) => ({
          label: textOf(one.name),
          checked: one.id === tab.id,
          onSelect: () => setTab(one.id),
        }))}
      >
        <button type="button" className={styles.phoneTool} aria-label={`${t('list.views')} ${textOf(tab.name)}`}>
          <Icon name="layers" />
          <span className={styles.phoneToolText}>{textOf(tab.name)}</span>
        </button>
      </Menu>
      {Settings && (
        <button type="button" className={styles.phoneTool} onClick={() => setSheet('settings')}>
          <Icon name="gear" />
          {t('list.settings')}
        </button>
      )}
      <Drawer
        opened={sheet !== null}
        onClose={close}
        title={sheet === 'sort' ? t('list.sort') : sheet === 'settings' ? t('list.settings') : t('list.filter')}
        footer={
          <Button variant="primary" size="lg" block onClick={close}>
            {total === null ? t('common.done') : t('list.count', { n: total })}
          </Button>
        }
      >
        {sheet === 'filter' && <FilterPanel />}
        {sheet === 'sort' && <SortPanel />}
        {sheet === 'settings' && Settings && <Settings entity={entity} config={config} onConfig={setConfig} />}
      </Drawer>
    </div>
  );
}
