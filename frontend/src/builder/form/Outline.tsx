import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import {
  attachClosestEdge,
  type Edge,
  extractClosestEdge,
} from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { LayoutNode } from '@/api/types';
import { cx, EmptyState, Icon, type IconProps } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { pathIn, slotOf } from '../commands/layout';
import { useBuilder, useDocs } from '../context';
import { fieldsOf, systemFields } from '../formula/refs';
import { bodyOf } from '../model';
import { columnKey, type Key, keyOf, pick, useDesigner, useDesignerState } from './designer';
import { dragData, dragged } from './drag';
import { dropOn, fitsIn } from './NodeList';
import styles from './Outline.module.css';

const icons: Record<string, IconProps['name']> = {
  section: 'section',
  tabs: 'tabs',
  text: 'paragraph',
  divider: 'minus',
  related: 'table',
};

/** The form as a tree of names: finding, selecting and moving what is far apart. */
export function Outline() {
  const designer = useDesigner();
  const { parts } = useBuilder();
  const docs = useDocs();
  const form = bodyOf(docs, 'form', designer.form);
  const entity = bodyOf(docs, 'entity', designer.entity);
  if (!form || !entity) return null;
  const system = systemFields(fieldsOf(entity));

  function rows(nodes: LayoutNode[], list: string, depth: number): ReactNode[] {
    return nodes.flatMap((node, i) => {
      const path = pathIn(list, i);
      const field = node.field
        ? (entity?.fields.find((f) => f.id === node.field) ?? system.find((f) => f.id === node.field))
        : undefined;
      const label = field
        ? textOf(node.label) || textOf(field.name)
        : textOf(node.title) ||
          textOf(node.text) ||
          (node.type === 'field' ? t('build.designer.goneField') : t(`build.designer.${node.type}`));
      const icon = field ? (parts.fields.get(field.type)?.icon ?? 'text') : (icons[node.type] ?? 'error');
      return [
        <Row key={path} nodeKey={keyOf(node, path)} path={path} depth={depth} label={label} icon={icon} />,
        ...(field?.fields ?? []).map((column) => (
          <Row
            key={column.id}
            nodeKey={columnKey(column.id)}
            depth={depth + 1}
            label={textOf(column.name)}
            icon={parts.fields.get(column.type)?.icon ?? 'text'}
          />
        )),
        ...rows(node.items ?? [], `${path}.items`, depth + 1),
        ...(node.tabs ?? []).flatMap((tab, j) => [
          // biome-ignore lint/suspicious/noArrayIndexKey: tabs have no identity of their own
          <div key={`${path}.tab${j}`} className={styles.tab} style={{ paddingLeft: 12 + (depth + 1) * 14 }}>
            <Icon name="tabs" size={14} />
            <span className={styles.label}>{textOf(tab.title)}</span>
          </div>,
          ...rows(tab.items, `${path}.tabs.${j}.items`, depth + 2),
        ]),
      ];
    });
  }

  if (form.layout.length === 0) return <EmptyState compact title={t('build.designer.empty')} />;
  return (
    <div className={styles.outline} role="tree" aria-label={t('build.designer.outline')}>
      {rows(form.layout, '', 0)}
    </div>
  );
}

function Row({
  nodeKey,
  path,
  depth,
  label,
  icon,
}: {
  nodeKey: Key;
  path?: string;
  depth: number;
  label: string;
  icon: IconProps['name'];
}) {
  const designer = useDesigner();
  const selected = useDesignerState((s) => s.selection.includes(nodeKey));
  const ref = useRef<HTMLDivElement>(null);
  const [edge, setEdge] = useState<Edge | null>(null);

  useEffect(() => {
    const element = ref.current;
    if (!element || path === undefined) return;
    const { list } = slotOf(path);
    return combine(
      draggable({
        element,
        getInitialData: () => {
          const { selection } = designer.ui.getState();
          return dragData({ kind: 'keys', keys: selection.includes(nodeKey) ? selection : [nodeKey] });
        },
      }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => {
          const what = dragged(source.data);
          return !!what && !(what.kind === 'keys' && what.keys.includes(nodeKey)) && fitsIn(designer, what, list);
        },
        getData: ({ input }) => attachClosestEdge({}, { element, input, allowedEdges: ['top', 'bottom'] }),
        onDrag: ({ self }) => setEdge(extractClosestEdge(self.data)),
        onDragLeave: () => setEdge(null),
        onDrop: ({ self, source }) => {
          setEdge(null);
          const what = dragged(source.data);
          const slot = slotOf(path);
          // The tree is a plain order: before or after this node, whatever its row.
          if (what)
            dropOn(designer, what, {
              slot: {
                list: slot.list,
                index: extractClosestEdge(self.data) === 'bottom' ? slot.index + 1 : slot.index,
              },
            });
        },
      }),
    );
  }, [designer, nodeKey, path]);

  return (
    <div
      ref={ref}
      role="treeitem"
      aria-selected={selected}
      aria-level={depth + 1}
      tabIndex={0}
      className={cx(styles.row, selected && styles.selected)}
      style={{ paddingLeft: 12 + depth * 14 }}
      onClick={(e) => {
        pick(designer, nodeKey, e.metaKey || e.ctrlKey ? 'toggle' : e.shiftKey ? 'range' : 'one');
        document.querySelector(`[data-node="${CSS.escape(nodeKey)}"]`)?.scrollIntoView({ block: 'center' });
      }}
      onKeyDown={(e) => {
        if (e.key === 'Enter' || e.key === ' ') {
          e.preventDefault();
          pick(designer, nodeKey, 'one');
        }
      }}
    >
      <Icon name={icon} size={14} />
      <span className={styles.label}>{label}</span>
      {edge && <span className={cx(styles.line, edge === 'top' ? styles.top : styles.bottom)} />}
    </div>
  );
}
