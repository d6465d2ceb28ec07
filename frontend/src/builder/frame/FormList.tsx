import { useMemo, useState } from 'react';
import { NavLink, useNavigate } from 'react-router';
import { AppIcon, confirm, cx, EmptyState, Icon, IconButton, Menu, SearchInput, TextInput } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { deleteForm, duplicateForm, renameForm } from '../commands/forms';
import { useBuilder, useDocs, useDraftState } from '../context';
import { formsOf, listedEntities, parsePlace, viewsOf } from '../model';
import { summarize, usesOfEntity } from '../usage';
import styles from './FormList.module.css';
import { FormLookDialog } from './FormLookDialog';
import { appPages } from './tabs';

/** The forms of the app, and the pages about the whole app. */
export function FormList({ tab, current, onNewForm }: { tab: string; current?: string; onNewForm: () => void }) {
  const { base, store, parts } = useBuilder();
  const docs = useDocs();
  const changed = useDraftState((s) => s.changed);
  const faults = useDraftState((s) => s.faults);
  const navigate = useNavigate();
  const [search, setSearch] = useState('');
  const [renaming, setRenaming] = useState<string | null>(null);
  const [looking, setLooking] = useState<string | null>(null);
  const all = listedEntities(docs);
  const needle = search.trim().toLowerCase();
  const shown = needle ? all.filter((e) => `${textOf(e.name)} ${e.key}`.toLowerCase().includes(needle)) : all;
  const faulty = useMemo(() => new Set(faults.map((f) => parsePlace(f.path).doc)), [faults]);

  async function remove(id: string) {
    const entity = all.find((e) => e.id === id);
    if (!entity) return;
    const uses = usesOfEntity(docs, parts, id);
    const name = textOf(entity.name);
    const yes = await confirm({
      title: t('build.deleteForm', { name }),
      body: uses.length > 0 ? t('build.deleteFormUsed', { uses: summarize(uses) }) : t('build.deleteFormHelp'),
      action: t('common.delete'),
      danger: true,
    });
    if (!yes) return;
    store.change(t('build.did.deleteForm', { name }), (d) => deleteForm(d, id));
    if (current === id) navigate(base);
  }

  return (
    <div className={styles.column}>
      <div className={styles.head}>
        <h2 className={styles.title}>{t('build.forms')}</h2>
        <IconButton size="sm" icon="plus" label={t('build.newForm')} onClick={onNewForm} />
      </div>
      {all.length > 8 && (
        <div className={styles.search}>
          <SearchInput
            size="sm"
            value={search}
            onChange={setSearch}
            placeholder={t('build.searchForms')}
            aria-label={t('build.searchForms')}
          />
        </div>
      )}
      <nav className={styles.list} aria-label={t('build.forms')}>
        {all.length === 0 && <EmptyState compact title={t('build.noForms')} />}
        {shown.map((entity) => {
          const docsOf = [
            entity.id,
            ...formsOf(docs, entity.id).map((f) => f.id),
            ...viewsOf(docs, entity.id).map((v) => v.id),
          ];
          const name = textOf(entity.name) || entity.key;
          if (renaming === entity.id) {
            return (
              <RenameRow
                key={entity.id}
                name={name}
                onDone={(words) => {
                  setRenaming(null);
                  if (words && words !== name)
                    store.change(t('build.did.rename', { name: words }), (d) => renameForm(d, entity.id, words));
                }}
              />
            );
          }
          return (
            <div key={entity.id} className={styles.row}>
              <NavLink
                to={`${base}/forms/${entity.id}/${tab}`}
                className={cx(styles.link, current === entity.id && styles.current)}
                onKeyDown={(e) => {
                  if (e.key === 'F2') setRenaming(entity.id);
                }}
                onDoubleClick={() => setRenaming(entity.id)}
              >
                <AppIcon icon={entity.icon ?? 'form'} hue={entity.hue} size={20} />
                <span className={styles.name}>{name}</span>
                {docsOf.some((id) => faulty.has(id)) ? (
                  <Icon name="error" size={14} className={styles.fault} label={t('build.hasFaults')} />
                ) : docsOf.some((id) => changed.has(id)) ? (
                  <span className={styles.dot} title={t('build.unpublished')} />
                ) : null}
              </NavLink>
              <Menu
                items={[
                  { label: t('common.rename'), icon: 'pen', shortcut: 'F2', onSelect: () => setRenaming(entity.id) },
                  { label: t('build.look'), icon: 'palette', onSelect: () => setLooking(entity.id) },
                  {
                    label: t('common.duplicate'),
                    icon: 'copy',
                    onSelect: () => {
                      let made: string | undefined;
                      store.change(t('build.did.copyForm', { name }), (d) => {
                        made = duplicateForm(d, entity.id);
                      });
                      if (made) navigate(`${base}/forms/${made}/design`);
                    },
                  },
                  { divider: true },
                  { label: t('common.delete'), icon: 'trash', danger: true, onSelect: () => remove(entity.id) },
                ]}
              >
                <IconButton size="sm" icon="dots" label={t('build.formActions', { name })} className={styles.more} />
              </Menu>
            </div>
          );
        })}
        {needle && shown.length === 0 && (
          <p className={styles.none}>{t('common.nothingFound', { query: search.trim() })}</p>
        )}
      </nav>
      <nav className={styles.app} aria-label={t('build.appPages')}>
        <h2 className={styles.heading}>{t('build.appPages')}</h2>
        {appPages.map((page) => (
          <NavLink
            key={page.value}
            to={`${base}/app/${page.value}`}
            className={({ isActive }) => cx(styles.link, isActive && styles.current)}
          >
            <Icon name={page.icon} />
            <span className={styles.name}>{t(`build.page.${page.value}`)}</span>
          </NavLink>
        ))}
      </nav>
      {looking && <FormLookDialog id={looking} onClose={() => setLooking(null)} />}
    </div>
  );
}

function RenameRow({ name, onDone }: { name: string; onDone: (words: string) => void }) {
  const [words, setWords] = useState(name);
  return (
    <div className={styles.rename}>
      <TextInput
        size="sm"
        autoFocus
        aria-label={t('common.rename')}
        value={words}
        onChange={setWords}
        onFocus={(e) => e.currentTarget.select()}
        onBlur={() => onDone(words.trim())}
        onEnter={() => onDone(words.trim())}
        onKeyDown={(e) => {
          if (e.key === 'Escape') onDone('');
        }}
      />
    </div>
  );
}
