import type { ReactNode } from 'react';
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
  /** What was asked for, in words of the place: a refusal is then no statement about the reader, and may be tried again. */
  title?: string;
  /** Another way on. */
  secondary?: ReactNode;
}

/** What went wrong, what to do, and an id to quote. */
export function ErrorState({ error, onRetry, compact, brief, title: asked, secondary }: ErrorStateProps) {
  const problem = asProblem(error);
  const denied = !asked && problem.status === 403;
  const missing = !asked && problem.status === 404;
  // Not the place is out of reach, only a field that it is arranged by.
  const field = denied && problem.code === 'access.hidden_field';
  const title =
    asked ??
    (field ? t('errors.hiddenField') : denied ? t('errors.noAccess') : missing ? t('errors.notFound') : problem.title);
  const said = !asked ? problem.detail : problem.status === 403 ? t('errors.refused') : problem.message;
  const help = field
    ? t('errors.hiddenFieldHelp', { detail: problem.detail })
    : denied
      ? t('errors.noAccessHelp')
      : missing
        ? t('errors.notFoundHelp')
        : said;
  const retry = onRetry && !denied && !missing;
  if (brief) {
    return (
      <div className={styles.brief} role="alert" title={[title, help].filter(Boolean).join('\n')}>
        <Icon name={denied ? 'lock' : missing ? 'search' : 'alert'} />
        <span className={styles.line}>{title}</span>
        {retry && (
          <Button size="sm" onClick={onRetry}>
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
      <p className={cx(styles.title, compact && styles.failed)}>
        {compact && <Icon name={denied ? 'lock' : missing ? 'search' : 'alert'} size={14} />}
        {title}
      </p>
      {help && help !== title && <p className={styles.help}>{help}</p>}
      {!denied && problem.requestId && (
        <p className={styles.help}>{t('common.requestId', { id: problem.requestId })}</p>
      )}
      {(retry || secondary) && (
        <div className={styles.actions}>
          {retry && (
            <Button size={compact ? 'sm' : 'md'} icon="refresh" onClick={onRetry}>
              {t('common.retry')}
            </Button>
          )}
          {secondary}
        </div>
      )}
    </div>
  );
}
