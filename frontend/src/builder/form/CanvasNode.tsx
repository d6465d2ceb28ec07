import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import {
  attachClosestEdge,
  type Edge,
  extractClosestEdge,
} from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge';
import { type CSSProperties, memo, useEffect, useRef, useState } from 'react';
import type { LayoutNode } from '@/api/types';
import { cx } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { slotOf } from '../commands/layout';
import styles from './Canvas.module.css';
import { useCanvas } from './canvas-context';
import { keyOf, pick, useDesigner, useDesignerState } from './designer';
import { dragData, dragged } from './drag';
import { FieldNode } from './FieldNode';
import { MiniBar } from './MiniBar';
import { dropOn, fitsIn } from './NodeList';
import { RelatedNode, SectionNode, TabsNode, TextNode } from './OtherNodes';

/** Where a drop line is drawn, in pixels of the node. */
interface Line {
  edge: Edge;
  style: CSSProperties;
}

/** The line for an edge: beside the node, or across the whole row above or below it. */
function lineAt(edge: Edge, element: HTMLElement): Line {
  const box = element.getBoundingClientRect();
  if (edge === 'left' || edge === 'right') return { edge, style: { top: 0, bottom: 0, width: 3, [edge]: -9.5 } };
  const row = element.parentElement?.getBoundingClientRect() ?? box;
  return { edge, style: { left: row.left - box.left, width: row.width, height: 3, [edge]: -9.5 } };
}

/** One node of the form with what selects, drags and names it. */
export const CanvasNode = memo(function CanvasNode({
  node,
  path,
  level,
}: {
  node: LayoutNode;
  path: string;
  level: number;
}) {
  const designer = useDesigner();
  const { fields } = useCanvas();
  const key = keyOf(node, path);
  const selected = useDesignerState((s) => s.selection.includes(key));
  const alone = useDesignerState((s) => s.selection.length === 1 && s.selection[0] === key);
  const first = useDesignerState((s) => s.selection[0] === key);
  const ref = useRef<HTMLDivElement>(null);
  const [line, setLine] = useState<Line | null>(null);
  const [moving, setMoving] = useState(false);
  const field = node.field ? fields.get(node.field) : undefined;
  const wide = node.type !== 'field';
  const { list } = slotOf(path);

  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    return combine(
      draggable({
        element,
        getInitialData: () => {
          const { selection } = designer.ui.getState();
          return dragData({ kind: 'keys', keys: selection.includes(key) ? selection : [key] });
        },
        onDragStart: () => {
          setMoving(true);
          if (!designer.ui.getState().selection.includes(key)) pick(designer, key, 'one');
        },
        onDrop: () => setMoving(false),
      }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => {
          const what = dragged(source.data);
          return !!what && !(what.kind === 'keys' && what.keys.includes(key)) && fitsIn(designer, what, list);
        },
        getData: ({ input }) =>
          attachClosestEdge(
            {},
            { element, input, allowedEdges: wide ? ['top', 'bottom'] : ['top', 'bottom', 'left', 'right'] },
          ),
        onDrag: ({ self, location }) => {
          const mine = location.current.dropTargets[0]?.element === element;
          const edge = mine ? extractClosestEdge(self.data) : null;
          setLine((old) => (edge === null ? null : old?.edge === edge ? old : lineAt(edge, element)));
        },
        onDragLeave: () => setLine(null),
        onDrop: ({ self, source, location }) => {
          setLine(null);
          const what = dragged(source.data);
          const edge = extractClosestEdge(self.data);
          if (what && edge && location.current.dropTargets[0]?.element === element)
            dropOn(designer, what, { path, edge });
        },
      }),
    );
  }, [designer, key, path, list, wide]);

  const name = field
    ? textOf(node.label) || textOf(field.name)
    : textOf(node.title) || (node.type === 'field' ? t('build.designer.goneField') : t(`build.designer.${node.type}`));
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the canvas listens to the keys of the whole form
    // biome-ignore lint/a11y/useSemanticElements: holds a control, or other nodes
    <div
      ref={ref}
      role="group"
      aria-current={selected || undefined}
      aria-label={name}
      tabIndex={first || alone ? 0 : -1}
      data-node={key}
      data-type={node.type}
      className={cx(styles.node, wide && styles.wide, selected && styles.selected, moving && styles.moving)}
      style={wide ? undefined : ({ '--span': node.width ?? 12 } as CSSProperties)}
      onClick={(e) => {
        // The innermost node is meant.
        if ((e.target as HTMLElement).closest('[data-node]') !== e.currentTarget) return;
        e.stopPropagation();
        pick(designer, key, e.metaKey || e.ctrlKey ? 'toggle' : e.shiftKey ? 'range' : 'one');
      }}
      onDoubleClick={(e) => {
        if ((e.target as HTMLElement).closest('[data-node]') !== e.currentTarget) return;
        if (field && field.id === field.key) return;
        designer.ui.setState({ selection: [key], renaming: key });
      }}
    >
      {node.type === 'field' && <FieldNode node={node} field={field} nodeKey={key} />}
      {node.type === 'section' && <SectionNode node={node} path={path} level={level} nodeKey={key} />}
      {node.type === 'tabs' && <TabsNode node={node} path={path} level={level} />}
      {node.type === 'text' && <TextNode node={node} nodeKey={key} />}
      {node.type === 'divider' && <hr className={styles.rule} />}
      {node.type === 'related' && <RelatedNode node={node} path={path} />}
      {alone && !moving && <MiniBar />}
      {line && <span className={styles.line} style={line.style} />}
    </div>
  );
});
