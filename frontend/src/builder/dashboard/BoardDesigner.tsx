import 'react-grid-layout/css/styles.css';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { GridLayout, type Layout, useContainerWidth } from 'react-grid-layout';
import { useSearchParams } from 'react-router';
import { newId } from '@/api/ids';
import type { Dashboard, Widget } from '@/api/types';
import { chartOf } from '@/charts';
import { Button, cx, EmptyState, Icon, IconButton, Menu, Segmented } from '@/kit';
import { lookup, t } from '@/locales';
import { textOf } from '@/locales/text';
import { columns, inPhoneOrder, settle } from '@/runtime/dashboard/layout';
import { useBuilder, useDocs, useDraftState } from '../context';
import { moved, Sortable } from '../dnd/Sortable';
import { same } from '../doc';
import { bodyOf, entities, parsePlace } from '../model';
import styles from './BoardDesigner.module.css';
import { BoardPanel } from './BoardPanel';
import { WidgetPanel } from './WidgetPanel';
import { WidgetPreview } from './WidgetPreview';
import { addWidget, freePlace, nudgeWidget, tidy } from './widgets';

/** A dashboard while it is arranged: widgets on the grid with live data, the settings of one beside it. */
export function BoardDesigner({ board }: { board: Dashboard }) {
  const { store, parts } = useBuilder();
  const docs = useDocs();
  const faults = useDraftState((s) => s.faults);
  const [params, setParams] = useSearchParams();
  const [selected, setSelected] = useState<string | null>(params.get('widget'));
  const [mode, setMode] = useState<'wide' | 'phone'>('wide');
  const root = useRef<HTMLDivElement>(null);
  const widget = board.widgets.find((w) => w.id === selected);
  const name = textOf(board.name);
  const firstEntity = entities(docs)[0]?.id;

  // biome-ignore lint/correctness/useExhaustiveDependencies: an address selects once
  useEffect(() => {
    if (params.has('widget')) setParams({}, { replace: true });
  }, []);

  const edit = (label: string, change: (board: Dashboard) => void, mark?: string) =>
    store.change(
      label,
      (d) => {
        const body = bodyOf(d, 'dashboard', board.id);
        if (body) change(body);
      },
      mark,
    );

  function add(type: string) {
    const part = parts.charts.get(type);
    if (!part) return;
    let made = '';
    // What was looked at last is probably meant again.
    const entity = (widget?.config.entity as string | undefined) ?? firstEntity;
    edit(t('build.did.addWidget', { name: textOf(part.label) }), (b) => {
      made = addWidget(b, part, part.label, entity);
    });
    setSelected(made);
    requestAnimationFrame(() =>
      root.current?.querySelector(`[data-widget="${made}"]`)?.scrollIntoView({ block: 'nearest' }),
    );
  }

  function arrange(layout: Layout) {
    const places = new Map(layout.map((l) => [l.i, l]));
    const unmoved = board.widgets.every((w) => {
      const p = places.get(w.id);
      return !p || (p.x === w.x && p.y === w.y && p.w === w.w && p.h === w.h);
    });
    if (unmoved) return;
    edit(t('build.did.arrange'), (b) => {
      for (const w of b.widgets) {
        const p = places.get(w.id);
        if (p) Object.assign(w, { x: p.x, y: p.y, w: p.w, h: p.h });
      }
    });
  }

  function remove(one: Widget) {
    edit(t('build.did.deleteWidget', { name: textOf(one.title) }), (b) => {
      b.widgets = settle(b.widgets.filter((w) => w.id !== one.id));
      if (b.phone) b.phone = b.phone.filter((id) => id !== one.id);
    });
    setSelected(null);
  }

  function duplicate(one: Widget) {
    const id = newId('wid_');
    edit(t('build.did.copyWidget', { name: textOf(one.title) }), (b) => {
      b.widgets.push({ ...(JSON.parse(JSON.stringify(one)) as Widget), id, ...freePlace(b.widgets, one) });
    });
    setSelected(id);
  }

  function key(e: KeyboardEvent, one: Widget) {
    if (e.target !== e.currentTarget) return;
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
    if (by && (e.altKey || e.shiftKey)) {
      e.preventDefault();
      const [x = 0, y = 0] = by;
      edit(
        t('build.did.arrange'),
        (b) => {
          b.widgets = nudgeWidget(
            JSON.parse(JSON.stringify(b.widgets)) as Widget[],
            one.id,
            e.shiftKey ? { w: x, h: y } : { x, y },
          );
        },
        `${board.id}.nudge`,
      );
    } else if (e.key === 'Enter' || e.key === ' ') {
      e.preventDefault();
      setSelected(one.id);
    } else if (e.key === 'Delete' || e.key === 'Backspace') {
      e.preventDefault();
      remove(one);
    } else if ((e.metaKey || e.ctrlKey) && e.key.toLowerCase() === 'd') {
      e.preventDefault();
      duplicate(one);
    } else if (e.key === 'Escape') setSelected(null);
  }

  const groups = new Map<string, string[]>();
  for (const part of parts.charts.values()) groups.set(part.group, [...(groups.get(part.group) ?? []), part.name]);
  const palette = [...groups].flatMap(([group, names], i) => [
    i > 0 && { divider: true as const },
    { title: lookup(`build.board.group_${group}`) ?? group },
    ...names.map((type) => {
      const part = parts.charts.get(type);
      return {
        label: textOf(part?.label),
        description: textOf(part?.help),
        icon: part?.icon ?? 'chart',
        onSelect: () => add(type),
      };
    }),
  ]);
  const faultyWidgets = new Set(
    faults.flatMap((f) => {
      const at = parsePlace(f.path);
      return at.doc === board.id && at.path[0] === 'widgets' ? [board.widgets[Number(at.path[1])]?.id] : [];
    }),
  );

  return (
    <>
      <div className={styles.middle}>
        <header className={styles.bar}>
          <h2 className={styles.name}>{name}</h2>
          <Segmented
            size="sm"
            aria-label={t('build.board.screen')}
            value={mode}
            onChange={setMode}
            options={[
              { value: 'wide', label: t('build.designer.desktop'), icon: 'device' },
              { value: 'phone', label: t('build.designer.phone'), icon: 'mobile' },
            ]}
          />
          <span className={styles.hint}>
            <span className={styles.keys}>{t('build.board.keys')}</span>
          </span>
          {mode === 'wide' && board.widgets.length > 1 && (
            <Button
              variant="plain"
              icon="grid"
              onClick={() => {
                const next = tidy(board.widgets);
                if (!same(next, board.widgets))
                  edit(t('build.did.tidy'), (b) => {
                    b.widgets = tidy(JSON.parse(JSON.stringify(b.widgets)) as Widget[]);
                  });
              }}
            >
              {t('build.board.tidy')}
            </Button>
          )}
          <Button variant="plain" icon="gear" active={!widget} onClick={() => setSelected(null)}>
            {t('build.board.settings')}
          </Button>
          <Menu width={300} position="bottom-end" items={palette}>
            <Button icon="plus">{t('build.board.add')}</Button>
          </Menu>
        </header>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: a click beside the widgets selects none */}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: Escape on a widget does the same */}
        <div
          ref={root}
          className={styles.scroll}
          onClick={(e) => {
            if (!(e.target as HTMLElement).closest('[data-widget], button')) setSelected(null);
          }}
        >
          {board.widgets.length === 0 ? (
            <div className={styles.empty}>
              <EmptyState icon="chart" title={t('build.board.empty')} help={t('build.board.emptyHelp')} />
              <div className={styles.tiles}>
                {[...parts.charts.values()].slice(0, 12).map((part) => (
                  <button key={part.name} type="button" className={styles.tile} onClick={() => add(part.name)}>
                    <Icon name={part.icon} />
                    {textOf(part.label)}
                  </button>
                ))}
              </div>
            </div>
          ) : mode === 'phone' ? (
            <div className={styles.phone}>
              <Sortable
                label={t('build.board.phoneOrder')}
                className={styles.phoneList}
                items={inPhoneOrder(board)}
                keyOf={(w) => w.id}
                nameOf={(w) => textOf(w.title)}
                onMove={(from, to) =>
                  edit(t('build.did.arrange'), (b) => {
                    b.phone = moved(inPhoneOrder(board), from, to).map((w) => w.id);
                  })
                }
                render={(w) => (
                  <button
                    type="button"
                    className={cx(styles.phoneItem, w.id === selected && styles.on)}
                    onClick={() => setSelected(w.id)}
                  >
                    <Icon name={parts.charts.get(w.type)?.icon ?? 'chart'} />
                    {textOf(w.title)}
                  </button>
                )}
              />
            </div>
          ) : (
            <Grid board={board} onArrange={arrange}>
              {board.widgets.map((w) => (
                // biome-ignore lint/a11y/useSemanticElements: holds charts with controls of their own
                <div
                  key={w.id}
                  data-widget={w.id}
                  role="group"
                  aria-label={textOf(w.title) || w.type}
                  // biome-ignore lint/a11y/noNoninteractiveTabindex: moved and sized by the arrow keys
                  tabIndex={0}
                  className={cx(
                    styles.widget,
                    w.id === selected && styles.on,
                    faultyWidgets.has(w.id) && styles.faulty,
                  )}
                  onClick={() => setSelected(w.id)}
                  onKeyDown={(e) => key(e, w)}
                >
                  <div className={styles.handle} data-drag>
                    <Icon name="grip" size={14} />
                    <span className={styles.title}>{textOf(w.title) || textOf(parts.charts.get(w.type)?.label)}</span>
                    {faultyWidgets.has(w.id) && (
                      <Icon name="error" size={14} className={styles.bad} label={t('build.hasFaults')} />
                    )}
                  </div>
                  <div className={cx(styles.content, chartOf(w.type)?.flush && styles.flush)} inert>
                    <WidgetPreview widget={w} />
                  </div>
                  {w.id === selected && (
                    <div className={styles.mini}>
                      <IconButton size="sm" icon="copy" label={t('common.duplicate')} onClick={() => duplicate(w)} />
                      <IconButton size="sm" icon="trash" danger label={t('common.delete')} onClick={() => remove(w)} />
                    </div>
                  )}
                </div>
              ))}
            </Grid>
          )}
        </div>
      </div>
      {widget ? (
        <WidgetPanel key={widget.id} board={board} widget={widget} edit={edit} onRemove={() => remove(widget)} />
      ) : (
        <BoardPanel board={board} edit={edit} />
      )}
    </>
  );
}

/** The grid; it measures its width when it appears, which on a new dashboard is with the first widget. */
function Grid({
  board,
  onArrange,
  children,
}: {
  board: Dashboard;
  onArrange: (layout: Layout) => void;
  children: ReactNode;
}) {
  const { width, containerRef } = useContainerWidth({ initialWidth: 800 });
  return (
    <div ref={containerRef} className={styles.grid}>
      <GridLayout
        width={width}
        gridConfig={{ cols: columns, rowHeight: 36, margin: [12, 12], containerPadding: [16, 16] }}
        dragConfig={{ enabled: true, handle: '[data-drag]', threshold: 4 }}
        resizeConfig={{ enabled: true, handles: ['se', 'e', 's'] }}
        layout={board.widgets.map((w) => ({ i: w.id, x: w.x, y: w.y, w: w.w, h: w.h, minH: 2 }))}
        onDragStop={onArrange}
        onResizeStop={onArrange}
      >
        {children}
      </GridLayout>
    </div>
  );
}

export type BoardEdit = (label: string, change: (board: Dashboard) => void, mark?: string) => boolean;
