import { EmptyState, LinkButton } from '@/kit';
import { t } from '@/locales';
import styles from './errors.module.css';

/** An address that leads nowhere. */
export function NotFound() {
  return (
    <div className={styles.page}>
      <EmptyState
        icon="search"
        title={t('errors.notFound')}
        help={t('errors.notFoundHelp')}
        action={<LinkButton to="/">{t('errors.backHome')}</LinkButton>}
      />
    </div>
  );
}
