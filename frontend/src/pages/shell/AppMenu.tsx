import { useState } from 'react';
import { useLocation } from 'react-router';
import { useRuntime } from '@/api/queries/apps';
import type { AppSummary } from '@/api/types';
import { Button, cx, Delayed, Icon, Skeleton } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { type Entry, leaves, menuOf } from '@/runtime/app/menu';
import { useWorkspace } from '@/runtime/workspace';
import styles from './AppMenu.module.css';
import { FormFromExcel } from './FormFromExcel';
import { NavRow } from './NavRow';

/** The menu of an app: groups that fold, entries with icons. */
export function AppMenu({
  app,
  collapsed,
  onNavigate,
}: {
  app: AppSummary;
  collapsed?: boolean;
  onNavigate?: () => void;
}) {
  const { base } = useWorkspace();
  const runtime = useRuntime(app.id);
  const fullKey = `tenon.full.${app.id}`;
  const [chosen, setChosen] = useState(() => localStorage.getItem(fullKey));
  if (runtime.isPending) {
    return (
      <Delayed>
        {[64, 88, 72, 56].map((width) => (
          <div key={width} className={styles.loading}>
            <Skeleton width={collapsed ? 16 : width} />
          </div>
        ))}
      </Delayed>
    );
  }
  // The page itself says what went wrong, and offers to try again.
  if (runtime.isError) return null;
  // The app says which menu comes first; whoever has chosen keeps the choice.
  const full = chosen === null ? !runtime.data.light : chosen === '1';
  const all = menuOf(runtime.data);
  const short = menuOf(runtime.data, { light: true });
  const hasLight = short.length > 0 && leaves(short).length < leaves(all).length;
  const entries = hasLight && !full ? short : all;
  const root = `${base}/a/${app.key}`;
  const more = app.role.admin && !collapsed && (
    <FormFromExcel app={app} root={root} size="sm" variant="plain" className={styles.light} />
  );
  if (entries.length === 0)
    return collapsed ? null : (
      <>
        {!more && (
          <p className={styles.empty}>{t(runtime.data.version > 0 ? 'shell.nothingForYou' : 'shell.emptyMenu')}</p>
        )}
        {more}
      </>
    );
  return (
    <nav aria-label={t('shell.menu')} className={styles.menu}>
      {(collapsed ? leaves(entries) : entries).map((entry) => (
        <EntryRow
          key={entry.item.id}
          entry={entry}
          root={root}
          collapsed={collapsed}
          depth={0}
          onNavigate={onNavigate}
        />
      ))}
      {hasLight && !collapsed && (
        <Button
          size="sm"
          variant="plain"
          className={styles.light}
          onClick={() => {
            const next = full ? '0' : '1';
            localStorage.setItem(fullKey, next);
            setChosen(next);
          }}
        >
          {full ? t('shell.showLess') : t('shell.showAll')}
        </Button>
      )}
      {more}
    </nav>
  );
}

interface RowProps {
  entry: Entry;
  root: string;
  collapsed?: boolean;
  depth: number;
  onNavigate?: () => void;
}

function EntryRow({ entry, root, collapsed, depth, onNavigate }: RowProps) {
  if (!entry.target) return <Group entry={entry} root={root} depth={depth} onNavigate={onNavigate} />;
  const icon =
    entry.item.icon ??
    (entry.target.kind === 'entity' ? entry.target.entity.icon : undefined) ??
    defaultIcon[entry.target.kind];
  return (
    <NavRow
      to={entry.target.kind === 'url' ? entry.target.url : `${root}/${entry.slug}`}
      external={entry.target.kind === 'url'}
      label={textOf(entry.item.name)}
      icon={icon}
      collapsed={collapsed}
      depth={depth}
      onClick={onNavigate}
    />
  );
}

const defaultIcon = { entity: 'entity', form: 'form', dashboard: 'chart', url: 'link' } as const;

function Group({ entry, root, depth, onNavigate }: Omit<RowProps, 'collapsed'>) {
  const key = `tenon.fold.${entry.item.id}`;
  const [folded, setFolded] = useState(() => localStorage.getItem(key) === '1');
  // A group with the current page never hides it.
  const { pathname } = useLocation();
  const holdsCurrent = leaves(entry.children).some((e) => pathname.startsWith(`${root}/${e.slug}`));
  const open = !folded || holdsCurrent;
  return (
    <>
      <button
        type="button"
        className={styles.group}
        style={{ paddingLeft: 8 + depth * 12 }}
        aria-expanded={open}
        onClick={() => {
          localStorage.setItem(key, folded ? '0' : '1');
          setFolded(!folded);
        }}
      >
        <span className={styles.groupName}>{textOf(entry.item.name)}</span>
        <Icon name="chevron-down" size={14} className={cx(styles.chevron, !open && styles.folded)} />
      </button>
      {open &&
        entry.children.map((child) => (
          <EntryRow key={child.item.id} entry={child} root={root} depth={depth} onNavigate={onNavigate} />
        ))}
    </>
  );
}
