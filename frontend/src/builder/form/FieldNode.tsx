import { memo } from 'react';
import type { LayoutNode, RuntimeField } from '@/api/types';
import { fieldOf } from '@/fields';
import { ReadOnly } from '@/fields/ReadOnly';
import { Icon } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import styles from './Canvas.module.css';
import { useCanvas } from './canvas-context';
import { type Key, useDesignerState } from './designer';
import { FaultMark } from './FaultMark';
import { InlineName } from './InlineName';
import { SubformNode } from './SubformNode';

/** A field on the canvas: its own control, which nobody can type into here. */
export function FieldNode({
  node,
  field,
  nodeKey,
}: {
  node: LayoutNode;
  field: RuntimeField | undefined;
  nodeKey: Key;
}) {
  const renaming = useDesignerState((s) => s.renaming === nodeKey);
  if (!field) {
    return (
      <p className={styles.gone}>
        <Icon name="error" size={14} />
        {t('build.designer.goneField')}
      </p>
    );
  }
  const label = textOf(node.label) || textOf(field.name) || field.key;
  return (
    <>
      {renaming && (
        <InlineName nodeKey={nodeKey} value={textOf(field.name)} label={t('build.designer.nameOf', { name: label })} />
      )}
      {field.kind === 'rows' ? (
        <SubformNode field={field} label={label} help={textOf(node.help) || textOf(field.help)} />
      ) : (
        <Control node={node} field={field} label={label} />
      )}
      <span className={styles.badges}>
        {(field.required_when || node.read_only) && field.kind !== 'rows' && (
          <span className={styles.badge}>
            {node.read_only ? t('build.designer.readOnly') : t('build.designer.requiredWhen')}
          </span>
        )}
        <FaultMark field={field.id} />
      </span>
    </>
  );
}

const Control = memo(function Control({
  node,
  field,
  label,
}: {
  node: LayoutNode;
  field: RuntimeField;
  label: string;
}) {
  const { ctx } = useCanvas();
  const type = fieldOf(field.type);
  const computed = !!field.traits.computed || !!field.traits.generated;
  const start = field.default?.value ?? type.empty;
  const shared = {
    field,
    ctx,
    value: (computed ? null : start) as never,
    label,
    help: textOf(node.help) || textOf(field.help) || undefined,
    required: !!field.required || !!field.required_when,
    onChange: () => {},
  };
  return (
    <div className={styles.control} inert>
      {node.read_only ? <ReadOnly props={shared}>{null}</ReadOnly> : <type.Input {...shared} disabled={computed} />}
    </div>
  );
});
