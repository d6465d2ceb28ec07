import { useState } from 'react';
import { useMatch } from 'react-router';
import { useApps } from '@/api/queries/apps';
import { AppIcon, Drawer, Icon, IconButton, usePhone } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useWorkspace } from '@/runtime/workspace';
import { AppMenu } from './AppMenu';
import { NavRow } from './NavRow';
import styles from './PhoneMenuButton.module.css';
import { useOpenSearch } from './search';

/** Opens the app's menu on a phone, where there is no sidebar. */
export function PhoneMenuButton() {
  const phone = usePhone();
  const match = useMatch('/w/:ws/a/:app/*');
  const { workspace, base } = useWorkspace();
  const apps = useApps(workspace.key);
  const [open, setOpen] = useState(false);
  const search = useOpenSearch();
  const app = apps.data?.find((a) => a.key === match?.params.app);
  if (!phone || !app) return null;
  return (
    <>
      <IconButton icon="list" label={t('shell.phoneMenu')} className={styles.button} onClick={() => setOpen(true)} />
      <Drawer side="left" width={288} opened={open} onClose={() => setOpen(false)} title={textOf(app.name)} flush>
        <div className={styles.body}>
          <button
            type="button"
            className={styles.search}
            onClick={() => {
              setOpen(false);
              search();
            }}
          >
            <Icon name="search" />
            <span>{t('shell.searchOrJump')}</span>
          </button>
          <AppMenu app={app} onNavigate={() => setOpen(false)} />
          <h2 className={styles.heading}>{t('shell.apps')}</h2>
          {apps.data?.map((one) => (
            <NavRow
              key={one.id}
              to={`${base}/a/${one.key}`}
              end
              label={textOf(one.name)}
              before={<AppIcon icon={one.icon} hue={one.hue} size={20} />}
              onClick={() => setOpen(false)}
            />
          ))}
        </div>
      </Drawer>
    </>
  );
}
