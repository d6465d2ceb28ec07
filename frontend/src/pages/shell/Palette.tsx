import { type ReactNode, useMemo, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { useApps, useRuntime } from '@/api/queries/apps';
import type { AppSummary } from '@/api/types';
import { AppIcon, composing, cx, Icon, IconButton, type IconProps, Kbd, Overlay, usePhone, useTheme } from '@/kit';
import { languageNames, locale, t } from '@/locales';
import { inSentence, textOf } from '@/locales/text';
import { findEntry, leaves, menuOf } from '@/runtime/app/menu';
import { type Recent, useRecent } from '@/runtime/recent';
import { useWorkspace } from '@/runtime/workspace';
import styles from './Palette.module.css';
import { themeNames, useProfileActions } from './ProfileButton';
import { useRecordSearch } from './use-record-search';

interface Command {
  id: string;
  group: string;
  label: string;
  /** Where it belongs, shown quietly. */
  context?: string;
  before: ReactNode;
  keywords?: string;
  shortcut?: string;
  /** Only when something is typed. */
  hidden?: boolean;
  run: () => void;
}

/** Id, words, icon, other words to find it by, what it does, its keys. */
type Action = [string, string, IconProps['name'], string, () => void, string?];

/** The apps in the order in which they were opened last; the others follow. */
function lately(apps: AppSummary[], recent: Recent[], base: string): AppSummary[] {
  const rank = (app: AppSummary) => {
    const at = recent.findIndex((page) => `${page.path}/`.startsWith(`${base}/a/${app.key}/`));
    return at < 0 ? recent.length : at;
  };
  return apps.toSorted((a, b) => rank(a) - rank(b));
}

/** Everything one can go to or do, by typing. */
export function Palette({
  app,
  onClose,
  onToggleSidebar,
}: {
  app: AppSummary | undefined;
  onClose: () => void;
  onToggleSidebar: () => void;
}) {
  const { workspace, base } = useWorkspace();
  const apps = useApps(workspace.key);
  const runtime = useRuntime(app?.id);
  const recent = useRecent(workspace);
  const navigate = useNavigate();
  const { choice } = useTheme();
  const phone = usePhone();
  const profile = useProfileActions();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const found = useRecordSearch(app ? [app] : lately(apps.data ?? [], recent, base), text);

  const commands = useMemo(() => {
    const out: Command[] = [];
    const go = (to: string) => () => navigate(to);
    const icon = (name: IconProps['name']) => <Icon name={name} className={styles.icon} />;
    if (app && runtime.data) {
      const entries = menuOf(runtime.data);
      const root = `${base}/a/${app.key}`;
      for (const entry of leaves(entries)) {
        const target = entry.target;
        if (!target || target.kind === 'url') continue;
        out.push({
          id: `menu-${entry.item.id}`,
          group: t('palette.groupHere'),
          label: textOf(entry.item.name),
          keywords: entry.slug ?? '',
          before: icon(
            entry.item.icon ??
              (target.kind === 'entity'
                ? (target.entity.icon ?? 'entity')
                : target.kind === 'dashboard'
                  ? 'chart'
                  : 'form'),
          ),
          run: go(`${root}/${entry.slug}`),
        });
      }
      for (const entity of runtime.data.entities) {
        if (!entity.ops.includes('create')) continue;
        out.push({
          id: `new-${entity.id}`,
          group: t('palette.groupActions'),
          label: t('palette.createRecord', { name: inSentence(textOf(entity.name)) }),
          keywords: `new create ${entity.key}`,
          before: icon('plus'),
          hidden: runtime.data.entities.length > 6,
          run: go(`${root}/${findEntry(runtime.data, entries, entity.key)?.slug ?? entity.key}?new=1`),
        });
      }
      if (app.role.admin) {
        out.push({
          id: 'edit',
          group: t('palette.groupActions'),
          label: t('shell.editApp'),
          keywords: 'edit build',
          before: icon('pen'),
          run: go(`${root}/edit`),
        });
      }
    } else {
      for (const page of recent.slice(0, 5)) {
        out.push({
          id: `recent-${page.path}`,
          group: t('palette.groupRecent'),
          label: textOf(page.title),
          context: textOf(page.context),
          before: icon(page.icon ?? 'file'),
          run: go(page.path),
        });
      }
    }
    for (const one of apps.data ?? []) {
      if (one.id === app?.id) continue;
      out.push({
        id: `app-${one.id}`,
        group: t('palette.groupApps'),
        label: textOf(one.name),
        keywords: one.key,
        before: <AppIcon icon={one.icon} hue={one.hue} size={20} />,
        run: go(`${base}/a/${one.key}`),
      });
    }
    const other = locale() === 'zh-CN' ? 'en-US' : 'zh-CN';
    const sidebar: Action = ['sidebar', t('palette.toggleSidebar'), 'sidebar', 'sidebar', onToggleSidebar, 'mod+\\'];
    const actions: Action[] = [
      ['home', t('palette.goHome'), 'home', 'home', go(base)],
      ['tasks', t('palette.goTasks'), 'todo', 'tasks', go(`${base}/tasks`)],
      ['messages', t('palette.goMessages'), 'bell', 'messages inbox', go(`${base}/messages`)],
      ['profile', t('shell.profile'), 'profile', 'profile settings', go(`${base}/me`)],
      ...(phone ? [] : [sidebar]),
      ...(['light', 'dark', 'auto'] as const)
        .filter((theme) => theme !== choice)
        .map(
          (theme): Action => [
            `theme-${theme}`,
            t('palette.switchTheme', { name: themeNames[theme]() }),
            theme === 'dark' ? 'moon' : theme === 'light' ? 'sun' : 'device',
            `theme ${theme}`,
            () => profile.chooseTheme(theme),
          ],
        ),
      [
        'language',
        t('palette.switchLanguage', { name: languageNames[other] }),
        'language',
        'language',
        () => profile.chooseLanguage(other),
      ],
      ['out', t('palette.signOut'), 'sign-out', 'sign out', profile.signOut],
    ];
    for (const [id, label, name, keywords, run, shortcut] of actions) {
      out.push({ id, group: t('palette.groupActions'), label, keywords, before: icon(name), shortcut, run });
    }
    return out;
  }, [app, apps.data, base, choice, navigate, onToggleSidebar, phone, profile, recent, runtime.data]);

  const needle = text.trim().toLowerCase();
  const shown = commands.filter((c) =>
    needle ? `${c.label} ${c.context ?? ''} ${c.keywords ?? ''}`.toLowerCase().includes(needle) : !c.hidden,
  );
  if (needle) {
    for (const record of found) {
      const names = [record.entity.name, ...(app ? [] : [record.app.name])];
      shown.push({
        id: `record-${record.id}`,
        group: t('palette.groupRecords'),
        label: record.title,
        context: names.map((name) => textOf(name)).join(' · '),
        before: <Icon name={record.entity.icon ?? 'entity'} className={styles.icon} />,
        run: () => navigate(`${base}/a/${record.app.key}/${record.slug}/r/${record.id}`),
      });
    }
  }
  const active = Math.min(at, shown.length - 1);

  function move(to: number) {
    const next = (to + shown.length) % Math.max(1, shown.length);
    setAt(next);
    list.current?.querySelector(`[data-at="${next}"]`)?.scrollIntoView({ block: 'nearest' });
  }
  function run(command: Command | undefined) {
    if (!command) return;
    onClose();
    command.run();
  }

  return (
    <Overlay onClose={onClose} label={t('palette.title')} className={styles.palette}>
      <div className={styles.top}>
        <Icon name="search" className={styles.icon} />
        <input
          className={styles.input}
          // biome-ignore lint/a11y/noAutofocus: the palette was asked for by key to type in
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls="palette-list"
          aria-activedescendant={shown[active] ? `palette-${active}` : undefined}
          aria-label={t('palette.placeholder')}
          placeholder={t('palette.placeholder')}
          value={text}
          onChange={(e) => {
            setText(e.target.value);
            setAt(0);
          }}
          onKeyDown={(e) => {
            if (composing(e)) return;
            if (e.key === 'ArrowDown') {
              e.preventDefault();
              move(active + 1);
            } else if (e.key === 'ArrowUp') {
              e.preventDefault();
              move(active - 1);
            } else if (e.key === 'Enter') {
              e.preventDefault();
              run(shown[active]);
            }
          }}
        />
        {phone && <IconButton icon="x" label={t('common.close')} className={styles.close} onClick={onClose} />}
      </div>
      <div ref={list} id="palette-list" role="listbox" aria-label={t('palette.title')} className={styles.list}>
        {shown.length === 0 && <p className={styles.empty}>{t('palette.empty')}</p>}
        {shown.map((command, i) => (
          <div key={command.id} role="presentation">
            {command.group !== shown[i - 1]?.group && (
              <div className={styles.group} role="presentation">
                {command.group}
              </div>
            )}
            <div
              id={`palette-${i}`}
              data-at={i}
              role="option"
              tabIndex={-1}
              aria-selected={i === active}
              className={cx(styles.row, i === active && styles.active)}
              onMouseMove={() => setAt(i)}
              onClick={() => run(command)}
              onKeyDown={() => {}}
            >
              {command.before}
              <span className={styles.label}>{command.label}</span>
              {command.context && <span className={styles.context}>{command.context}</span>}
              {command.shortcut && <Kbd keys={command.shortcut} />}
            </div>
          </div>
        ))}
      </div>
      <footer className={styles.foot}>
        <span>
          <Kbd keys="↑" /> <Kbd keys="↓" /> {t('palette.hintMove')}
        </span>
        <span>
          <Kbd keys="enter" /> {t('palette.hintOpen')}
        </span>
        <span>
          <Kbd keys="esc" /> {t('palette.hintClose')}
        </span>
      </footer>
    </Overlay>
  );
}
