import type { ReactNode } from 'react';
import { NavLink } from 'react-router';
import { cx, EmptyState, Icon, LinkButton } from '@/kit';
import { t } from '@/locales';
import { useWorkspace } from '@/runtime/workspace';
import { Page } from '../shell/Page';
import styles from './admin.module.css';
import { sections } from './sections';

function inSight(link: HTMLAnchorElement | null): void {
  link?.scrollIntoView({ block: 'nearest', inline: 'center' });
}

/** The frame of an administration page: its sections at the left, one page at the right. */
export function AdminPage({ path, actions, children }: { path: string; actions?: ReactNode; children: ReactNode }) {
  const { workspace, base } = useWorkspace();
  const section = sections.find((s) => s.path === path);
  const label = section?.label() ?? t('admin.title');
  if (!workspace.admin) {
    return (
      <Page crumbs={[{ label: t('admin.title') }]}>
        <EmptyState
          icon="lock"
          title={t('errors.noAccess')}
          help={t('admin.onlyAdmins')}
          action={<LinkButton to={base}>{t('errors.backHome')}</LinkButton>}
        />
      </Page>
    );
  }
  return (
    <Page
      flush
      // The sections stand above the content, on a phone too.
      back={false}
      crumbs={[{ label: t('admin.title'), to: `${base}/admin` }, { label }]}
      actions={actions}
    >
      <div className={styles.frame}>
        <nav className={styles.nav} aria-label={t('admin.title')}>
          {sections.map((one) => (
            <NavLink
              key={one.path}
              // On a phone the sections scroll sideways: the open one is in sight.
              ref={one.path === path ? inSight : undefined}
              to={`${base}/admin/${one.path}`}
              className={({ isActive }) => cx(styles.link, isActive && styles.active)}
            >
              <Icon name={one.icon} />
              <span>{one.label()}</span>
            </NavLink>
          ))}
        </nav>
        <div className={styles.content}>{children}</div>
      </div>
    </Page>
  );
}
