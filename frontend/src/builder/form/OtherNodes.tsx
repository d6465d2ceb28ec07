import type { LayoutNode } from '@/api/types';
import { cx, Icon } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useDocs } from '../context';
import { useFaults } from '../faults';
import { entityOf } from '../model';
import styles from './Canvas.module.css';
import { type Key, pick, placeOfNode, useDesigner, useDesignerState } from './designer';
import { FaultSign } from './FaultMark';
import { InlineName } from './InlineName';
import { NodeList } from './NodeList';

interface Props {
  node: LayoutNode;
  path: string;
  level: number;
}

export function SectionNode({ node, path, level, nodeKey }: Props & { nodeKey: Key }) {
  const renaming = useDesignerState((s) => s.renaming === nodeKey);
  const items = node.items ?? [];
  return (
    <div className={styles.section}>
      {renaming && <InlineName nodeKey={nodeKey} value={textOf(node.title)} label={t('build.designer.sectionTitle')} />}
      <h3 className={styles.sectionTitle}>
        <Icon name={node.folded ? 'chevron-right' : 'chevron-down'} size={14} />
        {textOf(node.title) || t('build.designer.untitled')}
      </h3>
      {textOf(node.help) && <p className={styles.sectionHelp}>{textOf(node.help)}</p>}
      <NodeList list={`${path}.items`} nodes={items} level={level + 1} />
      {items.length === 0 && <p className={styles.dropHere}>{t('build.designer.dropHere')}</p>}
    </div>
  );
}

export function TabsNode({ node, path, level }: Props) {
  const designer = useDesigner();
  const open = useDesignerState((s) => Math.min(s.tabs[path] ?? 0, Math.max(0, (node.tabs?.length ?? 1) - 1)));
  const tabs = node.tabs ?? [];
  const items = tabs[open]?.items ?? [];
  return (
    <div className={styles.tabsNode}>
      <div className={styles.tabRow}>
        {tabs.map((tab, i) => (
          <button
            // biome-ignore lint/suspicious/noArrayIndexKey: tabs have no identity of their own
            key={i}
            type="button"
            tabIndex={-1}
            aria-pressed={i === open}
            className={cx(styles.tab, i === open && styles.openTab)}
            onClick={(e) => {
              e.stopPropagation();
              designer.ui.setState((s) => ({ tabs: { ...s.tabs, [path]: i } }));
              pick(designer, `n:${path}`, 'one');
            }}
          >
            {textOf(tab.title) || t('build.designer.untitled')}
          </button>
        ))}
      </div>
      <NodeList list={`${path}.tabs.${open}.items`} nodes={items} level={level + 1} />
      {items.length === 0 && <p className={styles.dropHere}>{t('build.designer.dropHere')}</p>}
    </div>
  );
}

export function TextNode({ node, nodeKey }: { node: LayoutNode; nodeKey: Key }) {
  const renaming = useDesignerState((s) => s.renaming === nodeKey);
  return (
    <div className={styles.text}>
      {renaming && <InlineName nodeKey={nodeKey} value={textOf(node.text)} label={t('build.designer.text')} />}
      {textOf(node.title) && <p className={styles.textTitle}>{textOf(node.title)}</p>}
      {textOf(node.text) || t('build.designer.textHere')}
    </div>
  );
}

export function RelatedNode({ node, path }: { node: LayoutNode; path: string }) {
  const designer = useDesigner();
  const fault = useFaults(placeOfNode({ id: designer.form }, path))([]);
  const entity = entityOf(useDocs(), node.entity);
  return (
    <div className={styles.related}>
      <div className={styles.relatedHead}>
        <Icon name={entity?.icon ?? 'table'} />
        <span>{textOf(node.title) || (entity ? textOf(entity.name) : t('build.designer.related'))}</span>
        {fault && <FaultSign words={fault} />}
      </div>
      {entity ? (
        <div className={styles.relatedRows} aria-hidden>
          {[68, 82, 56].map((width) => (
            <span key={width} className={styles.ghost} style={{ width: `${width}%` }} />
          ))}
        </div>
      ) : (
        <p className={styles.noColumns}>{t('build.designer.chooseRelated')}</p>
      )}
    </div>
  );
}
