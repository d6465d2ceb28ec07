import { asProblem } from '@/api/client';
import { t } from '@/locales';
import { Button } from './Button';
import { cx } from './cx';
import styles from './EmptyState.module.css';
import { Icon } from './Icon';

export interface ErrorStateProps {
  error: unknown;
  onRetry?: () => void;
  compact?: boolean;
  /** One line, for places too low for more; the rest is its tooltip. */
  brief?: boolean;
}

/** What went wrong, what to do, and an id to quote. */
export function ErrorState({ error, onRetry, compact, brief }: ErrorStateProps) {
  const problem = asProblem(error);
  const denied = problem.status === 403;
  const missing = problem.status === 404;
  const title = denied ? t('errors.noAccess') : missing ? t('errors.notFound') : problem.title;
  const help = denied ? t('errors.noAccessHelp') : missing ? t('errors.notFoundHelp') : problem.detail;
  if (brief) {
    return (
      <div className={styles.brief} role="alert" title={[title, help].filter(Boolean).join('\n')}>
        <Icon name={denied ? 'lock' : missing ? 'search' : 'alert'} />
        <span className={styles.line}>{title}</span>
        {onRetry && !denied && !missing && (
          <Button size="sm" variant="plain" onClick={onRetry}>
            {t('common.retry')}
          </Button>
        )}
      </div>
    );
  }
  return (
    <div className={cx(styles.empty, compact && styles.compact)} role="alert">
      {!compact && (
        <span className={styles.icon}>
          <Icon name={denied ? 'lock' : missing ? 'search' : 'alert'} size={24} />
        </span>
      )}
      <p className={styles.title}>{title}</p>
      {help && help !== title && <p className={styles.help}>{help}</p>}
      {problem.requestId && <p className={styles.help}>{t('common.requestId', { id: problem.requestId })}</p>}
      {onRetry && !denied && !missing && (
        <div className={styles.actions}>
          <Button size="sm" icon="refresh" onClick={onRetry}>
            {t('common.retry')}
          </Button>
        </div>
      )}
    </div>
  );
}
