import { Icon } from '@/kit';
import { t } from '@/locales';
import styles from './list.module.css';
import { useListState } from './use-list';

/** Says quietly that others made records; nothing moves until it is pressed. */
export function LivePill() {
  const { news, reload } = useListState();
  const n = news.created;
  return (
    <div role="status" className={styles.pillHost}>
      {n + news.other > 0 && (
        <button type="button" className={styles.pill} onClick={reload}>
          <Icon name="refresh" size={14} />
          {n > 0 ? t('list.newData', { n }) : t('list.updated')}
        </button>
      )}
    </div>
  );
}
