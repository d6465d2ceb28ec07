import { useState } from 'react';
import { newId } from '@/api/ids';
import type { BoardFilter, Dashboard } from '@/api/types';
import { Button, IconButton, Select } from '@/kit';
import { Drawer } from '@/kit/Drawer';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useDocs } from '../context';
import { moved, Sortable } from '../dnd/Sortable';
import panel from '../form/PropertyPanel.module.css';
import { entityOf } from '../model';
import { useFieldOptions } from '../panel/controls';
import { LocalText } from '../panel/LocalText';
import type { Accept } from '../parts';
import type { BoardEdit } from './BoardDesigner';

const accepts: Record<BoardFilter['type'], Accept> = {
  date: { kinds: ['date', 'time'], single: true },
  member: { traits: ['holds_member'] },
  select: { traits: ['choices'] },
};

/** The settings of the dashboard as a whole: its name and the filters above its widgets. */
export function BoardPanel({ board, edit }: { board: Dashboard; edit: BoardEdit }) {
  const [open, setOpen] = useState<string | null>(null);
  const filters = board.filters ?? [];
  const filter = filters.find((f) => f.id === open);
  const setFilter = (id: string, change: (f: BoardFilter) => void, mark?: string) =>
    edit(
      t('build.did.boardFilter'),
      (b) => {
        const mine = b.filters?.find((f) => f.id === id);
        if (mine) change(mine);
      },
      mark && `${id}.${mark}`,
    );
  return (
    <aside className={panel.panel} aria-label={t('build.designer.settings')}>
      <header className={panel.head}>
        <h2 className={panel.headName}>{t('build.board.settings')}</h2>
      </header>
      <div className={panel.body}>
        <section className={panel.part}>
          <LocalText
            label={t('build.board.name')}
            required
            localized
            value={board.name}
            onChange={(v) =>
              edit(
                t('build.did.rename', { name: textOf(v) }),
                (b) => {
                  b.name = v ?? '';
                },
                `${board.id}.name`,
              )
            }
          />
        </section>
        <section className={panel.part}>
          <h3 className={panel.partHead}>
            {t('build.board.filters')}
            <IconButton
              size="sm"
              icon="plus"
              label={t('build.board.addFilter')}
              onClick={() => {
                const id = newId('flt_');
                edit(t('build.did.boardFilter'), (b) => {
                  b.filters = [
                    ...(b.filters ?? []),
                    { id, name: t('build.board.filter_date'), type: 'date', fields: {} },
                  ];
                });
                setOpen(id);
              }}
            />
          </h3>
          {filters.length === 0 && <p className={panel.quiet}>{t('build.board.filtersHelp')}</p>}
          <Sortable
            label={t('build.board.filters')}
            items={filters}
            keyOf={(f) => f.id}
            nameOf={(f) => textOf(f.name)}
            onMove={(from, to) =>
              edit(t('build.did.boardFilter'), (b) => {
                b.filters = moved(b.filters ?? [], from, to);
              })
            }
            render={(f) => (
              <>
                <button type="button" className={panel.entryButton} onClick={() => setOpen(f.id)}>
                  {textOf(f.name)}
                </button>
                <span className={panel.quiet}>{t(`build.board.filter_${f.type}`)}</span>
                <IconButton
                  size="sm"
                  icon="x"
                  label={t('common.removeItem', { name: textOf(f.name) })}
                  onClick={() =>
                    edit(t('build.did.boardFilter'), (b) => {
                      b.filters = b.filters?.filter((o) => o.id !== f.id);
                    })
                  }
                />
              </>
            )}
          />
        </section>
        <section className={panel.part}>
          <p className={panel.quiet}>{t('build.board.rightsHelp')}</p>
        </section>
      </div>
      {filter && (
        <Drawer
          opened
          onClose={() => setOpen(null)}
          title={textOf(filter.name)}
          footer={<Button onClick={() => setOpen(null)}>{t('common.done')}</Button>}
        >
          <div className={panel.list} style={{ gap: 16 }}>
            <LocalText
              label={t('build.board.filterName')}
              localized
              value={filter.name}
              onChange={(v) =>
                setFilter(
                  filter.id,
                  (f) => {
                    f.name = v ?? '';
                  },
                  'name',
                )
              }
            />
            <Select
              label={t('build.board.filterType')}
              searchable={false}
              value={filter.type}
              options={(['date', 'member', 'select'] as const).map((type) => ({
                value: type,
                label: t(`build.board.filter_${type}`),
              }))}
              onChange={(type) =>
                type &&
                setFilter(filter.id, (f) => {
                  f.type = type;
                  f.fields = {};
                  delete f.default;
                })
              }
            />
            <p className={panel.quiet}>{t('build.board.bindHelp')}</p>
            {[
              ...new Set(board.widgets.flatMap((w) => (typeof w.config.entity === 'string' ? [w.config.entity] : []))),
            ].map((entity) => (
              <Binding
                key={entity}
                entity={entity}
                accept={accepts[filter.type]}
                value={filter.fields[entity] ?? null}
                onChange={(field) =>
                  setFilter(filter.id, (f) => {
                    if (field) f.fields[entity] = field;
                    else delete f.fields[entity];
                  })
                }
              />
            ))}
          </div>
        </Drawer>
      )}
    </aside>
  );
}

function Binding({
  entity,
  accept,
  value,
  onChange,
}: {
  entity: string;
  accept: Accept;
  value: string | null;
  onChange: (field: string | null) => void;
}) {
  const docs = useDocs();
  const options = useFieldOptions(entity, accept);
  return (
    <Select
      label={textOf(entityOf(docs, entity)?.name)}
      clearable
      placeholder={t('build.board.notBound')}
      value={value}
      options={options}
      onChange={onChange}
    />
  );
}
