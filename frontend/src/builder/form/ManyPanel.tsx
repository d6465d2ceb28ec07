import type { Entity, Form } from '@/api/types';
import { Button, Checkbox } from '@/kit';
import { t } from '@/locales';
import { editField } from '../commands/fields';
import { nodeAt } from '../commands/layout';
import { useBuilder } from '../context';
import { command, fieldsOfKeys, type Key, patchNodes, pathOf, setWidth, useDesigner } from './designer';
import { WidthChoice } from './FieldPanel';
import styles from './PropertyPanel.module.css';

/** What several selected fields have in common. */
export function ManyPanel({ entity, form, keys }: { entity: Entity; form: Form; keys: readonly Key[] }) {
  const designer = useDesigner();
  const { store, parts } = useBuilder();
  const found = fieldsOfKeys(entity, keys).map((f) => f.field);
  const writable = found.filter(
    (f) => !parts.fields.get(f.type)?.traits.computed && !parts.fields.get(f.type)?.traits.generated,
  );
  const nodes = keys.flatMap((k) => {
    const path = pathOf(form.layout, k);
    return path === undefined ? [] : (nodeAt(form.layout, path) ?? []);
  });
  const fields = nodes.filter((n) => n.type === 'field');
  const widths = new Set(fields.map((n) => n.width ?? 12));
  const required = writable.filter((f) => f.required).length;
  const readOnly = fields.filter((n) => n.read_only).length;
  return (
    <>
      <header className={styles.head}>
        <h2 className={styles.headName}>{t('common.selectedCount', { n: keys.length })}</h2>
      </header>
      <div className={styles.body}>
        <section className={styles.part}>
          {fields.length > 0 && (
            <WidthChoice
              value={widths.size === 1 ? [...widths][0] : 0}
              onChange={(width) => setWidth(designer, width)}
            />
          )}
          {writable.length > 0 && (
            <Checkbox
              label={t('build.field.required')}
              checked={required === writable.length}
              indeterminate={required > 0 && required < writable.length}
              onChange={(on) =>
                store.change(t('build.did.settings'), (docs) => {
                  for (const field of writable)
                    editField(docs, entity.id, field.id, (f) => {
                      f.required = on || undefined;
                    });
                })
              }
            />
          )}
          {fields.length > 0 && (
            <Checkbox
              label={t('build.field.readOnly')}
              checked={readOnly === fields.length}
              indeterminate={readOnly > 0 && readOnly < fields.length}
              onChange={(on) =>
                patchNodes(designer, keys, (n) => {
                  if (n.type === 'field') n.read_only = on || undefined;
                })
              }
            />
          )}
        </section>
        <section className={styles.part}>
          {(['group', 'duplicate', 'delete'] as const).map((name) => {
            const one = command(name);
            return (
              <Button
                key={name}
                icon={one.icon}
                variant={one.danger ? 'danger' : 'default'}
                disabled={!one.can(designer)}
                onClick={() => one.run(designer)}
              >
                {one.label()}
              </Button>
            );
          })}
        </section>
      </div>
    </>
  );
}
