import { useNavigate } from 'react-router';
import { Icon, Logo, Menu } from '@/kit';
import { t } from '@/locales';
import { useWorkspace } from '@/runtime/workspace';
import styles from './WorkspaceButton.module.css';

/** The workspace's name, and the way to the others. */
export function WorkspaceButton({ collapsed }: { collapsed?: boolean }) {
  const { workspace, workspaces, base } = useWorkspace();
  const navigate = useNavigate();
  return (
    <Menu
      width={240}
      items={[
        { title: t('shell.switchWorkspace') },
        ...workspaces.map((w) => ({
          label: w.name,
          checked: w.id === workspace.id,
          onSelect: () => navigate(w.id === workspace.id ? base : `/w/${w.key}`),
        })),
        { divider: true },
        workspace.admin && { label: t('shell.admin'), icon: 'gear', onSelect: () => navigate(`${base}/admin`) },
        { label: t('shell.newWorkspace'), icon: 'plus', onSelect: () => navigate('/new-workspace') },
      ]}
    >
      <button
        type="button"
        className={styles.button}
        aria-label={collapsed ? `${workspace.name} · ${t('shell.workspaceMenu')}` : undefined}
      >
        <Logo size={20} />
        {!collapsed && <span className={styles.name}>{workspace.name}</span>}
        {!collapsed && <Icon name="selector" size={14} />}
      </button>
    </Menu>
  );
}
