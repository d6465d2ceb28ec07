import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { useEffect, useRef, useState } from 'react';
import type { LayoutNode } from '@/api/types';
import { cx } from '@/kit';
import { accepts, nodeAt, pathIn } from '../commands/layout';
import styles from './Canvas.module.css';
import { CanvasNode } from './CanvasNode';
import type { Designer } from './designer';
import { addLayout, addNew, drop, keyOf, newNode, now, pathOf, showFields, type Target, useDesigner } from './designer';
import { type Dragged, dragged } from './drag';

/** Whether something dragged may stand in a list. */
export function fitsIn(d: Designer, what: Dragged, list: string): boolean {
  const current = now(d);
  if (!current) return false;
  const layout = current.form.layout;
  if (what.kind === 'layout') return accepts(layout, list, newNode(what.layout));
  if (what.kind !== 'keys') return accepts(layout, list, { type: 'field' });
  if (what.keys.some((k) => k[0] === 'c')) return false;
  return what.keys.every((key) => {
    const path = pathOf(layout, key);
    const node = path === undefined ? undefined : nodeAt(layout, path);
    return !!node && path !== undefined && list !== path && !list.startsWith(`${path}.`) && accepts(layout, list, node);
  });
}

/** Puts what was dragged where it was dropped. */
export function dropOn(d: Designer, what: Dragged, target: Target): void {
  if (what.kind === 'new') addNew(d, what.type, target);
  else if (what.kind === 'layout') addLayout(d, what.layout, target);
  else if (what.kind === 'field') showFields(d, [what.id], target);
  else drop(d, what.keys, target);
}

/**
 * The nodes of the form, of a section or of a tab; its empty part takes drops at
 * the end. `around` says that something hovers beside it that would end there too.
 */
export function NodeList({
  list,
  nodes,
  level,
  around = false,
}: {
  list: string;
  nodes: LayoutNode[];
  level: number;
  around?: boolean;
}) {
  const designer = useDesigner();
  const ref = useRef<HTMLDivElement>(null);
  const [inside, setOver] = useState(false);
  const over = inside || around;
  const count = nodes.length;

  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    return dropTargetForElements({
      element,
      canDrop: ({ source }) => {
        const what = dragged(source.data);
        return !!what && fitsIn(designer, what, list);
      },
      onDrag: ({ location, self }) => setOver(location.current.dropTargets[0]?.element === self.element),
      onDragLeave: () => setOver(false),
      onDrop: ({ source, location, self }) => {
        setOver(false);
        const what = dragged(source.data);
        if (what && location.current.dropTargets[0]?.element === self.element)
          dropOn(designer, what, { slot: { list, index: count } });
      },
    });
  }, [designer, list, count]);

  return (
    <div
      ref={ref}
      className={cx(
        styles.grid,
        level > 1 && styles.inner,
        over && styles.over,
        count === 0 && level > 1 && styles.blank,
      )}
    >
      {nodes.map((node, i) => {
        const path = pathIn(list, i);
        return (
          <CanvasNode
            key={node.field ? `f:${node.field}` : `${keyOf(node, path)}:${node.type}`}
            node={node}
            path={path}
            level={level}
          />
        );
      })}
      {over && count > 0 && <span className={styles.endLine} />}
    </div>
  );
}
