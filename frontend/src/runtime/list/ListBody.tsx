import { useNavigate } from 'react-router';
import { Button, EmptyState, LinkButton, useHotkeys, usePhone } from '@/kit';
import { t } from '@/locales';
import { inSentence, textOf } from '@/locales/text';
import { useApp } from '@/runtime/app/context';
import { undoLast } from '@/views/shared/say';
import { ListPanel } from './ListPanel';
import { LivePill } from './LivePill';
import styles from './list.module.css';
import { PhoneBar } from './PhoneBar';
import { PhoneList } from './PhoneList';
import { useListState } from './use-list';

/** The records as the chosen view shows them, and the panel beside them. */
export function ListBody() {
  const { base } = useApp();
  const list = useListState();
  const phone = usePhone();
  const {
    entity,
    type,
    tab,
    config,
    setConfig,
    query,
    setSort,
    store,
    edits,
    ctx,
    scope,
    appId,
    revision,
    openId,
    open,
    walk,
    create,
    pick,
    setPick,
    setTotal,
    builder,
  } = list;
  // The grid hears its keys itself; boards and calendars have no cell that could.
  useHotkeys({
    'mod+z': (e) => {
      if (openId || (e.target as Element).closest('input, textarea, select, [contenteditable]')) return;
      e.preventDefault();
      void undoLast(edits);
    },
  });
  const name = textOf(entity.name);
  if (!entity.ops.includes('read'))
    return (
      <div className={styles.middle}>
        <EmptyState
          icon="lock"
          title={t('list.noAccess', { name })}
          help={t('errors.noAccessHelp')}
          action={<LinkButton to={base}>{t('errors.backApp')}</LinkButton>}
        />
      </div>
    );
  const cards = phone && type.type === 'grid';
  const View = type.View;
  return (
    <div className={styles.body}>
      <div className={styles.main}>
        <LivePill />
        {cards ? (
          <PhoneList empty={<NothingHere />} />
        ) : (
          <View
            key={`${type.type} ${tab.id}`}
            app={appId}
            entity={entity}
            entityOf={scope.entityOf}
            ctx={ctx}
            store={store}
            edits={edits}
            config={config}
            onConfig={setConfig}
            query={query}
            onSort={setSort}
            revision={revision}
            openId={openId}
            onOpen={open}
            walk={walk}
            onCreate={create}
            pick={pick}
            onPick={setPick}
            onTotal={setTotal}
            builder={builder}
            empty={<NothingHere />}
            label={`${name} ${textOf(tab.name)}`}
          />
        )}
        {phone && <PhoneBar />}
      </div>
      <ListPanel />
    </div>
  );
}

/** Why there is nothing, and what to do about it. */
function NothingHere() {
  const { entity, query, create, clearQuery, path } = useListState();
  const navigate = useNavigate();
  const phone = usePhone();
  const name = textOf(entity.name);
  if (query.filter || query.search) {
    return (
      <EmptyState
        icon="search"
        title={t('list.noMatch', { name })}
        help={t('list.noMatchHelp')}
        action={
          <Button icon="filter-off" onClick={clearQuery}>
            {t('list.clearFilters')}
          </Button>
        }
      />
    );
  }
  return (
    <EmptyState
      icon={entity.icon ?? 'entity'}
      title={t('list.empty', { name })}
      help={create ? t('list.emptyHelp') : t('list.emptyNoRight')}
      action={
        create && (
          <Button variant="primary" icon={phone ? undefined : 'plus'} onClick={() => create()}>
            {t('list.new', { name: inSentence(name) })}
          </Button>
        )
      }
      secondary={
        create &&
        entity.ops.includes('import') && (
          <Button variant="plain" onClick={() => navigate(`${path}/import`)}>
            {t('list.emptyImport')}
          </Button>
        )
      }
    />
  );
}
