import type { Dashboard, Widget } from '@/api/types';
import { Button, Icon, Menu } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useBuilder, useDocs } from '../context';
import panel from '../form/PropertyPanel.module.css';
import { fieldsOf } from '../formula/refs';
import { entityOf } from '../model';
import { LocalText } from '../panel/LocalText';
import { type Options, SchemaPanel } from '../panel/SchemaPanel';
import { optionsOf } from '../parts';
import { recordScope } from '../usage';
import type { BoardEdit } from './BoardDesigner';
import { startConfig } from './widgets';

/** The settings of one widget, drawn from its type. */
export function WidgetPanel({
  board,
  widget,
  edit,
  onRemove,
}: {
  board: Dashboard;
  widget: Widget;
  edit: BoardEdit;
  onRemove: () => void;
}) {
  const { parts } = useBuilder();
  const docs = useDocs();
  const part = parts.charts.get(widget.type);
  const index = board.widgets.findIndex((w) => w.id === widget.id);
  const entity = entityOf(docs, widget.config.entity as string | undefined);
  const name = textOf(widget.title) || textOf(part?.label);
  const set = (change: (w: Widget) => void, mark?: string) =>
    edit(
      t('build.did.widget', { name }),
      (b) => {
        const mine = b.widgets.find((w) => w.id === widget.id);
        if (mine) change(mine);
      },
      mark && `${widget.id}.${mark}`,
    );

  // Types that draw the same data can take each other's place.
  const alike = [...parts.charts.values()].filter((p) => p.extra.source === part?.extra.source);

  return (
    <aside className={panel.panel} aria-label={t('build.designer.settings')}>
      <header className={panel.head}>
        <Icon name={part?.icon ?? 'chart'} className={panel.headIcon} />
        <h2 className={panel.headName}>{name}</h2>
        {alike.length > 1 && (
          <Menu
            position="bottom-end"
            width={220}
            items={alike.map((p) => ({
              label: textOf(p.label),
              icon: p.icon,
              checked: p.name === widget.type,
              onSelect: () => {
                if (p.name === widget.type) return;
                const known = new Set(optionsOf(p.options).map((o) => o.name));
                set((w) => {
                  const kept = Object.fromEntries(Object.entries(w.config).filter(([k]) => known.has(k)));
                  // One measure becomes the first of several, and the other way round.
                  if (known.has('measures') && !kept.measures && w.config.measure) kept.measures = [w.config.measure];
                  if (known.has('measure') && !kept.measure && Array.isArray(w.config.measures) && w.config.measures[0])
                    kept.measure = w.config.measures[0];
                  w.config = { ...startConfig(p.options, entity?.id), ...kept };
                  w.type = p.name;
                });
              },
            }))}
          >
            <button type="button" className={panel.type}>
              {textOf(part?.label)}
              <Icon name="chevron-down" size={14} />
            </button>
          </Menu>
        )}
      </header>
      <div className={panel.body}>
        <section className={panel.part}>
          <LocalText
            label={t('build.board.title')}
            localized
            value={widget.title}
            onChange={(v) =>
              set((w) => {
                w.title = v ?? '';
              }, 'title')
            }
          />
        </section>
        {part && (
          <section className={panel.part}>
            <SchemaPanel
              schema={part.options}
              value={widget.config as Options}
              onChange={(config, option) =>
                set((w) => {
                  w.config = config;
                }, option)
              }
              panel={{
                scope: recordScope(docs, entity && fieldsOf(entity)),
                server: entity && { entity: entity.id, scope: 'filter' },
                entity: entity?.id,
                place: { doc: board.id, path: ['widgets', index, 'config'] },
              }}
            />
          </section>
        )}
        <section className={panel.part}>
          <Button icon="trash" variant="danger" onClick={onRemove}>
            {t('build.board.remove')}
          </Button>
        </section>
      </div>
    </aside>
  );
}
