// A record on paper: A4, its fields by the form's layout, sub-forms as tables.
import { useMemo } from 'react';
import type { Form, LayoutNode, RecordData, RuntimeEntity } from '@/api/types';
import { type FieldContext, isEmpty } from '@/fields/define';
import { fieldOf } from '@/fields/index';
import { cx } from '@/kit/cx';
import { t } from '@/locales';
import { formatDateTime } from '@/locales/format';
import { textOf } from '@/locales/text';
import { useApp } from '@/runtime/app/context';
import { useWorkspace } from '@/runtime/workspace';
import { useFieldContext } from '../form/context';
import { FormModel } from '../form/model';
import { formOptions } from '../form/options';
import { Paper } from './Paper';
import styles from './PrintView.module.css';

export function PrintView({
  entity,
  record,
  form,
  onClose,
}: {
  entity: RuntimeEntity;
  record: RecordData;
  form?: Form;
  onClose: () => void;
}) {
  const app = useApp();
  const { me, workspace } = useWorkspace();
  const ctx = useFieldContext(record._names as Record<string, string> | undefined);
  const model = useMemo(
    () => new FormModel({ ...formOptions(app, entity, { form, record }), evaluate: undefined }),
    [app, entity, form, record],
  );
  return (
    <Paper title={`${record._title ?? ''} · ${textOf(entity.name)}`} onClose={onClose}>
      <header className={styles.head}>
        <p className={styles.kind}>
          {workspace.name} · {textOf(entity.name)}
        </p>
        <h1 className={styles.title}>{record._title}</h1>
      </header>
      <Nodes nodes={model.form.layout} {...{ model, ctx, record }} />
      <footer className={styles.foot}>
        {t('record.printedAt', { name: me.name, time: formatDateTime(new Date().toISOString()) })}
      </footer>
    </Paper>
  );
}

interface Part {
  model: FormModel;
  ctx: FieldContext;
  record: RecordData;
}

function Nodes({ nodes, model, ctx, record }: Part & { nodes: LayoutNode[] }) {
  return (
    <div className={styles.grid}>
      {nodes.map((node, i) => {
        // biome-ignore-start lint/suspicious/noArrayIndexKey: a layout on paper does not change
        switch (node.type) {
          case 'field': {
            const field = model.field(node.field ?? '');
            if (!field || !model.isVisible(field.id)) return null;
            const value = model.current()[field.key];
            const { Cell, span } = fieldOf(field.type);
            const whole = (node.width ?? span ?? 6) >= 12 || !!field.fields;
            return (
              <div key={i} className={cx(styles.field, whole && styles.whole)}>
                <div className={styles.name}>{textOf(node.label) || textOf(field.name)}</div>
                <div className={styles.value}>
                  {isEmpty(value) ? null : (
                    <Cell
                      value={value}
                      field={field}
                      ctx={{ ...ctx, open: undefined }}
                      variant="detail"
                      record={record.id}
                    />
                  )}
                </div>
              </div>
            );
          }
          case 'section':
            return (
              <section key={i} className={styles.whole}>
                {textOf(node.title) && <h2 className={styles.section}>{textOf(node.title)}</h2>}
                <Nodes nodes={node.items ?? []} {...{ model, ctx, record }} />
              </section>
            );
          case 'tabs':
            return (node.tabs ?? []).map((tab, j) => (
              <section key={`${i}-${j}`} className={styles.whole}>
                <h2 className={styles.section}>{textOf(tab.title)}</h2>
                <Nodes nodes={tab.items} {...{ model, ctx, record }} />
              </section>
            ));
          case 'text':
            return (
              <p key={i} className={styles.whole}>
                {textOf(node.text)}
              </p>
            );
          default:
            return null;
        }
        // biome-ignore-end lint/suspicious/noArrayIndexKey: see above
      })}
    </div>
  );
}
