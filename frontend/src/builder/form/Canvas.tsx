import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { Entity, Form, RuntimeField } from '@/api/types';
import { AppIcon, composing, cx, EmptyState, MenuAt, type MenuEntry } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useFieldContext } from '@/runtime/form/context';
import { useBuilder, useDocs, useDraftState } from '../context';
import { fieldFaults } from '../faults';
import { fieldsOf, systemFields } from '../formula/refs';
import { runtimeField, systemRuntimeFields } from '../preview';
import styles from './Canvas.module.css';
import { CanvasContext, type CanvasSurroundings, FieldFaults } from './canvas-context';
import {
  clipMark,
  command,
  commands,
  type DesignerCommand,
  hasClip,
  pick,
  select,
  step,
  useDesigner,
  useDesignerState,
} from './designer';
import { dragged } from './drag';
import { dropOn, fitsIn, NodeList } from './NodeList';

/** A key press as the list of commands names it. */
function shortcutOf(e: KeyboardEvent): string {
  const key = e.key.length === 1 ? e.key.toLowerCase() : e.key;
  return [e.metaKey || e.ctrlKey ? 'mod' : '', e.altKey ? 'alt' : '', e.shiftKey ? 'shift' : '', key]
    .filter(Boolean)
    .join('+');
}

/** The form as it will be, made of its real controls; clicks and drags arrange it. */
export function Canvas({ entity, form }: { entity: Entity; form: Form }) {
  const designer = useDesigner();
  const { parts } = useBuilder();
  const docs = useDocs();
  const ctx = useFieldContext();
  const root = useRef<HTMLDivElement>(null);
  const [menu, setMenu] = useState<{ x: number; y: number } | null>(null);
  const empty = form.layout.length === 0;
  const selection = useDesignerState((s) => s.selection);
  const focus = useDesignerState((s) => s.focus);
  const last = selection.at(-1);
  // What is selected is in sight; it takes the focus when asked to.
  useEffect(() => {
    if (!last) return;
    const element = root.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(last)}"]`);
    element?.scrollIntoView({ block: 'nearest' });
  }, [last]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each request counts once
  useEffect(() => {
    if (focus > 0) focusSelected();
  }, [focus]);

  // What is dropped beside or below the form goes to its end.
  const [beside, setBeside] = useState(false);
  const count = form.layout.length;
  useEffect(() => {
    const element = root.current;
    if (!element) return;
    return dropTargetForElements({
      element,
      canDrop: ({ source }) => {
        const what = dragged(source.data);
        return !!what && fitsIn(designer, what, '');
      },
      onDrag: ({ location, self }) => setBeside(location.current.dropTargets[0]?.element === self.element),
      onDragLeave: () => setBeside(false),
      onDrop: ({ source, location, self }) => {
        setBeside(false);
        const what = dragged(source.data);
        if (what && location.current.dropTargets[0]?.element === self.element)
          dropOn(designer, what, { slot: { list: '', index: count } });
      },
    });
  }, [designer, count]);

  // Only fields that changed get another object, so that only their controls are drawn again.
  const cache = useRef(new WeakMap<object, RuntimeField>());
  const fields = useMemo(() => {
    const out = new Map<string, RuntimeField>();
    for (const field of entity.fields) {
      const linked = field.options && ('link' in field.options || 'fn' in field.options);
      let made = linked ? undefined : cache.current.get(field);
      if (!made) {
        made = runtimeField(field, docs, parts, entity);
        cache.current.set(field, made);
      }
      out.set(field.id, made);
    }
    for (const field of systemRuntimeFields(systemFields(fieldsOf(entity)))) out.set(field.id, field);
    return out;
  }, [entity, docs, parts]);
  const around = useMemo<CanvasSurroundings>(() => ({ fields, ctx }), [fields, ctx]);
  const faults = useDraftState((s) => s.faults);
  const wrong = useMemo(() => fieldFaults(faults, entity), [faults, entity]);

  // A menu of the canvas floats elsewhere in the page: what happens in it is its own.
  const within = (target: EventTarget) => !!root.current?.contains(target as Node);

  function key(e: KeyboardEvent) {
    if (
      e.defaultPrevented ||
      !within(e.target) ||
      (e.target as HTMLElement).closest('input, textarea, [contenteditable]')
    )
      return;
    const shortcut = shortcutOf(e);
    if (
      shortcut === 'ArrowDown' ||
      shortcut === 'ArrowUp' ||
      (selection[0]?.[0] === 'c' && (shortcut === 'ArrowLeft' || shortcut === 'ArrowRight'))
    ) {
      e.preventDefault();
      step(designer, shortcut === 'ArrowUp' || shortcut === 'ArrowLeft' ? -1 : 1);
      focusSelected();
      return;
    }
    if (shortcut === 'Escape') {
      select(designer, []);
      return;
    }
    if (shortcut === 'Backspace') return void run(command('delete'), e);
    // Pasting waits for the event that brings the clipboard's text.
    if (shortcut === 'mod+v') return;
    const found = commands.find((c) => c.shortcut === shortcut);
    if (found) return void run(found, e);
    // Typing gives the selected field a name.
    const types = e.key.length === 1 && !e.metaKey && !e.ctrlKey && !e.altKey && e.key !== ' ';
    if ((types || composing(e)) && selection.length === 1 && command('rename').can(designer))
      command('rename').run(designer);
  }

  function run(what: DesignerCommand, e?: KeyboardEvent) {
    if (!what.can(designer)) return;
    e?.preventDefault();
    what.run(designer);
    focusSelected();
  }

  /** The focus follows the selection once the canvas has been drawn again. */
  function focusSelected() {
    requestAnimationFrame(() => {
      const last = designer.ui.getState().selection.at(-1);
      if (designer.ui.getState().renaming || !last) return;
      const element = root.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(last)}"]`);
      element?.focus({ preventScroll: true });
      element?.scrollIntoView({ block: 'nearest' });
    });
  }

  const entries: MenuEntry[] = commands
    .filter((c) => c.name !== 'all')
    .map((c) =>
      c.can(designer)
        ? { label: c.label(), icon: c.icon, shortcut: c.shortcut, danger: c.danger, onSelect: () => run(c) }
        : null,
    );

  return (
    <CanvasContext value={around}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a click beside the form selects nothing */}
      <div
        ref={root}
        className={styles.area}
        onKeyDown={key}
        onClick={(e) => {
          if (within(e.target) && !(e.target as HTMLElement).closest('[data-node]')) select(designer, []);
        }}
        onContextMenu={(e) => {
          const node = (e.target as HTMLElement).closest<HTMLElement>('[data-node]')?.dataset.node;
          if (!node) return;
          e.preventDefault();
          if (!designer.ui.getState().selection.includes(node)) pick(designer, node, 'one');
          setMenu({ x: e.clientX, y: e.clientY });
        }}
        onPaste={(e) => {
          if ((e.target as HTMLElement).closest('input, textarea, [contenteditable]')) return;
          const text = e.clipboardData.getData('text/plain');
          if ((text === '' || text === clipMark) && hasClip()) run(command('paste'));
          else if (/[\t\n]/.test(text.trim())) designer.ui.setState({ pasting: text });
          else if (hasClip()) run(command('paste'));
        }}
      >
        <div className={styles.sheet}>
          <header className={styles.head}>
            <AppIcon icon={entity.icon ?? 'form'} hue={entity.hue} size={24} />
            <h2 className={styles.title}>{textOf(form.default ? entity.name : form.name)}</h2>
          </header>
          {/* biome-ignore lint/a11y/useSemanticElements: a form that is drawn, not filled */}
          <div
            className={cx(styles.tree, empty && styles.emptyTree)}
            role="group"
            aria-label={t('build.designer.canvas')}
            tabIndex={selection.length === 0 ? 0 : -1}
          >
            <FieldFaults value={wrong}>
              <NodeList list="" nodes={form.layout} level={1} around={beside} />
            </FieldFaults>
            {empty && (
              <div className={styles.empty}>
                <EmptyState icon="form" title={t('build.designer.empty')} help={t('build.designer.emptyHelp')} />
              </div>
            )}
          </div>
        </div>
        <MenuAt at={menu} items={entries} onClose={() => setMenu(null)} />
      </div>
    </CanvasContext>
  );
}
