import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import {
  attachClosestEdge,
  type Edge,
  extractClosestEdge,
} from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge';
import { useEffect, useRef, useState } from 'react';
import type { RuntimeField } from '@/api/types';
import { fieldOf } from '@/fields';
import { cx, FieldFrame, Icon, IconButton, Menu } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import styles from './Canvas.module.css';
import { useCanvas } from './canvas-context';
import { addNew, canBeColumn, columnKey, focusSelection, pick, useDesigner, useDesignerState } from './designer';
import { dragData, dragged } from './drag';
import { FaultMark } from './FaultMark';
import { InlineName } from './InlineName';
import { MiniBar } from './MiniBar';
import { dropOn } from './NodeList';
import { byUse } from './order';

/** A sub-form with its columns in place: each is selected, named and dragged like a field. */
export function SubformNode({ field, label, help }: { field: RuntimeField; label: string; help?: string }) {
  const designer = useDesigner();
  const ref = useRef<HTMLDivElement>(null);
  const [over, setOver] = useState(false);
  const columns = field.fields ?? [];

  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    return dropTargetForElements({
      element,
      canDrop: ({ source }) => takes(designer.parts, source.data, field.id, columns),
      onDrag: ({ location, self }) => setOver(location.current.dropTargets[0]?.element === self.element),
      onDragLeave: () => setOver(false),
      onDrop: ({ source, location, self }) => {
        setOver(false);
        const what = dragged(source.data);
        if (what && location.current.dropTargets[0]?.element === self.element)
          dropOn(designer, what, { subform: field.id });
      },
    });
  }, [designer, field.id, columns]);

  return (
    <FieldFrame label={label} help={help || undefined} required={field.required} group="group">
      {() => (
        <div ref={ref} className={cx(styles.table, over && styles.over)}>
          {columns.map((column, i) => (
            <Column key={column.id} column={column} index={i} subform={field.id} columns={columns} />
          ))}
          {columns.length === 0 && <p className={styles.noColumns}>{t('build.designer.noColumns')}</p>}
          <span className={styles.addColumn}>
            <Menu
              position="bottom-end"
              width={220}
              items={byUse(designer.parts)
                .filter((part) => canBeColumn(designer.parts, part.name))
                .map((part) => ({
                  label: textOf(part.label),
                  icon: part.icon,
                  onSelect: () => {
                    addNew(designer, part.name, { subform: field.id });
                    focusSelection(designer);
                  },
                }))}
            >
              <IconButton size="sm" icon="plus" label={t('build.designer.addColumn')} />
            </Menu>
          </span>
        </div>
      )}
    </FieldFrame>
  );
}

function takes(
  parts: Parameters<typeof canBeColumn>[0],
  data: Record<string | symbol, unknown>,
  subform: string,
  columns: RuntimeField[],
): boolean {
  const what = dragged(data);
  if (what?.kind === 'new') return canBeColumn(parts, what.type);
  return (
    what?.kind === 'keys' &&
    what.keys.length === 1 &&
    columns.some((c) => columnKey(c.id) === what.keys[0]) &&
    subform !== ''
  );
}

function Column({
  column,
  index,
  subform,
  columns,
}: {
  column: RuntimeField;
  index: number;
  subform: string;
  columns: RuntimeField[];
}) {
  const designer = useDesigner();
  const { ctx } = useCanvas();
  const key = columnKey(column.id);
  const selected = useDesignerState((s) => s.selection.includes(key));
  const alone = useDesignerState((s) => s.selection.length === 1 && s.selection[0] === key);
  const renaming = useDesignerState((s) => s.renaming === key);
  const ref = useRef<HTMLDivElement>(null);
  const [edge, setEdge] = useState<Edge | null>(null);
  const type = fieldOf(column.type);
  const computed = !!column.traits.computed || !!column.traits.generated;

  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    return combine(
      draggable({ element, getInitialData: () => dragData({ kind: 'keys', keys: [key] }) }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => takes(designer.parts, source.data, subform, columns),
        getData: ({ input }) => attachClosestEdge({}, { element, input, allowedEdges: ['left', 'right'] }),
        onDrag: ({ self }) => setEdge(extractClosestEdge(self.data)),
        onDragLeave: () => setEdge(null),
        onDrop: ({ source, self }) => {
          setEdge(null);
          const what = dragged(source.data);
          const at = extractClosestEdge(self.data) === 'left' ? index : index + 1;
          if (what) dropOn(designer, what, { subform, index: at });
        },
      }),
    );
  }, [designer, key, subform, index, columns]);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the canvas listens to the keys of the whole form
    // biome-ignore lint/a11y/useSemanticElements: holds a control
    <div
      ref={ref}
      role="group"
      aria-current={selected || undefined}
      aria-label={textOf(column.name)}
      tabIndex={selected ? 0 : -1}
      data-node={key}
      className={cx(styles.column, selected && styles.selected)}
      onClick={(e) => {
        e.stopPropagation();
        pick(designer, key, e.metaKey || e.ctrlKey ? 'toggle' : 'one');
      }}
      onDoubleClick={(e) => {
        e.stopPropagation();
        designer.ui.setState({ selection: [key], renaming: key });
      }}
    >
      <div className={styles.columnHead}>
        {renaming ? (
          <InlineName
            nodeKey={key}
            value={textOf(column.name)}
            label={t('build.designer.nameOf', { name: textOf(column.name) })}
          />
        ) : (
          <>
            <Icon name={designer.parts.fields.get(column.type)?.icon ?? 'text'} size={14} />
            <span className={styles.columnName}>{textOf(column.name)}</span>
            {column.required && <span className={styles.star}>*</span>}
            <FaultMark field={column.id} />
          </>
        )}
      </div>
      <div className={styles.columnCell} inert>
        <type.Input
          field={column}
          ctx={ctx}
          value={(computed ? null : (column.default?.value ?? type.empty)) as never}
          onChange={() => {}}
          disabled={computed}
          size="sm"
          aria-label={textOf(column.name)}
        />
      </div>
      {alone && <MiniBar />}
      {edge && <span className={styles.line} style={{ top: 0, bottom: 0, width: 3, [edge]: -2 }} />}
    </div>
  );
}
