import { EmptyState, LinkButton } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useApp } from '@/runtime/app/context';
import { homeEntry } from '@/runtime/app/menu';
import { Page } from '../shell/Page';
import styles from './app.module.css';
import { Forward } from './Forward';

/** The address of an app without an entry: its home, or what to do while it is empty. */
export function AppHome() {
  const { app, runtime, menu, base } = useApp();
  const home = homeEntry(runtime, menu);
  if (home) return <Forward to={`${base}/${home.slug}`} />;
  const admin = app.role.admin;
  return (
    <Page crumbs={[{ label: textOf(app.name) }]}>
      <div className={styles.center}>
        <EmptyState
          icon={app.icon ?? 'app'}
          title={runtime.version === 0 && !admin ? t('shell.appNotPublished') : t('shell.emptyMenu')}
          help={admin ? t('shell.emptyMenuAdmin') : t('shell.emptyMenuMember')}
          action={
            admin && (
              <LinkButton to={`${base}/edit`} variant="primary" icon="pen">
                {t('shell.editApp')}
              </LinkButton>
            )
          }
        />
      </div>
    </Page>
  );
}
