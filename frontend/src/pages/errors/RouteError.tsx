import { useRouteError } from 'react-router';
import { Problem } from '@/api/client';
import { Button, ErrorState, Icon } from '@/kit';
import { t } from '@/locales';
import { isMissingChunk, reloadOnce } from '../reload';
import styles from './errors.module.css';

/** A page that failed: a refusal in the server's words, or a fault of ours with its message. */
export function RouteError() {
  const error = useRouteError();
  if (isMissingChunk(error) && reloadOnce()) return null;
  if (error instanceof Problem) {
    return (
      <div className={styles.page}>
        <ErrorState error={error} onRetry={() => location.reload()} />
      </div>
    );
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : JSON.stringify(error);
  return (
    <div className={styles.page}>
      <div className={styles.fault} role="alert">
        <Icon name="alert" size={24} />
        <h1 className={styles.title}>{t('errors.unexpected')}</h1>
        <p className={styles.help}>{t('errors.unexpectedHelp')}</p>
        <pre className={styles.code}>{message}</pre>
        <div className={styles.actions}>
          <Button onClick={() => location.assign('/')}>{t('errors.backHome')}</Button>
          <Button variant="primary" onClick={() => location.reload()}>
            {t('errors.reload')}
          </Button>
        </div>
      </div>
    </div>
  );
}
