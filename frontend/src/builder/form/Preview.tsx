import { useQueries } from '@tanstack/react-query';
import { useDeferredValue, useMemo, useState } from 'react';
import { checkExpr } from '@/api/queries/drafts';
import type { Entity, ExprTree, Form } from '@/api/types';
import { AppIcon, Button, IconButton, Segmented } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useApp } from '@/runtime/app/context';
import { useFieldContext } from '@/runtime/form/context';
import { FormLayout } from '@/runtime/form/FormLayout';
import formStyles from '@/runtime/form/form.module.css';
import { formOptions } from '@/runtime/form/options';
import { FormProvider, useFormContext, useFormModel } from '@/runtime/form/use-model';
import { useBuilder, usePreviewEntity } from '../context';
import styles from './Preview.module.css';

/** The trees of a form's expressions, so that its formulas and display rules live. */
function useTrees(entity: Entity, form: Form): Record<string, ExprTree> {
  const { app, store } = useBuilder();
  const wanted = useMemo(() => {
    const out: { key: string; expr: string }[] = [];
    for (const field of entity.fields) {
      if (typeof field.options?.expr === 'string') out.push({ key: `formula:${field.id}`, expr: field.options.expr });
      if (field.required_when) out.push({ key: `required:${field.id}`, expr: field.required_when });
      if (field.default?.formula) out.push({ key: `default:${field.id}`, expr: field.default.formula });
    }
    for (const rule of form.rules ?? []) out.push({ key: `rule:${rule.id}`, expr: rule.when });
    return out.filter((w) => w.expr.trim() !== '').slice(0, 80);
  }, [entity, form]);
  const answers = useQueries({
    queries: wanted.map(({ expr }) => ({
      queryKey: ['app', app.id, 'preview-tree', entity.id, expr, entity.fields.map((f) => f.key).join()],
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        await store.flush();
        return (await checkExpr(app.id, { entity: entity.id, expr, scope: 'record' }, signal)).tree ?? null;
      },
    })),
  });
  const trees = wanted
    .map((w, i) => [w.key, answers[i]?.data ?? null] as const)
    .filter((pair): pair is readonly [string, ExprTree] => pair[1] !== null);
  const mark = trees.map(([key]) => key).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the keys say which trees have arrived
  return useMemo(() => Object.fromEntries(trees), [mark, wanted]);
}

/** The form as members will fill it in, on a phone or a wide screen; nothing is saved. */
export function Preview({ entity, form, onClose }: { entity: Entity; form: Form; onClose: () => void }) {
  const [wide, setWide] = useState(false);
  const calmEntity = useDeferredValue(entity);
  const calmForm = useDeferredValue(form);
  const trees = useTrees(calmEntity, calmForm);
  const [round, setRound] = useState(0);
  return (
    <aside className={wide ? styles.wide : styles.side} aria-label={t('build.preview')}>
      <header className={styles.head}>
        <Segmented
          size="sm"
          aria-label={t('build.preview')}
          value={wide ? 'wide' : 'phone'}
          onChange={(v) => setWide(v === 'wide')}
          options={[
            { value: 'phone', label: t('build.designer.phone'), icon: 'mobile' },
            { value: 'wide', label: t('build.designer.desktop'), icon: 'device' },
          ]}
        />
        <span className={styles.tools}>
          <IconButton icon="refresh" label={t('build.designer.startOver')} onClick={() => setRound(round + 1)} />
          <IconButton icon="x" label={t('common.close')} onClick={onClose} />
        </span>
      </header>
      <div className={styles.stage}>
        <div className={wide ? styles.page : styles.phone}>
          <div className={styles.title}>
            <AppIcon icon={entity.icon ?? 'form'} hue={entity.hue} size={24} />
            <span>{textOf(calmForm.default ? calmEntity.name : calmForm.name)}</span>
          </div>
          <Live key={round} entity={calmEntity} form={calmForm} trees={trees} />
          <div className={styles.foot}>
            <Button variant="primary" block={!wide} size={wide ? 'md' : 'lg'} onClick={() => setRound(round + 1)}>
              {textOf(calmForm.submit_text) || t('build.form.submitDefault')}
            </Button>
          </div>
        </div>
      </div>
    </aside>
  );
}

function Live({ entity, form, trees }: { entity: Entity; form: Form; trees: Record<string, ExprTree> }) {
  const app = useApp();
  const runtime = usePreviewEntity(entity.id);
  const model = useFormModel(`${stamp(entity)}/${stamp(form)}/${Object.keys(trees).length}`, () => {
    const options = formOptions(app, runtime ?? { ...entity, ops: [], fields: [] }, { form });
    // The server knows the published form only: what it cannot be asked stays blank.
    return { ...options, trees, evaluate: undefined };
  });
  const ctx = useFormContext(model, useFieldContext());
  const surroundings = useMemo(() => ({ model, ctx, mode: 'edit' as const }), [model, ctx]);
  return (
    <div className={formStyles.form}>
      <FormProvider value={surroundings}>
        <FormLayout
          nodes={form.layout}
          related={(node) => <p className={styles.related}>{textOf(node.title) || t('build.designer.related')}</p>}
        />
      </FormProvider>
    </div>
  );
}

let stamps = 0;
const known = new WeakMap<object, number>();

/** A number that is another one whenever the document changed. */
function stamp(document: object): number {
  let found = known.get(document);
  if (found === undefined) {
    found = ++stamps;
    known.set(document, found);
  }
  return found;
}
