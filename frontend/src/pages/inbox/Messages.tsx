import { useState } from 'react';
import { Tabs } from '@/kit';
import { t } from '@/locales';
import { Page } from '../shell/Page';
import styles from './inbox.module.css';
import { MarkAllRead, NotificationList } from './NotificationList';

/** All messages of a member. */
export function Messages() {
  const [tab, setTab] = useState<'unread' | 'all'>('unread');
  return (
    <Page
      flush
      crumbs={[{ label: t('notifications.title') }]}
      actions={<MarkAllRead />}
      toolbar={
        <div className={styles.tabs}>
          <Tabs
            variant="pill"
            aria-label={t('notifications.title')}
            value={tab}
            onChange={setTab}
            tabs={[
              { value: 'unread', label: t('notifications.unread') },
              { value: 'all', label: t('notifications.all') },
            ]}
          />
        </div>
      }
    >
      <div className={styles.scroll}>
        <NotificationList page unread={tab === 'unread'} />
      </div>
    </Page>
  );
}
