import { useState } from 'react';
import { useBootstrap } from '@/api/queries/session';
import { IconButton, LinkButton, Popover } from '@/kit';
import { t } from '@/locales';
import { useWorkspace } from '@/runtime/workspace';
import { MarkAllRead, NotificationList } from '../inbox/NotificationList';
import styles from './NotificationsButton.module.css';

/** The bell: unread messages in a popover. */
export function NotificationsButton() {
  const { base } = useWorkspace();
  const boot = useBootstrap();
  const [open, setOpen] = useState(false);
  return (
    <Popover
      flush
      width={360}
      position="bottom-start"
      opened={open}
      onChange={setOpen}
      label={t('notifications.title')}
      target={<IconButton icon="bell" label={t('notifications.title')} badge={boot.data?.unread} active={open} />}
    >
      <div className={styles.panel}>
        <header className={styles.header}>
          <h2 className={styles.title}>{t('notifications.title')}</h2>
          <MarkAllRead />
        </header>
        <div className={styles.list}>
          <NotificationList unread onOpen={() => setOpen(false)} />
        </div>
        <footer className={styles.footer}>
          <LinkButton to={`${base}/messages`} size="sm" variant="plain">
            {t('notifications.seeAll')}
          </LinkButton>
        </footer>
      </div>
    </Popover>
  );
}
