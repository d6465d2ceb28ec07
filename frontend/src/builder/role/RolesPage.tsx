import { useEffect, useMemo, useRef, useState } from 'react';
import { NavLink, useNavigate, useParams } from 'react-router';
import { newId } from '@/api/ids';
import { departments, members } from '@/api/queries/workspaces';
import type { Role } from '@/api/types';
import {
  Button,
  confirm,
  cx,
  EmptyState,
  Icon,
  IconButton,
  Menu,
  Notice,
  SearchInput,
  Switch,
  Tabs,
  TextInput,
} from '@/kit';
import { t } from '@/locales';
import { textOf, withText } from '@/locales/text';
import { createRole, deleteDocument, onlyFor } from '../commands/forms';
import { useBuilder, useDocs, useDraftState } from '../context';
import { freshKey } from '../ids';
import { bodyOf, listedEntities, parsePlace, roles } from '../model';
import { LocalText } from '../panel/LocalText';
import { GrantCells, GrantHeads } from './GrantCells';
import { holdersOf } from './holders';
import { RoleMembers } from './RoleMembers';
import styles from './roles.module.css';
import { ViewAs } from './ViewAs';

type Tab = 'grants' | 'members' | 'view';

/** Every role: its rights on all forms, its people, and the app through their eyes. */
export function RolesPage() {
  const { base, store } = useBuilder();
  const docs = useDocs();
  const faults = useDraftState((s) => s.faults);
  const navigate = useNavigate();
  const { '*': id } = useParams();
  const all = roles(docs);
  const role = bodyOf(docs, 'role', id) ?? all[0];
  // A role that was just made waits for its name.
  const [fresh, setMade] = useState('');
  // Whoever goes through the members of one role goes on with those of the next.
  const [tab, setTab] = useState<Tab>('grants');
  const faulty = useMemo(() => new Set(faults.map((f) => parsePlace(f.path).doc)), [faults]);

  function begin(made: string) {
    setMade(made);
    setTab('grants');
  }

  function add() {
    let made = '';
    const name = t('build.role.newName', { n: all.length + 1 });
    store.change(t('build.did.newRole', { name }), (d) => {
      made = createRole(d, name);
    });
    begin(made);
    navigate(`${base}/app/roles/${made}`);
  }

  return (
    <div className={styles.page}>
      <aside className={styles.list} aria-label={t('build.page.roles')}>
        <div className={styles.listHead}>
          {t('build.page.roles')}
          <IconButton size="sm" icon="plus" label={t('build.role.new')} onClick={add} />
        </div>
        <nav className={styles.items}>
          {all.map((one) => (
            <NavLink
              key={one.id}
              to={`${base}/app/roles/${one.id}`}
              className={cx(styles.item, role?.id === one.id && styles.itemOn)}
              onClick={() => setMade('')}
            >
              <Icon name={one.admin ? 'key' : 'shield'} size={14} />
              <span className={styles.itemName}>{textOf(one.name) || one.key}</span>
              {faulty.has(one.id) && (
                <Icon name="error" size={14} className={styles.bad} label={t('build.hasFaults')} />
              )}
            </NavLink>
          ))}
        </nav>
      </aside>
      {role ? (
        <RoleEditor key={role.id} role={role} fresh={role.id === fresh} onMade={begin} {...{ tab, setTab }} />
      ) : (
        <div className={styles.content}>
          <EmptyState
            icon="shield"
            title={t('build.role.none')}
            help={t('build.role.noneHelp')}
            action={
              <Button variant="primary" icon="plus" onClick={add}>
                {t('build.role.new')}
              </Button>
            }
          />
        </div>
      )}
    </div>
  );
}

interface RoleEditorProps {
  role: Role;
  /** Just made: it waits for its name. */
  fresh: boolean;
  onMade: (id: string) => void;
  tab: Tab;
  setTab: (tab: Tab) => void;
}

function RoleEditor({ role, fresh, onMade, tab, setTab }: RoleEditorProps) {
  const { app, base, store, workspace } = useBuilder();
  const docs = useDocs();
  const navigate = useNavigate();
  const people = members.useList(workspace.key, workspace.admin);
  const units = departments.useList(workspace.key);
  const [search, setSearch] = useState('');
  const name = textOf(role.name);
  const needle = search.trim().toLowerCase();
  const all = listedEntities(docs);
  const forms = all.filter((e) => `${textOf(e.name)} ${e.key}`.toLowerCase().includes(needle));
  const nameRef = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (fresh) nameRef.current?.select();
  }, [fresh]);
  const edit = (change: (role: Role) => void, mark?: string) =>
    store.change(
      t('build.did.role', { name }),
      (d) => {
        const body = bodyOf(d, 'role', role.id);
        if (!body) return;
        change(body);
        for (const key of Object.keys(body) as (keyof Role)[]) if (body[key] === undefined) delete body[key];
      },
      mark && `${role.id}.${mark}`,
    );

  function deleteWords() {
    const n = holdersOf(people.data ?? [], units.data ?? [], app.id, role.id).length;
    // Who builds an app need not know who has its roles.
    const known = people.data && units.data;
    const held = !known
      ? t('build.role.deleteHelp')
      : n > 0
        ? t('build.role.deleteHeld', { n })
        : t('build.role.deleteNone');
    const alone = onlyFor(docs, role.id);
    return (
      <>
        <p>{held}</p>
        {alone.length > 0 && <p>{t('build.role.deleteOnly', { names: alone.join(t('common.comma')) })}</p>}
      </>
    );
  }

  function duplicate() {
    const id = newId('rol_');
    store.change(t('build.did.newRole', { name: t('build.copyOf', { name }) }), (d) => {
      d[id] = {
        id,
        kind: 'role',
        body: {
          ...(JSON.parse(JSON.stringify(role)) as Role),
          id,
          key: freshKey(
            '',
            role.key,
            roles(d).map((r) => r.key),
          ),
          name: t('build.copyOf', { name }),
        },
      };
    });
    onMade(id);
    navigate(`${base}/app/roles/${id}`);
  }

  return (
    <div className={styles.main}>
      <header className={styles.head}>
        <div className={styles.headName}>
          <TextInput
            ref={nameRef}
            aria-label={t('build.role.name')}
            value={name}
            onChange={(words) =>
              edit((r) => {
                r.name = withText(typeof r.name === 'string' ? words : r.name, words);
              }, 'name')
            }
          />
        </div>
        <Tabs
          className={styles.tabs}
          aria-label={name}
          value={tab}
          onChange={setTab}
          tabs={[
            { value: 'grants', label: t('build.role.tabGrants') },
            { value: 'members', label: t('build.role.tabMembers') },
            { value: 'view', label: t('build.role.tabView') },
          ]}
        />
        <Menu
          position="bottom-end"
          items={[
            { label: t('common.duplicate'), icon: 'copy', onSelect: duplicate },
            { divider: true },
            {
              label: t('common.delete'),
              icon: 'trash',
              danger: true,
              onSelect: async () => {
                if (
                  !(await confirm({
                    title: t('build.role.deleteTitle', { name }),
                    body: deleteWords(),
                    action: t('common.delete'),
                    danger: true,
                  }))
                )
                  return;
                store.change(t('build.did.deleteRole', { name }), (d) => deleteDocument(d, role.id));
                navigate(`${base}/app/roles`);
              },
            },
          ]}
        >
          <IconButton icon="dots" label={t('build.role.more', { name })} />
        </Menu>
      </header>
      {tab === 'grants' && (
        <div className={styles.content}>
          <div className={styles.narrow}>
            <LocalText
              label={t('build.field.help')}
              localized
              value={role.help}
              onChange={(v) =>
                edit((r) => {
                  r.help = v;
                }, 'help')
              }
            />
            <Switch
              spread
              label={t('build.role.admin')}
              help={t('build.role.adminHelp')}
              checked={!!role.admin}
              onChange={(on) =>
                edit((r) => {
                  r.admin = on || undefined;
                })
              }
            />
          </div>
          {role.admin ? (
            <Notice>{t('build.role.adminAll')}</Notice>
          ) : (
            <>
              {all.length > 10 && (
                <div className={styles.headName}>
                  <SearchInput
                    size="sm"
                    value={search}
                    onChange={setSearch}
                    placeholder={t('build.searchForms')}
                    aria-label={t('build.searchForms')}
                  />
                </div>
              )}
              <table className={styles.matrix}>
                <thead>
                  <tr>
                    <th scope="col">{t('build.role.form')}</th>
                    <GrantHeads />
                  </tr>
                </thead>
                <tbody>
                  {forms.map((entity) => (
                    <tr key={entity.id}>
                      <td>
                        <span className={styles.name}>
                          <Icon name={entity.icon ?? 'form'} size={14} />
                          {textOf(entity.name)}
                        </span>
                      </td>
                      <GrantCells role={role} entity={entity} />
                    </tr>
                  ))}
                </tbody>
              </table>
            </>
          )}
          {all.length === 0 && <EmptyState compact title={t('build.noForms')} />}
        </div>
      )}
      {tab === 'members' && <RoleMembers role={role} />}
      {tab === 'view' && <ViewAs role={role} />}
    </div>
  );
}
