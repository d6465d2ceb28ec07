import { useState } from 'react';
import { useNavigate } from 'react-router';
import { AppIcon, Button, Icon, IconButton, Menu, type TabItem, Tabs, useHotkeys } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useBuilder, useDocs, useDraftState } from '../context';
import { changedThings, info, listedEntities } from '../model';
import { HistoryButton } from './HistoryButton';
import { SaveState } from './SaveState';
import styles from './TopBar.module.css';
import { appPages } from './tabs';

export interface TopBarProps<V extends string> {
  tabs: TabItem<V>[];
  tab: V;
  onTab: (tab: V) => void;
  /** The form that is edited; without it the bar is about the app. */
  form?: string;
  /** Whether the preview is open; undefined where there is none. */
  preview?: boolean;
  onPreview: () => void;
  onPublish: () => void;
  onNewForm: () => void;
}

/** The one bar of all designers: name, tabs, undo and redo, save state, preview, publish. */
export function TopBar<V extends string>({
  tabs,
  tab,
  onTab,
  form,
  preview,
  onPreview,
  onPublish,
  onNewForm,
}: TopBarProps<V>) {
  const { store, base, app } = useBuilder();
  const docs = useDocs();
  const navigate = useNavigate();
  const changed = changedThings(
    useDraftState((s) => s.changed),
    docs,
  );
  const undoable = useDraftState((s) => s.steps[s.cursor - 1]?.label);
  const redoable = useDraftState((s) => s.steps[s.cursor]?.label);
  const [switching, setSwitching] = useState(false);
  const about = info(docs);
  const appName = textOf(about.name) || textOf(app.name);
  const forms = listedEntities(docs);
  const current = forms.find((e) => e.id === form);
  const editing = (target: EventTarget | null) =>
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA)$/.test(target.tagName));

  useHotkeys({
    // A text field has an undo of its own until it is left.
    'mod+z': (e) => {
      if (editing(e.target)) return;
      e.preventDefault();
      store.undo();
    },
    'mod+shift+z': (e) => {
      if (editing(e.target)) return;
      e.preventDefault();
      store.redo();
    },
    'mod+y': (e) => {
      if (editing(e.target)) return;
      e.preventDefault();
      store.redo();
    },
    'mod+s': (e) => {
      e.preventDefault();
      void store.flush();
    },
  });

  return (
    <header className={styles.bar}>
      <div className={styles.names}>
        <IconButton icon="arrow-left" label={t('build.leave')} onClick={() => navigate(base.replace(/\/edit$/, ''))} />
        <Menu
          width={220}
          items={[
            { title: t('build.appPages') },
            ...appPages.map((page) => ({
              label: t(`build.page.${page.value}`),
              icon: page.icon,
              onSelect: () => navigate(`${base}/app/${page.value}`),
            })),
            ...(current
              ? []
              : [
                  { divider: true as const },
                  { title: t('build.forms') },
                  ...forms.map((e) => ({
                    label: textOf(e.name) || e.key,
                    before: <AppIcon icon={e.icon ?? 'form'} hue={e.hue} size={20} />,
                    onSelect: () => navigate(`${base}/forms/${e.id}/design`),
                  })),
                ]),
          ]}
        >
          <button type="button" className={styles.form} aria-label={`${appName} · ${t('build.appPages')}`}>
            <AppIcon icon={about.icon ?? app.icon} hue={about.hue ?? app.hue} size={24} />
            <span className={styles.app}>{appName}</span>
            <Icon name="chevron-down" size={14} />
          </button>
        </Menu>
        {current && (
          <>
            <span className={styles.slash} aria-hidden>
              /
            </span>
            <Menu
              width={240}
              opened={switching}
              onChange={setSwitching}
              items={[
                { title: t('build.switchForm') },
                ...forms.map((e) => ({
                  label: textOf(e.name) || e.key,
                  before: <AppIcon icon={e.icon ?? 'form'} hue={e.hue} size={20} />,
                  checked: e.id === form,
                  onSelect: () => navigate(`${base}/forms/${e.id}/${tab}`),
                })),
                { divider: true },
                { label: t('build.newForm'), icon: 'plus', onSelect: onNewForm },
              ]}
            >
              <button
                type="button"
                className={styles.form}
                aria-label={`${textOf(current.name) || current.key} · ${t('build.switchForm')}`}
              >
                <h1 className={styles.formName}>{textOf(current.name) || current.key}</h1>
                <Icon name="chevron-down" size={14} />
              </button>
            </Menu>
          </>
        )}
      </div>
      <Tabs
        tabs={tabs}
        value={tab}
        onChange={onTab}
        aria-label={form ? t('build.formTabs') : t('build.appTabs')}
        className={styles.tabs}
      />
      <div className={styles.actions}>
        <SaveState />
        <IconButton
          icon="undo"
          label={undoable ? t('build.undoWhat', { what: undoable }) : t('common.undo')}
          shortcut="mod+z"
          disabled={!undoable}
          onClick={() => store.undo()}
        />
        <IconButton
          icon="redo"
          label={redoable ? t('build.redoWhat', { what: redoable }) : t('common.redo')}
          shortcut="mod+shift+z"
          disabled={!redoable}
          onClick={() => store.redo()}
        />
        <HistoryButton />
        <span className={styles.gap} />
        {preview !== undefined && (
          <Button icon="eye" active={preview} aria-pressed={preview} onClick={onPreview}>
            {t('build.preview')}
          </Button>
        )}
        <Button variant="primary" disabled={changed === 0} onClick={onPublish}>
          {changed > 0 ? t('build.publishCount', { n: changed }) : t('build.publish')}
        </Button>
      </div>
    </header>
  );
}
