import { Link, useNavigate } from 'react-router';
import { asProblem } from '@/api/client';
import { useDeleteApp } from '@/api/queries/apps';
import { appExportUrl } from '@/api/queries/templates';
import type { AppSummary } from '@/api/types';
import { AppIcon, confirm, IconButton, Menu, Tag, toast } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { forgetRecent } from '@/runtime/recent';
import { useWorkspace } from '@/runtime/workspace';
import styles from './AppCard.module.css';

/** One app on the home page. */
export function AppCard({ app }: { app: AppSummary }) {
  const { workspace, base } = useWorkspace();
  const navigate = useNavigate();
  const remove = useDeleteApp(workspace.key);
  const name = textOf(app.name);
  const to = `${base}/a/${app.key}`;

  async function askDelete() {
    const yes = await confirm({
      title: t('home.deleteAppTitle', { name }),
      body: t('home.deleteAppHelp'),
      action: t('common.delete'),
      danger: true,
    });
    if (!yes) return;
    remove.mutate(app.id, {
      onSuccess: () => {
        forgetRecent(workspace, to);
        toast(t('home.appDeleted', { name }), { tone: 'success' });
      },
      onError: (error) => toast(asProblem(error).message, { tone: 'danger' }),
    });
  }

  return (
    <div className={styles.card}>
      <Link to={to} className={styles.link}>
        <AppIcon icon={app.icon} hue={app.hue} size={40} />
        <span className={styles.words}>
          <span className={styles.name}>{name}</span>
          <span className={styles.description}>{textOf(app.description) || t('home.forms', { n: app.forms })}</span>
          {app.role.admin && app.draft_changes > 0 && (
            <span className={styles.draft}>
              <Tag hue="amber">{t('home.draftChanges', { n: app.draft_changes })}</Tag>
            </span>
          )}
        </span>
      </Link>
      {app.role.admin && (
        <span className={styles.menu}>
          <Menu
            position="bottom-end"
            items={[
              { label: t('home.editApp'), icon: 'pen', onSelect: () => navigate(`${to}/edit`) },
              { label: t('home.exportApp'), icon: 'download', href: appExportUrl(app.id) },
              { divider: true },
              { label: t('home.deleteApp'), icon: 'trash', danger: true, onSelect: askDelete },
            ]}
          >
            <IconButton size="sm" icon="dots" label={t('home.appActions', { name })} />
          </Menu>
        </span>
      )}
    </div>
  );
}
