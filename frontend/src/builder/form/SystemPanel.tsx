import type { Entity, LayoutNode } from '@/api/types';
import { Notice, Switch } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useBuilder } from '../context';
import { fieldsOf, systemFields } from '../formula/refs';
import { bodyOf } from '../model';
import { LocalText } from '../panel/LocalText';
import { type Key, patchNodes, useDesigner } from './designer';
import { WidthChoice } from './FieldPanel';
import styles from './PropertyPanel.module.css';

/** A field that every record has, where the form shows it. */
export function SystemPanel({ entity, node, nodeKey }: { entity: Entity; node: LayoutNode; nodeKey: Key }) {
  const designer = useDesigner();
  const { store } = useBuilder();
  const field = systemFields(fieldsOf(entity)).find((f) => f.key === node.field);
  return (
    <>
      <header className={styles.head}>
        <h2 className={styles.headName}>{field ? textOf(field.name) : t('build.designer.goneField')}</h2>
      </header>
      <div className={styles.body}>
        <section className={styles.part}>
          <Notice>{t('build.field.systemHelp')}</Notice>
          {node.field === 'owner' && (
            <LocalText
              label={t('build.form.ownerName')}
              localized
              placeholder={t('common.standing', { value: t('build.system.owner') })}
              value={entity.owner_name}
              onChange={(v) =>
                store.change(
                  t('build.did.settings'),
                  (docs) => {
                    const body = bodyOf(docs, 'entity', entity.id);
                    if (body) body.owner_name = v;
                  },
                  'owner_name',
                )
              }
            />
          )}
        </section>
        <section className={styles.part}>
          <WidthChoice
            value={node.width}
            onChange={(width) =>
              patchNodes(
                designer,
                [nodeKey],
                (n) => {
                  n.width = width;
                },
                t('build.did.width'),
              )
            }
          />
          <LocalText
            label={t('build.field.label')}
            localized
            value={node.label}
            onChange={(v) =>
              patchNodes(
                designer,
                [nodeKey],
                (n) => {
                  n.label = v;
                },
                t('build.did.settings'),
                `${nodeKey}.label`,
              )
            }
          />
          {node.field === 'owner' && (
            <Switch
              spread
              label={t('build.field.readOnly')}
              checked={!!node.read_only}
              onChange={(on) =>
                patchNodes(designer, [nodeKey], (n) => {
                  n.read_only = on || undefined;
                })
              }
            />
          )}
        </section>
      </div>
    </>
  );
}
