import { useMemo, useState } from 'react';
import { Button, Drawer, Icon, Menu } from '@/kit';
import { t } from '@/locales';
import { formatNumber } from '@/locales/format';
import { textOf } from '@/locales/text';
import { countRows, fromExpr } from '@/runtime/filter';
import { FilterPanel } from './FilterPanel';
import { GroupPanel } from './GroupPanel';
import styles from './list.module.css';
import { SortPanel } from './SortPanel';
import { useListState } from './use-list';
import { useViewSaving } from './use-view-saving';

type Sheet = 'filter' | 'group' | 'sort' | 'settings';

/** Filter, group, sort and view within reach of the thumb; each opens a sheet from below. */
export function PhoneBar() {
  const { query, scope, tabs, tab, setTab, total, type, entity, config, setConfig, changed, resetView } =
    useListState();
  const [sheet, setSheet] = useState<Sheet | null>(null);
  const { ask, saveOver, saveOverText, dialog } = useViewSaving();
  const conditions = useMemo(() => countRows(fromExpr(query.filter, scope)), [query.filter, scope]);
  const close = () => setSheet(null);
  const Settings = type.Settings;
  const groups = config.group?.length ?? 0;
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
      {type.tools.includes('group') && (
        <button
          type="button"
          className={styles.phoneTool}
          data-on={groups > 0 || undefined}
          onClick={() => setSheet('group')}
        >
          <Icon name="group" />
          {count(t('list.group'), groups)}
        </button>
      )}
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
        items={[
          ...tabs.map((one) => ({
            label: textOf(one.name),
            checked: one.id === tab.id,
            onSelect: () => setTab(one.id),
          })),
          changed && { title: t('list.viewChanged') },
          changed && saveOver && { label: saveOverText, icon: 'check', onSelect: () => void saveOver() },
          changed && {
            label: t('list.saveAs'),
            icon: 'copy',
            onSelect: () => ask({ type: tab.type, config, name: '' }),
          },
          changed && { label: t('list.resetView'), icon: 'undo', onSelect: resetView },
        ]}
      >
        <button
          type="button"
          className={styles.phoneTool}
          aria-label={[t('list.views'), textOf(tab.name), changed && t('list.viewChanged')].filter(Boolean).join(' ')}
        >
          <Icon name="layers" />
          <span className={styles.phoneToolText}>{textOf(tab.name)}</span>
          {changed && <span className={styles.changedMark} />}
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
        title={t(`list.${sheet ?? 'filter'}`)}
        footer={
          <Button variant="primary" size="lg" block onClick={close}>
            {total === null || sheet !== 'filter' ? t('common.done') : t('list.showCount', { n: total })}
          </Button>
        }
      >
        {sheet === 'filter' && <FilterPanel />}
        {sheet === 'group' && <GroupPanel />}
        {sheet === 'sort' && <SortPanel />}
        {sheet === 'settings' && Settings && <Settings entity={entity} config={config} onConfig={setConfig} />}
      </Drawer>
      {dialog}
    </div>
  );
}
