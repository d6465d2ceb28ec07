import { EmptyState, LinkButton, usePhone } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useApp } from '@/runtime/app/context';
import { homeEntry } from '@/runtime/app/menu';
import { FormFromExcel } from '../shell/FormFromExcel';
import { Page } from '../shell/Page';
import styles from './app.module.css';
import { Forward } from './Forward';

/** The address of an app without an entry: its home, or what to do while it is empty. */
export function AppHome() {
  const { app, runtime, menu, base } = useApp();
  const phone = usePhone();
  const home = homeEntry(runtime, menu);
  if (home) return <Forward to={`${base}/${home.slug}`} />;
  const admin = app.role.admin;
  const published = runtime.version > 0;
  return (
    <Page crumbs={[{ label: textOf(app.name) }]}>
      <div className={styles.center}>
        <EmptyState
          icon={app.icon ?? 'app'}
          title={admin ? t('shell.emptyMenu') : published ? t('shell.nothingForYou') : t('shell.appNotPublished')}
          help={
            admin ? t('shell.emptyMenuAdmin') : published ? t('shell.nothingForYouHelp') : t('shell.emptyMenuMember')
          }
          action={
            // Forms are designed at a desk; a phone still makes them of a spreadsheet.
            admin &&
            !phone && (
              <LinkButton to={`${base}/edit?new`} variant="primary" icon="plus">
                {t('shell.newForm')}
              </LinkButton>
            )
          }
          secondary={admin && <FormFromExcel app={app} root={base} variant={phone ? 'primary' : 'plain'} />}
        />
      </div>
    </Page>
  );
}
