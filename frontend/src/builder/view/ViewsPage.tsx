import { useState } from 'react';
import { NavLink, useNavigate, useParams } from 'react-router';
import { newId } from '@/api/ids';
import type { View, ViewConfig } from '@/api/types';
import { Button, confirm, cx, Dialog, EmptyState, Icon, IconButton, Menu, Select, TextInput } from '@/kit';
import { t } from '@/locales';
import { textOf, withText } from '@/locales/text';
import { viewOf } from '@/views';
import { createView, deleteDocument } from '../commands/forms';
import { useBuilder, useDocs, usePreviewEntity } from '../context';
import { freshKey } from '../ids';
import { views as allViews, bodyOf, viewsOf } from '../model';
import { fits } from '../preview';
import list from '../role/roles.module.css';
import { ViewEditor } from './ViewEditor';

/** The views of a form: how its records are shown to everybody. */
export function ViewsPage({ entity: id }: { entity: string }) {
  const { base, store, parts } = useBuilder();
  const docs = useDocs();
  const navigate = useNavigate();
  const entity = usePreviewEntity(id);
  const { '*': wanted } = useParams();
  const all = viewsOf(docs, id);
  const view = all.find((v) => v.id === wanted) ?? all[0];
  const home = `${base}/forms/${id}/views`;
  const [making, setMaking] = useState(false);
  const [name, setName] = useState('');
  const [type, setType] = useState('grid');
  if (!entity) return null;
  // A type that needs a date or a choice is offered where there is one.
  const suits = (typeName: string) => {
    const needs = (parts.views.get(typeName)?.extra.needs ?? []) as { accept: Parameters<typeof fits>[1] }[];
    return needs.every((need) => entity.fields.some((f) => fits(f, need.accept)));
  };
  const types = [...parts.views.values()].map((p) => ({
    value: p.name,
    label: textOf(p.label),
    icon: p.icon,
    description: suits(p.name) ? textOf(p.help) : t('build.view.cannot'),
    disabled: !suits(p.name),
  }));

  function create() {
    const words = name.trim() || textOf(parts.views.get(type)?.label);
    let made = '';
    store.change(t('build.did.newView', { name: words }), (d) => {
      made = createView(d, id, words, type, entity ? viewOf(type).start(entity) : {});
    });
    setMaking(false);
    setName('');
    navigate(`${home}/${made}`);
  }

  function duplicate(one: View) {
    const made = newId('vew_');
    const words = t('build.copyOf', { name: textOf(one.name) });
    store.change(t('build.did.newView', { name: words }), (d) => {
      d[made] = {
        id: made,
        kind: 'view',
        body: {
          ...(JSON.parse(JSON.stringify(one)) as View),
          id: made,
          key: freshKey(
            '',
            one.key.replace(/_\d+$/, ''),
            allViews(d).map((v) => v.key),
          ),
          name: words,
        },
      };
    });
    navigate(`${home}/${made}`);
  }

  return (
    <div className={list.page}>
      <aside className={list.list} aria-label={t('build.tab.views')}>
        <div className={list.listHead}>
          {t('build.tab.views')}
          <IconButton size="sm" icon="plus" label={t('build.view.new')} onClick={() => setMaking(true)} />
        </div>
        <nav className={list.items}>
          {all.map((one) => (
            <div key={one.id} className={cx(list.line, view?.id === one.id && list.lineOn)}>
              <NavLink
                to={`${home}/${one.id}`}
                className={cx(list.item, view?.id === one.id && list.itemOn)}
                style={{ flex: 1, minWidth: 0 }}
              >
                <Icon name={parts.views.get(one.type)?.icon ?? 'table'} size={14} />
                <span className={list.itemName}>{textOf(one.name) || one.key}</span>
              </NavLink>
              {view?.id === one.id && (
                <Menu
                  items={[
                    { label: t('common.duplicate'), icon: 'copy', onSelect: () => duplicate(one) },
                    all.length > 1 && { divider: true as const },
                    all.length > 1 && {
                      label: t('common.delete'),
                      icon: 'trash',
                      danger: true,
                      onSelect: async () => {
                        if (
                          !(await confirm({
                            title: t('build.view.deleteTitle', { name: textOf(one.name) }),
                            body: t('build.view.deleteHelp'),
                            action: t('common.delete'),
                            danger: true,
                          }))
                        )
                          return;
                        store.change(t('build.did.deleteView', { name: textOf(one.name) }), (d) =>
                          deleteDocument(d, one.id),
                        );
                        navigate(home);
                      },
                    },
                  ]}
                >
                  <IconButton size="sm" icon="dots" label={t('build.view.more', { name: textOf(one.name) })} />
                </Menu>
              )}
            </div>
          ))}
        </nav>
      </aside>
      {view ? (
        <ViewEditor
          key={view.id}
          view={view}
          entity={entity}
          onEdit={(change, label, mark) =>
            void store.change(
              label ?? t('build.did.view', { name: textOf(view.name) }),
              (d) => {
                const body = bodyOf(d, 'view', view.id);
                if (!body) return;
                change(body);
                for (const key of Object.keys(body.config) as (keyof ViewConfig)[])
                  if (body.config[key] === undefined) delete body.config[key];
              },
              mark && `${view.id}.${mark}`,
            )
          }
          rename={(words) => withText(typeof view.name === 'string' ? words : view.name, words)}
        />
      ) : (
        <div className={list.content}>
          <EmptyState
            icon="table"
            title={t('build.view.none')}
            help={t('build.view.noneHelp')}
            action={
              <Button variant="primary" icon="plus" onClick={() => setMaking(true)}>
                {t('build.view.new')}
              </Button>
            }
          />
        </div>
      )}
      {making && (
        <Dialog
          opened
          onClose={() => setMaking(false)}
          title={t('build.view.new')}
          onSubmit={create}
          footer={
            <>
              <Button onClick={() => setMaking(false)}>{t('common.cancel')}</Button>
              <Button type="submit" variant="primary">
                {t('common.create')}
              </Button>
            </>
          }
        >
          <TextInput
            label={t('build.view.name')}
            autoFocus
            value={name}
            onChange={setName}
            placeholder={t('common.standing', { value: textOf(parts.views.get(type)?.label) })}
          />
          <Select
            label={t('build.view.type')}
            searchable={false}
            value={type}
            options={types}
            onChange={(v) => v && setType(v)}
          />
        </Dialog>
      )}
    </div>
  );
}
