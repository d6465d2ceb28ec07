import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element';
import { useDeferredValue, useEffect, useMemo, useRef } from 'react';
import { useSearchParams } from 'react-router';
import { useStore } from 'zustand';
import { useRuntime } from '@/api/queries/apps';
import { preloadInputs } from '@/fields';
import { EmptyState, Tabs } from '@/kit';
import { whenIdle } from '@/kit/idle';
import { t } from '@/locales';
import { nodeAt } from '../commands/layout';
import { useBuilder, useDocs } from '../context';
import { FormList } from '../frame/FormList';
import frame from '../frame/frame.module.css';
import { useFrame } from '../frame/frame-context';
import { bodyOf, defaultForm, formsOf } from '../model';
import { Canvas } from './Canvas';
import { DeleteDialog } from './DeleteDialog';
import { createDesignerState, type Designer, DesignerContext, keyOf, type LeftTab, select } from './designer';
import styles from './FormDesigner.module.css';
import { LayoutBar } from './LayoutBar';
import { Outline } from './Outline';
import { Palette } from './Palette';
import { PasteColumns } from './PasteColumns';
import { Preview } from './Preview';
import { PropertyPanel } from './PropertyPanel';

/** Fields and layout of a form: palette, canvas of real controls, settings. */
export function FormDesigner({ entity: entityId }: { entity: string }) {
  const { store, parts, app } = useBuilder();
  const docs = useDocs();
  const { newForm, preview, setPreview } = useFrame();
  const [params, setParams] = useSearchParams();
  const runtime = useRuntime(app.version > 0 ? app.id : undefined);
  const live = useRef<Pick<ReadonlySet<string>, 'has'>>(new Set());
  live.current = useMemo(() => {
    // Until the published app is here every field counts as published.
    if (app.version > 0 && !runtime.data) return { has: () => true };
    const fields = runtime.data?.entities.find((e) => e.id === entityId)?.fields ?? [];
    return new Set(fields.flatMap((f) => [f.id, ...(f.fields ?? []).map((c) => c.id)]));
  }, [app.version, runtime.data, entityId]);

  const entity = bodyOf(docs, 'entity', entityId);
  const asked = params.get('layout');
  const form = formsOf(docs, entityId).find((f) => f.id === asked) ?? defaultForm(docs, entityId);
  const ui = useMemo(createDesignerState, []);
  const formId = form?.id;
  const designer = useMemo<Designer | null>(
    () => (formId ? { entity: entityId, form: formId, store, parts, ui, published: () => live.current } : null),
    [entityId, formId, store, parts, ui],
  );
  const left = useStore(ui, (s) => s.left);
  const scroller = useRef<HTMLDivElement>(null);
  // The canvas first, then what stands beside it.
  const beside = useDeferredValue(true, false);

  // "?field=…" comes from faults and from the grid's header.
  const wanted = params.get('field');
  // biome-ignore lint/correctness/useExhaustiveDependencies: an address selects once
  useEffect(() => {
    if (!wanted || !designer || !entity) return;
    const column = entity.fields.some((f) => f.fields?.some((c) => c.id === wanted));
    select(designer, [`${column ? 'c' : 'f'}:${wanted}`]);
    setParams(
      (p) => {
        p.delete('field');
        return p;
      },
      { replace: true },
    );
    requestAnimationFrame(() =>
      document.querySelector(`[data-node="${column ? 'c' : 'f'}:${wanted}"]`)?.scrollIntoView({ block: 'center' }),
    );
  }, [wanted, designer]);

  // "?node=…" comes from faults of what is no field: a path in the layout.
  const node = params.get('node');
  // biome-ignore lint/correctness/useExhaustiveDependencies: an address selects once
  useEffect(() => {
    const found = node && form && nodeAt(form.layout, node);
    if (!found || !designer) return;
    const key = keyOf(found, node);
    select(designer, [key]);
    setParams(
      (p) => {
        p.delete('node');
        return p;
      },
      { replace: true },
    );
    requestAnimationFrame(() =>
      document.querySelector(`[data-node="${CSS.escape(key)}"]`)?.scrollIntoView({ block: 'center' }),
    );
  }, [node, designer]);

  useEffect(() => {
    // Those on the canvas ask for themselves; the others are at hand when they are put there.
    const types = (entity?.fields ?? []).map((f) => f.type);
    // A control that cannot be had now is asked for again by itself.
    whenIdle()
      .then(() => preloadInputs(types))
      .catch(() => {});
  }, [entity?.fields]);

  useEffect(() => {
    const element = scroller.current;
    return element ? autoScrollForElements({ element }) : undefined;
  }, []);

  if (!entity || !designer || !form) {
    return (
      <div className={frame.centre}>
        <EmptyState title={t('build.gone')} />
      </div>
    );
  }
  return (
    <DesignerContext value={designer}>
      <aside className={frame.left} aria-label={t('build.designer.left')}>
        <Tabs<LeftTab>
          className={styles.leftTabs}
          aria-label={t('build.designer.left')}
          value={left}
          onChange={(next) => ui.setState({ left: next })}
          tabs={[
            { value: 'parts', label: t('build.designer.parts') },
            { value: 'outline', label: t('build.designer.outline') },
            { value: 'forms', label: t('build.forms') },
          ]}
        />
        {left === 'parts' && beside && <Palette />}
        {left === 'outline' && <Outline />}
        {left === 'forms' && <FormList tab="design" current={entityId} onNewForm={newForm} />}
      </aside>
      <div className={styles.middle}>
        <LayoutBar
          form={form}
          onChoose={(id) => setParams(id === defaultForm(docs, entityId)?.id ? {} : { layout: id })}
        />
        <div ref={scroller} className={styles.scroller}>
          <Canvas entity={entity} form={form} />
        </div>
      </div>
      {preview ? (
        <Preview entity={entity} form={form} onClose={() => setPreview(false)} />
      ) : (
        <PropertyPanel entity={entity} form={form} empty={!beside} />
      )}
      <DeleteDialog />
      <PasteColumns />
    </DesignerContext>
  );
}
