import { useMemo } from 'react';
import { useRuntime } from '@/api/queries/apps';
import type { RuntimeEntity, Text, View, ViewColumn } from '@/api/types';
import { Checkbox, Delayed, EmptyState, FieldFrame, Select, SkeletonRows, TextInput } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { AppProvider } from '@/runtime/app/context';
import { ListBody, ListProvider, useList } from '@/runtime/list';
import { useBuilder, useDocs } from '../context';
import { moved, Sortable } from '../dnd/Sortable';
import panel from '../form/PropertyPanel.module.css';
import { fieldsOf, systemFields } from '../formula/refs';
import { entityOf } from '../model';
import { type Options, SchemaPanel } from '../panel/SchemaPanel';
import { systemRuntimeFields } from '../preview';
import { recordScope } from '../usage';
import styles from './ViewEditor.module.css';

export interface ViewEditorProps {
  view: View;
  entity: RuntimeEntity;
  onEdit: (change: (view: View) => void, label?: string, mark?: string) => void;
  rename: (words: string) => Text;
}

/** One view: the records as it shows them, its settings beside them. */
export function ViewEditor({ view, entity, onEdit, rename }: ViewEditorProps) {
  const { parts } = useBuilder();
  const docs = useDocs();
  const part = parts.views.get(view.type);
  const body = entityOf(docs, entity.id);
  const hasColumns = !!part?.options.properties?.columns;
  return (
    <>
      <div className={styles.middle}>
        <LivePreview view={view} />
      </div>
      <aside className={panel.panel} aria-label={t('build.designer.settings')}>
        <header className={panel.head}>
          <h2 className={panel.headName}>{t('build.view.settings')}</h2>
          <span className={panel.quiet}>{textOf(part?.label)}</span>
        </header>
        <div className={panel.body}>
          <section className={panel.part}>
            <TextInput
              label={t('build.view.name')}
              required
              value={textOf(view.name)}
              onChange={(words) =>
                onEdit(
                  (v) => {
                    v.name = rename(words);
                  },
                  t('build.did.rename', { name: words }),
                  'name',
                )
              }
            />
          </section>
          {part && body && (
            <section className={panel.part}>
              <SchemaPanel
                schema={part.options}
                without={['columns']}
                value={view.config as unknown as Options}
                onChange={(config, option) =>
                  onEdit(
                    (v) => {
                      v.config = config as unknown as View['config'];
                    },
                    undefined,
                    option,
                  )
                }
                panel={{
                  scope: recordScope(docs, fieldsOf(body)),
                  server: { entity: entity.id, scope: 'filter' },
                  entity: entity.id,
                  place: { doc: view.id, path: ['config'] },
                }}
              />
            </section>
          )}
          {hasColumns && (
            <section className={panel.part}>
              <ColumnsEditor
                entity={entity}
                value={view.config.columns ?? []}
                onChange={(columns) =>
                  onEdit((v) => {
                    v.config.columns = columns.length ? columns : undefined;
                  })
                }
              />
            </section>
          )}
        </div>
      </aside>
    </>
  );
}

const footers: NonNullable<ViewColumn['footer']>[] = ['sum', 'avg', 'min', 'max', 'count', 'filled'];

/** Which columns a list has, in which order, with which totals. None chosen means all. */
function ColumnsEditor({
  entity,
  value,
  onChange,
}: {
  entity: RuntimeEntity;
  value: ViewColumn[];
  onChange: (columns: ViewColumn[]) => void;
}) {
  const fields = useMemo(() => {
    const system = systemRuntimeFields(
      systemFields({ system: true, ownerName: textOf(entity.owner_name) || undefined }),
    );
    return [...entity.fields, ...system];
  }, [entity]);
  const all = value.length === 0;
  const shown: ViewColumn[] = all ? entity.fields.map((f) => ({ field: f.id })) : value;
  const rest = fields.filter((f) => !shown.some((c) => c.field === f.id));
  return (
    <FieldFrame label={t('build.view.columns')} help={all ? t('build.view.allColumns') : undefined} group="group">
      {() => (
        <>
          <Sortable
            label={t('build.view.columns')}
            items={shown}
            keyOf={(c) => c.field}
            nameOf={(c) => textOf(fields.find((f) => f.id === c.field)?.name)}
            onMove={(from, to) => onChange(moved(shown, from, to))}
            render={(column, i) => {
              const field = fields.find((f) => f.id === column.field);
              const numeric = field?.kind === 'number';
              return (
                <>
                  <Checkbox
                    checked
                    label={<span className={styles.name}>{textOf(field?.name) || t('build.designer.goneField')}</span>}
                    onChange={() => onChange(shown.filter((_, j) => j !== i))}
                    className={styles.column}
                  />
                  <div className={styles.footer}>
                    <Select
                      size="sm"
                      bare
                      clearable
                      searchable={false}
                      aria-label={t('build.view.footerOf', { name: textOf(field?.name) })}
                      placeholder={t('build.view.footer')}
                      value={column.footer ?? null}
                      options={footers
                        .filter((f) => numeric || f === 'count' || f === 'filled')
                        .map((f) => ({ value: f, label: t(`build.view.footer_${f}`) }))}
                      onChange={(footer) =>
                        onChange(shown.map((c, j) => (j === i ? { ...c, footer: footer ?? undefined } : c)))
                      }
                    />
                  </div>
                </>
              );
            }}
          />
          {rest.length > 0 && (
            <div className={styles.hidden}>
              {rest.map((field) => (
                <Checkbox
                  key={field.id}
                  checked={false}
                  label={textOf(field.name)}
                  onChange={() => onChange([...shown, { field: field.id }])}
                  className={styles.column}
                />
              ))}
            </div>
          )}
          {!all && (
            <button type="button" className={panel.type} onClick={() => onChange([])}>
              {t('build.view.resetColumns')}
            </button>
          )}
        </>
      )}
    </FieldFrame>
  );
}

/** The view over the records of the published form, by the runtime's own list. */
function LivePreview({ view }: { view: View }) {
  const { app, workspace } = useBuilder();
  const runtime = useRuntime(app.version > 0 ? app.id : undefined);
  const live = runtime.data?.entities.find((e) => e.id === view.entity);
  const shown = useMemo(() => {
    if (!runtime.data || !live) return null;
    // Fields that are not published yet have no column to show.
    const known = new Set([
      ...live.fields.map((f) => f.id),
      'owner',
      'created_at',
      'created_by',
      'updated_at',
      'updated_by',
    ]);
    const columns = view.config.columns?.filter((c) => known.has(c.field));
    const config = { ...view.config, ...(columns ? { columns } : {}) };
    return { ...runtime.data, views: [{ ...view, config }] };
  }, [runtime.data, live, view]);
  if (app.version === 0 || (runtime.isSuccess && !live)) {
    return (
      <div className={styles.centre}>
        <EmptyState icon="table" title={t('build.view.unpublished')} help={t('build.view.unpublishedHelp')} />
      </div>
    );
  }
  if (!shown || !live) {
    return (
      <Delayed>
        <SkeletonRows />
      </Delayed>
    );
  }
  const mark = JSON.stringify(view.config);
  return (
    <AppProvider workspace={workspace} app={app} runtime={shown}>
      <List key={`${view.id}${mark}`} view={shown.views[0] as View} entity={live} />
    </AppProvider>
  );
}

function List({ view, entity }: { view: View; entity: RuntimeEntity }) {
  const list = useList(entity, '', view);
  // A preview opens no records: the address is the builder's.
  const still = useMemo(() => ({ ...list, builder: undefined, create: undefined, open: () => {} }), [list]);
  return (
    <ListProvider value={still}>
      <div className={styles.list}>
        <ListBody />
      </div>
    </ListProvider>
  );
}
