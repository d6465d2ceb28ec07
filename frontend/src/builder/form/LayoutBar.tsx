import { useState } from 'react';
import type { Form } from '@/api/types';
import { Button, confirm, Dialog, Icon, Menu, TextInput } from '@/kit';
import { t } from '@/locales';
import { textOf, withText } from '@/locales/text';
import { createLayout, deleteDocument } from '../commands/forms';
import { useBuilder, useDocs, useDraftState } from '../context';
import { bodyOf, formsOf, parsePlace } from '../model';
import { select, useDesigner } from './designer';
import styles from './LayoutBar.module.css';

/** Which layout of the form is edited, and what is wrong with the form. */
export function LayoutBar({ form, onChoose }: { form: Form; onChoose: (id: string) => void }) {
  const { store } = useBuilder();
  const designer = useDesigner();
  const docs = useDocs();
  const faults = useDraftState((s) => s.faults);
  const [naming, setNaming] = useState<'new' | 'rename' | null>(null);
  const [name, setName] = useState('');
  const layouts = formsOf(docs, form.entity);
  const entity = bodyOf(docs, 'entity', form.entity);
  const own = faults
    .map((f) => ({ fault: f, at: parsePlace(f.path) }))
    .filter(({ at }) => at.doc === form.entity || at.doc === form.id);

  /** The field and the column of a sub-form that a path leads through. */
  function along(path: (string | number)[]) {
    const field = path[0] === 'fields' ? entity?.fields[Number(path[1])] : undefined;
    return { field, column: field && path[2] === 'fields' ? field.fields?.[Number(path[3])] : undefined };
  }

  function show(path: (string | number)[]) {
    const { field, column } = along(path);
    if (column) select(designer, [`c:${column.id}`]);
    else if (field) select(designer, [`f:${field.id}`]);
    else select(designer, []);
  }

  return (
    <div className={styles.bar}>
      <Menu
        width={220}
        items={[
          { title: t('build.designer.layouts') },
          ...layouts.map((l) => ({
            label: textOf(l.name) || l.key,
            description: l.default ? t('build.designer.defaultLayout') : undefined,
            checked: l.id === form.id,
            onSelect: () => onChoose(l.id),
          })),
          { divider: true },
          {
            label: t('build.designer.newLayout'),
            icon: 'plus',
            onSelect: () => {
              setName('');
              setNaming('new');
            },
          },
          {
            label: t('common.rename'),
            icon: 'pen',
            onSelect: () => {
              setName(textOf(form.name));
              setNaming('rename');
            },
          },
          !form.default && {
            label: t('build.designer.makeDefault'),
            icon: 'check',
            onSelect: () =>
              store.change(t('build.did.defaultLayout'), (d) => {
                for (const one of formsOf(d, form.entity)) {
                  if (one.id === form.id) one.default = true;
                  else delete one.default;
                }
              }),
          },
          layouts.length > 1 && {
            label: t('common.delete'),
            icon: 'trash',
            danger: true,
            onSelect: async () => {
              if (
                await confirm({
                  title: t('build.designer.deleteLayout', { name: textOf(form.name) }),
                  body: t('build.designer.deleteLayoutHelp'),
                  action: t('common.delete'),
                  danger: true,
                })
              ) {
                store.change(t('build.did.deleteLayout', { name: textOf(form.name) }), (d) => {
                  deleteDocument(d, form.id);
                  const rest = formsOf(d, form.entity);
                  if (form.default && rest[0]) rest[0].default = true;
                });
              }
            },
          },
        ]}
      >
        <button type="button" className={styles.layout}>
          <Icon name="form" size={14} />
          <span>{textOf(form.name) || form.key}</span>
          <Icon name="chevron-down" size={14} />
        </button>
      </Menu>
      <span className={styles.hint} title={t('build.designer.hint')}>
        {t('build.designer.hint')}
      </span>
      {own.length > 0 && (
        <Menu
          width={360}
          position="bottom-end"
          items={own.slice(0, 30).map(({ fault, at }) => {
            const { field, column } = along(at.path);
            const name = textOf((column ?? field)?.name);
            return {
              label: name || fault.message,
              description: name ? fault.message : undefined,
              icon: 'error' as const,
              onSelect: () => show(at.path),
            };
          })}
        >
          <button type="button" className={styles.faults}>
            <Icon name="error" size={14} />
            {t('build.faultCount', { n: own.length })}
          </button>
        </Menu>
      )}
      {naming && (
        <Dialog
          opened
          size="sm"
          onClose={() => setNaming(null)}
          title={naming === 'new' ? t('build.designer.newLayout') : t('common.rename')}
          onSubmit={() => {
            const words = name.trim();
            if (!words) return;
            if (naming === 'rename') {
              store.change(t('build.did.rename', { name: words }), (d) => {
                const body = bodyOf(d, 'form', form.id);
                if (body) body.name = withText(typeof body.name === 'string' ? words : body.name, words);
              });
            } else {
              let made = '';
              store.change(t('build.did.newLayout', { name: words }), (d) => {
                made = createLayout(d, form.entity, words);
              });
              onChoose(made);
            }
            setNaming(null);
          }}
          footer={
            <>
              <Button onClick={() => setNaming(null)}>{t('common.cancel')}</Button>
              <Button type="submit" variant="primary">
                {naming === 'rename' ? t('common.save') : t('common.create')}
              </Button>
            </>
          }
        >
          <TextInput
            label={t('build.designer.layoutName')}
            autoFocus
            value={name}
            onChange={setName}
            help={naming === 'new' ? t('build.designer.newLayoutHelp') : undefined}
          />
        </Dialog>
      )}
    </div>
  );
}
