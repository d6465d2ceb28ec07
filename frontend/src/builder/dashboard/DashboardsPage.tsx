import { useState } from 'react';
import { NavLink, useNavigate, useParams } from 'react-router';
import { Button, confirm, cx, Dialog, EmptyState, Icon, IconButton, Menu, TextInput } from '@/kit';
import { t } from '@/locales';
import { textOf, withText } from '@/locales/text';
import { createDashboard, deleteDocument } from '../commands/forms';
import { useBuilder, useDocs } from '../context';
import { bodyOf, dashboards } from '../model';
import list from '../role/roles.module.css';
import { BoardDesigner } from './BoardDesigner';

/** The dashboards of the app; one of them in the designer. */
export function DashboardsPage() {
  const { base, store } = useBuilder();
  const docs = useDocs();
  const navigate = useNavigate();
  const { '*': id } = useParams();
  const all = dashboards(docs);
  const board = bodyOf(docs, 'dashboard', id) ?? all[0];
  const [naming, setNaming] = useState<{ id: string | null; name: string } | null>(null);

  function submit() {
    const words = naming?.name.trim();
    if (!naming || !words) return;
    if (naming.id) {
      const target = naming.id;
      store.change(t('build.did.rename', { name: words }), (d) => {
        const body = bodyOf(d, 'dashboard', target);
        if (body) body.name = withText(typeof body.name === 'string' ? words : body.name, words);
      });
    } else {
      let made = '';
      store.change(t('build.did.newBoard', { name: words }), (d) => {
        made = createDashboard(d, words);
      });
      navigate(`${base}/app/dashboards/${made}`);
    }
    setNaming(null);
  }

  return (
    <div className={list.page}>
      <aside className={cx(list.list, list.alone)} aria-label={t('build.page.dashboards')}>
        <div className={list.listHead}>
          {t('build.page.dashboards')}
          <IconButton
            size="sm"
            icon="plus"
            label={t('build.board.new')}
            onClick={() => setNaming({ id: null, name: '' })}
          />
        </div>
        <nav className={list.items}>
          {all.map((one) => (
            <div key={one.id} className={cx(list.line, board?.id === one.id && list.lineOn)}>
              <NavLink
                to={`${base}/app/dashboards/${one.id}`}
                className={cx(list.item, board?.id === one.id && list.itemOn)}
                style={{ flex: 1, minWidth: 0 }}
              >
                <Icon name="chart" size={14} />
                <span className={list.itemName}>{textOf(one.name) || one.key}</span>
              </NavLink>
              {board?.id === one.id && (
                <Menu
                  items={[
                    {
                      label: t('common.rename'),
                      icon: 'pen',
                      onSelect: () => setNaming({ id: one.id, name: textOf(one.name) }),
                    },
                    { divider: true },
                    {
                      label: t('common.delete'),
                      icon: 'trash',
                      danger: true,
                      onSelect: async () => {
                        if (
                          !(await confirm({
                            title: t('build.board.deleteTitle', { name: textOf(one.name) }),
                            body: t('build.board.deleteHelp'),
                            action: t('common.delete'),
                            danger: true,
                          }))
                        )
                          return;
                        store.change(t('build.did.deleteBoard', { name: textOf(one.name) }), (d) =>
                          deleteDocument(d, one.id),
                        );
                        navigate(`${base}/app/dashboards`);
                      },
                    },
                  ]}
                >
                  <IconButton size="sm" icon="dots" label={t('build.board.more', { name: textOf(one.name) })} />
                </Menu>
              )}
            </div>
          ))}
        </nav>
      </aside>
      {board ? (
        <BoardDesigner key={board.id} board={board} />
      ) : (
        <div className={list.content}>
          <EmptyState
            icon="chart"
            title={t('build.board.none')}
            help={t('build.board.noneHelp')}
            action={
              <Button variant="primary" icon="plus" onClick={() => setNaming({ id: null, name: '' })}>
                {t('build.board.new')}
              </Button>
            }
          />
        </div>
      )}
      {naming && (
        <Dialog
          opened
          size="sm"
          onClose={() => setNaming(null)}
          title={naming.id ? t('common.rename') : t('build.board.new')}
          onSubmit={submit}
          footer={
            <>
              <Button onClick={() => setNaming(null)}>{t('common.cancel')}</Button>
              <Button type="submit" variant="primary">
                {naming.id ? t('common.save') : t('common.create')}
              </Button>
            </>
          }
        >
          <TextInput
            label={t('build.board.name')}
            autoFocus
            value={naming.name}
            onChange={(name) => setNaming({ ...naming, name })}
            placeholder={t('build.board.namePlaceholder')}
          />
        </Dialog>
      )}
    </div>
  );
}
