import { useMemo } from 'react';
import { Button, Icon } from '@/kit';
import { t } from '@/locales';
import { describe, fromExpr, toExpr, useFilterNames } from '@/runtime/filter';
import styles from './list.module.css';
import { useListState } from './use-list';

/** The active conditions in words; each can be taken away, a press opens the editor. */
export function Chips({ onEdit }: { onEdit: () => void }) {
  const { query, setFilter, scope, ctx, appId, store, tab } = useListState();
  const root = useMemo(() => fromExpr(query.filter, scope), [query.filter, scope]);
  useFilterNames(appId, root, scope, store.learn);
  if (root.items.length === 0) return null;
  // Alternatives only make sense together.
  const items = root.join === 'and' ? root.items : [root];
  return (
    <section className={styles.chips} aria-label={t('filter.title')}>
      {items.map((item) => {
        const text = describe(item, scope, ctx);
        return (
          <span key={item.id} className={styles.chip}>
            <button
              type="button"
              className={styles.chipText}
              title={text}
              aria-label={t('filter.edit', { text })}
              onClick={onEdit}
            >
              {text}
            </button>
            <button
              type="button"
              className={styles.chipX}
              aria-label={t('filter.removeChip', { text })}
              onClick={() =>
                setFilter(item === root ? '' : toExpr({ ...root, items: root.items.filter((i) => i !== item) }, scope))
              }
            >
              <Icon name="x" size={14} />
            </button>
          </span>
        );
      })}
      {items.length > 1 && (
        <Button size="sm" variant="plain" onClick={() => setFilter('')}>
          {t('filter.clear')}
        </Button>
      )}
      {tab.config.filter && query.filter !== tab.config.filter && (
        <Button size="sm" variant="plain" onClick={() => setFilter(tab.config.filter ?? '')}>
          {t('common.reset')}
        </Button>
      )}
    </section>
  );
}
