import { useNavigate } from 'react-router';
import { useApps } from '@/api/queries/apps';
import { useMarkRead, useNotifications } from '@/api/queries/notifications';
import { useBootstrap } from '@/api/queries/session';
import type { AppSummary, Notification } from '@/api/types';
import { Button, cx, EmptyState, ErrorState, Icon, SkeletonRows } from '@/kit';
import { t } from '@/locales';
import { formatRelative } from '@/locales/format';
import { useWorkspace } from '@/runtime/workspace';
import styles from './NotificationList.module.css';

const icons: Record<string, string> = {
  task: 'todo',
  mention: 'at',
  comment: 'message',
  rule: 'bolt',
  import: 'upload',
  system: 'info',
};

/** Where a message leads: its record, or its app. */
function addressOf(one: Notification, base: string, apps: AppSummary[] | undefined): string | null {
  const app = apps?.find((a) => a.id === one.app || a.key === one.app);
  if (app && one.entity && one.record_id) return `${base}/a/${app.key}/${one.entity}/r/${one.record_id}`;
  return app ? `${base}/a/${app.key}` : null;
}

/** Messages, newest first; opening one marks it as read. */
export function NotificationList({
  unread,
  page,
  onOpen,
}: {
  unread: boolean;
  /** On a page of its own rather than in a pop-up. */
  page?: boolean;
  onOpen?: () => void;
}) {
  const { workspace, base } = useWorkspace();
  const list = useNotifications(unread);
  const apps = useApps(workspace.key);
  const mark = useMarkRead();
  const navigate = useNavigate();
  if (list.isPending) return <SkeletonRows rows={4} columns={1} rowHeight={80} inset={16} />;
  if (list.isError) return <ErrorState compact={!page} error={list.error} onRetry={() => list.refetch()} />;
  if (list.data.length === 0) {
    return (
      <EmptyState
        compact={!page}
        icon="bell"
        title={unread ? t('notifications.empty') : t('notifications.emptyAll')}
        help={t('notifications.emptyHelp')}
      />
    );
  }
  return (
    <ul>
      {list.data.map((one) => (
        <li key={one.id}>
          <button
            type="button"
            className={cx(styles.row, one.read && styles.read)}
            onClick={() => {
              if (!one.read) mark.mutate({ ids: [one.id] });
              const to = addressOf(one, base, apps.data);
              if (to) navigate(to);
              onOpen?.();
            }}
          >
            <Icon name={icons[one.kind] ?? 'bell'} className={styles.icon} />
            <span className={styles.words}>
              <span className={styles.title}>{one.title}</span>
              {one.text && <span className={styles.text}>{one.text}</span>}
              <time className={styles.time} dateTime={one.created_at}>
                {formatRelative(one.created_at)}
              </time>
            </span>
            {!one.read && <span className={styles.dot} />}
          </button>
        </li>
      ))}
    </ul>
  );
}

export function MarkAllRead() {
  const boot = useBootstrap();
  const mark = useMarkRead();
  if (!boot.data?.unread) return null;
  return (
    <Button size="sm" variant="plain" loading={mark.isPending} onClick={() => mark.mutate({ all: true })}>
      {t('notifications.markAll')}
    </Button>
  );
}
