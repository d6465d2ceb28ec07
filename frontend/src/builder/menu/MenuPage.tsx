import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import {
  attachClosestEdge,
  type Edge,
  extractClosestEdge,
} from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { asProblem } from '@/api/client';
import { newId } from '@/api/ids';
import { useRuntime, useSetLight } from '@/api/queries/apps';
import type { AppInfo, MenuItem } from '@/api/types';
import {
  Button,
  cx,
  EmptyState,
  Icon,
  IconButton,
  type IconProps,
  Menu,
  MultiSelect,
  Select,
  Switch,
  TextInput,
  toast,
} from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { IconGrid } from '@/runtime/IconHueField';
import { PageBody } from '../app/PageBody';
import { eachItem, editInfo } from '../commands/forms';
import { useBuilder, useDocs } from '../context';
import panel from '../form/PropertyPanel.module.css';
import { type Docs, dashboards, entities, entityOf, forms, info, roles, views } from '../model';
import { LocalText } from '../panel/LocalText';
import { roleOptions } from '../role/role-options';
import styles from './MenuPage.module.css';
import {
  findItem,
  inShortMenu,
  insertItem,
  type MenuSlot,
  moveItem,
  nudgeItem,
  patchItem,
  removeItem,
  setInShortMenu,
} from './tree';

/** What an entry opens, as one value: "entity:ent_…". */
function targetOf(item: MenuItem): string | null {
  if (item.view) return `view:${item.view}`;
  if (item.form) return `form:${item.form}`;
  if (item.dashboard) return `dashboard:${item.dashboard}`;
  if (item.entity) return `entity:${item.entity}`;
  return null;
}

function targetWords(item: MenuItem, docs: Docs): string {
  if (item.items) return t('build.menu.group');
  if (item.url !== undefined) return item.url || t('build.menu.url');
  const view = views(docs).find((v) => v.id === item.view);
  if (view) return `${textOf(entityOf(docs, view.entity)?.name)} · ${textOf(view.name)}`;
  const form = forms(docs).find((f) => f.id === item.form);
  if (form) return `${t('build.menu.form')} · ${textOf(form.name)}`;
  const board = dashboards(docs).find((d) => d.id === item.dashboard);
  if (board) return `${t('build.menu.dashboard')} · ${textOf(board.name)}`;
  const entity = entityOf(docs, item.entity);
  return entity ? `${t('build.menu.list')} · ${textOf(entity.name)}` : t('build.menu.noTarget');
}

function iconOf(item: MenuItem, docs: Docs): IconProps['name'] {
  if (item.icon) return item.icon;
  if (item.items) return 'layers';
  if (item.dashboard) return 'chart';
  if (item.url !== undefined) return 'link';
  return entityOf(docs, item.entity)?.icon ?? 'form';
}

/** The menu of the app: order, groups, names, icons, who sees what. */
export function MenuPage() {
  const { store } = useBuilder();
  const docs = useDocs();
  const app = info(docs);
  const menu = app.menu ?? [];
  const [selected, setSelected] = useState<string | null>(null);
  const [renaming, setRenaming] = useState<string | null>(null);
  const found = selected ? findItem(menu, selected) : undefined;
  const set = (label: string, next: MenuItem[], mark?: string) => {
    if (next === menu) return;
    store.change(
      label,
      (d) =>
        editInfo(d, (a) => {
          a.menu = next;
        }),
      mark,
    );
  };

  function add(item: Omit<MenuItem, 'id'>) {
    const id = newId('mnu_');
    // After the selected entry, within its group.
    const slot: MenuSlot = found
      ? found.item.items && !item.items
        ? { group: found.item.id, index: found.item.items.length }
        : {
            group: item.items ? null : found.slot.group,
            index: found.slot.group && item.items ? menu.length : found.slot.index + 1,
          }
      : { group: null, index: menu.length };
    set(t('build.did.menuAdd'), insertItem(menu, slot, { ...item, id }));
    setSelected(id);
    if (item.items || item.url !== undefined) setRenaming(id);
  }

  function rows(items: MenuItem[], depth: number, group: string | null): ReactNode[] {
    return items.flatMap((item, index) => [
      <Row
        key={item.id}
        item={item}
        depth={depth}
        slot={{ group, index }}
        docs={docs}
        app={app}
        selected={selected === item.id}
        renaming={renaming === item.id}
        onSelect={() => setSelected(item.id)}
        onRename={(on) => setRenaming(on ? item.id : null)}
        onName={(words) =>
          set(
            t('build.did.rename', { name: words }),
            patchItem(menu, item.id, (m) => {
              m.name = typeof m.name === 'string' ? words : { ...m.name, [document.documentElement.lang]: words };
            }),
          )
        }
        onMove={(id, slot) => set(t('build.did.menuMove'), moveItem(menu, id, slot))}
        onNudge={(by) => set(t('build.did.menuMove'), nudgeItem(menu, item.id, by))}
        onRemove={() => {
          set(t('build.did.menuRemove', { name: textOf(item.name) }), removeItem(menu, item.id));
          setSelected(null);
        }}
      />,
      ...(item.items ? rows(item.items, depth + 1, item.id) : []),
      ...(item.items?.length === 0
        ? [
            <EmptyGroup
              key={`${item.id}-empty`}
              group={item.id}
              onMove={(id, slot) => set(t('build.did.menuMove'), moveItem(menu, id, slot))}
            />,
          ]
        : []),
    ]);
  }

  const inMenu = new Set([...eachItem(menu)].map(targetOf));
  const adder = (variant: 'primary' | 'default') => (
    <Menu
      position="bottom-end"
      width={260}
      items={[
        {
          label: t('build.menu.group'),
          icon: 'layers',
          onSelect: () => add({ name: t('build.menu.newGroup'), items: [] }),
        },
        {
          label: t('build.menu.url'),
          icon: 'link',
          onSelect: () => add({ name: t('build.menu.newLink'), url: 'https://' }),
        },
        { title: t('build.menu.notYet') },
        ...entities(docs)
          .filter((e) => !inMenu.has(`entity:${e.id}`))
          .map((e) => ({
            label: textOf(e.name),
            icon: e.icon ?? 'form',
            onSelect: () => add({ name: e.name, entity: e.id, ...(e.icon ? { icon: e.icon } : {}) }),
          })),
        ...dashboards(docs)
          .filter((d) => !inMenu.has(`dashboard:${d.id}`))
          .map((d) => ({
            label: textOf(d.name),
            icon: 'chart',
            onSelect: () => add({ name: d.name, icon: 'chart', dashboard: d.id }),
          })),
        {
          label: t('build.menu.other'),
          icon: 'dots',
          onSelect: () =>
            add({
              name: t('build.menu.newEntry'),
              ...(entities(docs)[0] ? { entity: entities(docs)[0]?.id } : { url: '' }),
            }),
        },
      ]}
    >
      <Button icon="plus" variant={variant}>
        {t('build.menu.add')}
      </Button>
    </Menu>
  );
  return (
    <>
      <PageBody title={t('build.page.menu')} help={t('build.menu.help')} actions={menu.length > 0 && adder('default')}>
        <StartMenu />
        {menu.length === 0 ? (
          <EmptyState
            icon="list"
            title={t('build.menu.none')}
            help={t('build.menu.noneHelp')}
            action={adder('primary')}
          />
        ) : (
          <div className={styles.tree} role="tree" aria-label={t('build.page.menu')}>
            {rows(menu, 0, null)}
          </div>
        )}
      </PageBody>
      <aside className={panel.panel} aria-label={t('build.designer.settings')}>
        {found ? (
          <ItemPanel
            key={found.item.id}
            item={found.item}
            app={app}
            onChange={(change, mark) =>
              set(
                t('build.did.menuEntry', { name: textOf(found.item.name) }),
                patchItem(menu, found.item.id, change),
                mark && `${found.item.id}.${mark}`,
              )
            }
          />
        ) : (
          <HomePanel app={app} />
        )}
      </aside>
    </>
  );
}

interface RowProps {
  item: MenuItem;
  depth: number;
  slot: MenuSlot;
  docs: Docs;
  app: AppInfo;
  selected: boolean;
  renaming: boolean;
  onSelect: () => void;
  onRename: (on: boolean) => void;
  onName: (words: string) => void;
  onMove: (id: string, slot: MenuSlot) => void;
  onNudge: (by: -1 | 1) => void;
  onRemove: () => void;
}

function Row({
  item,
  depth,
  slot,
  docs,
  app,
  selected,
  renaming,
  onSelect,
  onRename,
  onName,
  onMove,
  onNudge,
  onRemove,
}: RowProps) {
  const ref = useRef<HTMLDivElement>(null);
  const [edge, setEdge] = useState<Edge | 'in' | null>(null);
  const [words, setWords] = useState(textOf(item.name));
  const live = useRef({ onMove, slot, item });
  live.current = { onMove, slot, item };
  useEffect(() => {
    if (renaming) setWords(textOf(live.current.item.name));
  }, [renaming]);

  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    return combine(
      draggable({ element, getInitialData: () => ({ menu: live.current.item.id, group: !!live.current.item.items }) }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) =>
          typeof source.data.menu === 'string' &&
          source.data.menu !== live.current.item.id &&
          !(source.data.group === true && live.current.slot.group !== null),
        getData: ({ input }) => attachClosestEdge({}, { element, input, allowedEdges: ['top', 'bottom'] }),
        onDrag: ({ self, source, location }) => {
          const box = element.getBoundingClientRect();
          const y = location.current.input.clientY - box.top;
          const into = !!live.current.item.items && source.data.group !== true && y > box.height * 0.3;
          setEdge(into ? 'in' : extractClosestEdge(self.data));
        },
        onDragLeave: () => setEdge(null),
        onDrop: ({ self, source, location }) => {
          setEdge(null);
          const { onMove: move, slot: at, item: mine } = live.current;
          const box = element.getBoundingClientRect();
          const into =
            !!mine.items && source.data.group !== true && location.current.input.clientY - box.top > box.height * 0.3;
          if (into) move(source.data.menu as string, { group: mine.id, index: 0 });
          else
            move(source.data.menu as string, {
              group: at.group,
              index: extractClosestEdge(self.data) === 'bottom' ? at.index + 1 : at.index,
            });
        },
      }),
    );
  }, []);

  function key(e: KeyboardEvent) {
    if ((e.target as HTMLElement).tagName === 'INPUT') return;
    if (e.altKey && (e.key === 'ArrowUp' || e.key === 'ArrowDown')) {
      e.preventDefault();
      onNudge(e.key === 'ArrowUp' ? -1 : 1);
      requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-menu="${item.id}"]`)?.focus());
    } else if (e.key === 'ArrowUp' || e.key === 'ArrowDown') {
      e.preventDefault();
      const all = [...(e.currentTarget.parentElement?.querySelectorAll<HTMLElement>('[data-menu]') ?? [])];
      all[all.indexOf(e.currentTarget as HTMLElement) + (e.key === 'ArrowUp' ? -1 : 1)]?.focus();
    } else if (e.key === 'Enter' || e.key === ' ') {
      e.preventDefault();
      onSelect();
    } else if (e.key === 'F2') onRename(true);
    else if (e.key === 'Delete') onRemove();
  }

  const short = inShortMenu(app, item.id);
  const restricted = (item.roles?.length ?? 0) > 0;
  return (
    <div
      ref={ref}
      role="treeitem"
      aria-selected={selected}
      aria-level={depth + 1}
      tabIndex={0}
      data-menu={item.id}
      className={cx(styles.row, selected && styles.selected, edge === 'in' && styles.into)}
      style={{ paddingLeft: 8 + depth * 24 }}
      onClick={onSelect}
      onDoubleClick={() => onRename(true)}
      onKeyDown={key}
    >
      <Icon name="grip" size={14} className={styles.grip} />
      <Icon name={iconOf(item, docs)} className={styles.icon} />
      {renaming ? (
        <div className={styles.rename}>
          <TextInput
            size="sm"
            autoFocus
            aria-label={t('common.rename')}
            value={words}
            onChange={setWords}
            onFocus={(e) => e.currentTarget.select()}
            onEnter={() => {
              if (words.trim()) onName(words.trim());
              onRename(false);
            }}
            onBlur={() => {
              if (words.trim()) onName(words.trim());
              onRename(false);
            }}
            onKeyDown={(e) => {
              if (e.key === 'Escape') onRename(false);
            }}
          />
        </div>
      ) : (
        <span className={cx(styles.name, item.items && styles.groupName)}>{textOf(item.name)}</span>
      )}
      <span className={styles.target}>{targetWords(item, docs)}</span>
      {restricted && <Icon name="lock" size={14} className={styles.flag} label={t('build.menu.restricted')} />}
      {!short && <Icon name="eye-off" size={14} className={styles.flag} label={t('build.menu.notInShort')} />}
      <Menu
        position="bottom-end"
        items={[
          { label: t('common.rename'), icon: 'pen', shortcut: 'F2', onSelect: () => onRename(true) },
          { label: t('build.moveUp'), icon: 'arrow-up', shortcut: 'alt+ArrowUp', onSelect: () => onNudge(-1) },
          { label: t('build.moveDown'), icon: 'arrow-down', shortcut: 'alt+ArrowDown', onSelect: () => onNudge(1) },
          { divider: true },
          {
            label: item.items ? t('build.menu.dissolve') : t('build.menu.remove'),
            icon: 'trash',
            danger: true,
            shortcut: 'Delete',
            onSelect: onRemove,
          },
        ]}
      >
        <IconButton
          size="sm"
          icon="dots"
          label={t('build.menu.more', { name: textOf(item.name) })}
          onClick={(e) => e.stopPropagation()}
        />
      </Menu>
      {(edge === 'top' || edge === 'bottom') && (
        <span className={cx(styles.line, edge === 'top' ? styles.top : styles.bottom)} />
      )}
    </div>
  );
}

function EmptyGroup({ group, onMove }: { group: string; onMove: (id: string, slot: MenuSlot) => void }) {
  const ref = useRef<HTMLDivElement>(null);
  const [over, setOver] = useState(false);
  const move = useRef(onMove);
  move.current = onMove;
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    return dropTargetForElements({
      element,
      canDrop: ({ source }) => typeof source.data.menu === 'string' && source.data.group !== true,
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: ({ source }) => {
        setOver(false);
        move.current(source.data.menu as string, { group, index: 0 });
      },
    });
  }, [group]);
  return (
    <div ref={ref} className={cx(styles.emptyGroup, over && styles.into)}>
      {t('build.menu.emptyGroup')}
    </div>
  );
}

function ItemPanel({
  item,
  app,
  onChange,
}: {
  item: MenuItem;
  app: AppInfo;
  onChange: (change: (item: MenuItem) => void, mark?: string) => void;
}) {
  const { store } = useBuilder();
  const docs = useDocs();
  const isLink = item.url !== undefined;
  const targets = [
    ...entities(docs).map((e) => ({
      value: `entity:${e.id}`,
      label: textOf(e.name),
      icon: e.icon ?? 'form',
      group: t('build.menu.list'),
    })),
    ...views(docs).map((v) => ({
      value: `view:${v.id}`,
      label: `${textOf(entityOf(docs, v.entity)?.name)} · ${textOf(v.name)}`,
      icon: 'table' as const,
      group: t('build.menu.view'),
    })),
    ...forms(docs).map((f) => ({
      value: `form:${f.id}`,
      label: `${textOf(entityOf(docs, f.entity)?.name)} · ${textOf(f.name)}`,
      icon: 'form' as const,
      group: t('build.menu.form'),
    })),
    ...dashboards(docs).map((d) => ({
      value: `dashboard:${d.id}`,
      label: textOf(d.name),
      icon: 'chart' as const,
      group: t('build.menu.dashboard'),
    })),
  ];
  return (
    <>
      <header className={panel.head}>
        <h2 className={panel.headName}>{textOf(item.name)}</h2>
      </header>
      <div className={panel.body}>
        <section className={panel.part}>
          <LocalText
            label={t('build.menu.name')}
            required
            localized
            value={item.name}
            onChange={(v) =>
              onChange((m) => {
                m.name = v ?? '';
              }, 'name')
            }
          />
          {!item.items && (
            <>
              <Select
                label={t('build.menu.opens')}
                value={isLink ? 'url' : targetOf(item)}
                options={[
                  ...targets,
                  { value: 'url', label: t('build.menu.url'), icon: 'link', group: t('build.menu.url') },
                ]}
                onChange={(v) =>
                  onChange((m) => {
                    delete m.entity;
                    delete m.view;
                    delete m.form;
                    delete m.dashboard;
                    delete m.url;
                    const [kind, id] = (v ?? '').split(':');
                    if (kind === 'url') m.url = 'https://';
                    else if (kind === 'view') {
                      m.view = id;
                      m.entity = views(docs).find((one) => one.id === id)?.entity;
                    } else if (kind === 'form') m.form = id;
                    else if (kind === 'dashboard') m.dashboard = id;
                    else if (kind === 'entity') m.entity = id;
                  })
                }
              />
              {isLink && (
                <TextInput
                  label={t('build.menu.address')}
                  value={item.url ?? ''}
                  onChange={(url) =>
                    onChange((m) => {
                      m.url = url;
                    }, 'url')
                  }
                />
              )}
            </>
          )}
          <IconGrid
            value={item.icon}
            onChange={(icon) =>
              onChange((m) => {
                m.icon = icon;
              })
            }
          />
        </section>
        <section className={panel.part}>
          <MultiSelect
            label={t('build.menu.roles')}
            help={t('build.menu.rolesHelp')}
            standing={t('build.everybody')}
            options={roleOptions(docs, item.roles ?? [])}
            value={item.roles ?? []}
            onChange={(ids) =>
              onChange((m) => {
                m.roles = ids.length ? ids : undefined;
              })
            }
          />
          <Switch
            spread
            label={t('build.menu.inShort')}
            help={t('build.menu.inShortHelp')}
            checked={inShortMenu(app, item.id)}
            onChange={(on) =>
              store.change(t('build.did.menuEntry', { name: textOf(item.name) }), (d) =>
                editInfo(d, (a) => {
                  const next = setInShortMenu(a, item.id, on);
                  a.menu = next.menu;
                  if (next.light_menu.length) a.light_menu = next.light_menu;
                  else delete a.light_menu;
                }),
              )
            }
          />
        </section>
      </div>
    </>
  );
}

/** Which menu members start with; it counts at once, for the published app. */
function StartMenu() {
  const { app } = useBuilder();
  const runtime = useRuntime(app.version > 0 ? app.id : undefined);
  const save = useSetLight(app.id);
  if (!runtime.data) return null;
  return (
    <Switch
      label={t('build.menu.short')}
      help={t('build.menu.shortHelp')}
      checked={save.isPending ? save.variables : runtime.data.light}
      disabled={save.isPending}
      onChange={(light) =>
        save.mutate(light, {
          onError: (error) => toast(asProblem(error).message, { tone: 'danger' }),
        })
      }
    />
  );
}

/** Where the app opens, for everybody and for single roles. */
function HomePanel({ app }: { app: AppInfo }) {
  const { store } = useBuilder();
  const docs = useDocs();
  const entries = [...eachItem(app.menu ?? [])]
    .filter((i) => !i.items && i.url === undefined)
    .map((i) => ({ value: i.id, label: textOf(i.name), icon: iconOf(i, docs) }));
  const set = (role: string, item: string | null) =>
    store.change(t('build.did.home'), (d) =>
      editInfo(d, (a) => {
        const home = { ...a.home };
        if (item) home[role] = item;
        else delete home[role];
        if (Object.keys(home).length) a.home = home;
        else delete a.home;
      }),
    );
  return (
    <>
      <header className={panel.head}>
        <h2 className={panel.headName}>{t('build.menu.home')}</h2>
      </header>
      <div className={panel.body}>
        <section className={panel.part}>
          <p className={panel.quiet}>{t('build.menu.homeHelp')}</p>
          <Select
            label={t('build.everybody')}
            clearable
            standing={t('build.menu.firstEntry')}
            options={entries}
            value={app.home?.['*'] ?? null}
            onChange={(v) => set('*', v)}
          />
          {roles(docs).map((role) => (
            <Select
              key={role.id}
              label={textOf(role.name)}
              clearable
              standing={t('build.menu.asAll')}
              options={entries}
              value={app.home?.[role.id] ?? null}
              onChange={(v) => set(role.id, v)}
            />
          ))}
        </section>
      </div>
    </>
  );
}
