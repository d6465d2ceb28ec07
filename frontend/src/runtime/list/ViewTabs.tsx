import { useNavigate } from 'react-router';
import { useDeleteView, useSaveView } from '@/api/queries/apps';
import { Button, confirm, cx, Icon, IconButton, Menu, type MenuEntry } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useApp } from '@/runtime/app/context';
import { viewOf } from '@/views';
import { sayProblem } from '@/views/shared/say';
import styles from './list.module.css';
import { useListState } from './use-list';
import { useViewSaving } from './use-view-saving';
import type { ViewTab } from './views';

/** The views of a list as tabs, with a mark and ways to save what was changed. */
export function ViewTabs() {
  const list = useListState();
  const { runtime, base } = useApp();
  const navigate = useNavigate();
  const { tabs, tab, changed, config, entity, appId, builder } = list;
  const save = useSaveView(appId);
  const remove = useDeleteView(appId);
  const { ask, saveOver, saveOverText, saving, dialog } = useViewSaving();

  const menu = (one: ViewTab): MenuEntry[] => {
    const owned = one.mine || (one.source === 'shared' && runtime.me.admin);
    return [
      {
        label: t('list.duplicateView'),
        icon: 'copy',
        onSelect: () => ask({ type: one.type, config: one === tab ? config : one.config, name: textOf(one.name) }),
      },
      owned && {
        label: t('list.renameView'),
        icon: 'pen',
        onSelect: () => ask({ id: one.id, type: one.type, config: one.config, name: textOf(one.name) }),
      },
      owned &&
        runtime.me.admin && {
          label: one.source === 'shared' ? t('list.unshareView') : t('list.shareView'),
          icon: one.source === 'shared' ? 'lock' : 'users',
          onSelect: () =>
            save.mutate({ id: one.id, kind: one.source === 'shared' ? 'personal' : 'shared' }, { onError: sayProblem }),
        },
      one.source === 'app' &&
        !!builder && {
          label: t('list.editView'),
          icon: 'gear',
          onSelect: () => navigate(`${base}/edit/forms/${entity.id}/views`),
        },
      owned && { divider: true },
      owned && {
        label: t('list.deleteView'),
        icon: 'trash',
        danger: true,
        onSelect: async () => {
          const yes = await confirm({
            title: t('list.deleteViewTitle', { name: textOf(one.name) }),
            body: t('list.deleteViewBody'),
            action: t('common.delete'),
            danger: true,
          });
          if (!yes) return;
          remove.mutate(one.id, { onError: sayProblem });
          if (one === tab && tabs[0]) list.setTab(tabs[0].id);
        },
      },
    ];
  };

  return (
    <div className={styles.tabsRow}>
      <nav className={styles.tabs} aria-label={t('list.views')}>
        {tabs.map((one) => {
          const on = one.id === tab.id;
          const name = textOf(one.name);
          return (
            <div key={one.id} className={cx(styles.tab, on && styles.tabOn)}>
              <button
                type="button"
                aria-current={on ? 'true' : undefined}
                className={styles.tabName}
                onClick={() => !on && list.setTab(one.id)}
              >
                {one.type !== 'grid' && <Icon name={viewOf(one.type).icon} />}
                <span>{name}</span>
                {one.source === 'personal' && (
                  <Icon name="user" size={14} className={styles.quiet} label={t('list.personalMark')} />
                )}
                {on && changed && <span className={styles.changedMark} title={t('list.viewChanged')} />}
              </button>
              {on && (
                <Menu items={menu(one)}>
                  <IconButton
                    icon="chevron-down"
                    size="sm"
                    className={styles.tabMenu}
                    label={t('list.viewMenu', { name })}
                  />
                </Menu>
              )}
            </div>
          );
        })}
      </nav>
      <IconButton
        icon="plus"
        size="sm"
        label={t('list.addView')}
        onClick={() => ask({ type: 'grid', config: {}, name: '', choose: true })}
      />
      {changed && (
        <div className={styles.saveRow} role="status">
          <span className={styles.saveText}>{t('list.viewChanged')}</span>
          <Button size="sm" variant="plain" onClick={list.resetView}>
            {t('list.resetView')}
          </Button>
          <Button size="sm" variant="plain" onClick={() => ask({ type: tab.type, config, name: '' })}>
            {t('list.saveAs')}
          </Button>
          {saveOver && (
            <Button size="sm" loading={saving} onClick={() => void saveOver()}>
              {saveOverText}
            </Button>
          )}
        </div>
      )}
      {dialog}
    </div>
  );
}
