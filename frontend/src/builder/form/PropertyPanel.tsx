import { useEffect } from 'react';
import type { Entity, Form } from '@/api/types';
import { t } from '@/locales';
import { nodeAt } from '../commands/layout';
import { fieldsOfKeys, pathOf, select, useDesigner, useDesignerState } from './designer';
import { FieldPanel } from './FieldPanel';
import { FormPanel } from './FormPanel';
import { ManyPanel } from './ManyPanel';
import { NodePanel } from './NodePanel';
import styles from './PropertyPanel.module.css';
import { SystemPanel } from './SystemPanel';

/** The settings of what is selected; of the form when nothing is. */
export function PropertyPanel({ entity, form, empty }: { entity: Entity; form: Form; empty?: boolean }) {
  const designer = useDesigner();
  const selection = useDesignerState((s) => s.selection);
  const kept = selection.filter((key) =>
    key[0] === 'c' ? fieldsOfKeys(entity, [key]).length > 0 : pathOf(form.layout, key) !== undefined,
  );
  const lost = kept.length !== selection.length;
  // What undo or a colleague took away is no longer selected.
  useEffect(() => {
    if (lost) select(designer, kept);
  });
  return (
    <aside className={styles.panel} aria-label={t('build.designer.settings')}>
      {!empty && <Body entity={entity} form={form} keys={kept} />}
    </aside>
  );
}

function Body({ entity, form, keys }: { entity: Entity; form: Form; keys: readonly string[] }) {
  const [key] = keys;
  if (!key) return <FormPanel entity={entity} form={form} />;
  if (keys.length > 1) return <ManyPanel entity={entity} form={form} keys={keys} />;
  const [found] = fieldsOfKeys(entity, keys);
  if (found)
    return (
      <FieldPanel
        key={found.field.id}
        entity={entity}
        form={form}
        field={found.field}
        subform={found.subform}
        nodeKey={key}
      />
    );
  const path = pathOf(form.layout, key);
  const node = path === undefined ? undefined : nodeAt(form.layout, path);
  if (!node) return <FormPanel entity={entity} form={form} />;
  if (node.type === 'field') return <SystemPanel entity={entity} node={node} nodeKey={key} />;
  return <NodePanel key={key} entity={entity} form={form} node={node} nodeKey={key} />;
}
