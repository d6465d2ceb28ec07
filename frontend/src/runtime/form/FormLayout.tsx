// The layout of a form: twelve columns, sections, tabs, texts, lines, related lists.
import { type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { LayoutNode } from '@/api/types';
import { Icon } from '@/kit/Icon';
import { Tabs } from '@/kit/Tabs';
import { textOf } from '@/locales/text';
import { FormField } from './FormField';
import styles from './form.module.css';
import { anyVisible, fieldNodes } from './layout';
import { useForm, useFormState } from './use-model';

export interface FormLayoutProps {
  nodes: LayoutNode[];
  /** Draws a related list; without it they are left out. */
  related?: (node: LayoutNode) => ReactNode;
  /** A field that must be shown, whatever hides it: its tab and section open. */
  reveal?: string | null;
}

export function FormLayout({ nodes, related, reveal }: FormLayoutProps) {
  return (
    <div className={styles.grid}>
      {nodes.map((node, i) => (
        <LayoutPart key={`${node.type}-${node.field ?? i}`} node={node} related={related} reveal={reveal} />
      ))}
    </div>
  );
}

function LayoutPart({
  node,
  related,
  reveal,
}: {
  node: LayoutNode;
  related?: FormLayoutProps['related'];
  reveal?: string | null;
}) {
  const { model } = useForm();
  switch (node.type) {
    case 'field': {
      const field = model.field(node.field ?? '');
      return field ? <FormField field={field} node={node} /> : null;
    }
    case 'section':
      return <Section node={node} related={related} reveal={reveal} />;
    case 'tabs':
      return <TabsPart node={node} related={related} reveal={reveal} />;
    case 'text':
      return (
        <div className={styles.text} style={{ gridColumn: '1 / -1' }}>
          {textOf(node.title) && <p className={styles.textTitle}>{textOf(node.title)}</p>}
          {textOf(node.text)}
        </div>
      );
    case 'divider':
      return <hr className={styles.divider} />;
    case 'related': {
      const list = related?.(node);
      return list ? <div className={styles.full}>{list}</div> : null;
    }
    default:
      return null;
  }
}

const holdsField = (nodes: LayoutNode[], find: (ref: string) => string | undefined, key: string | null | undefined) =>
  !!key && fieldNodes(nodes).some((n) => find(n.field ?? '') === key);

/** Redraws when fields of a part come or go, so that empty sections do. */
function useAnyVisible(nodes: LayoutNode[]): boolean {
  const { model } = useForm();
  const [visible, setVisible] = useState(() => anyVisible(nodes, (ref) => model.isVisible(ref)));
  useEffect(() => {
    const look = () => setVisible(anyVisible(nodes, (ref) => model.isVisible(ref)));
    look();
    return model.subscribeAny(() => queueMicrotask(look));
  }, [model, nodes]);
  return visible;
}

function Section({
  node,
  related,
  reveal,
}: {
  node: LayoutNode;
  related?: FormLayoutProps['related'];
  reveal?: string | null;
}) {
  const { model } = useForm();
  const items = useMemo(() => node.items ?? [], [node]);
  const visible = useAnyVisible(items);
  const [folded, setFolded] = useState(!!node.folded);
  const id = useId();
  const wanted = holdsField(items, (ref) => model.field(ref)?.key, reveal);
  useEffect(() => {
    if (wanted) setFolded(false);
  }, [wanted]);
  const form = useFormState(model);
  if (!visible) return null;
  const title = textOf(node.title);
  const wrong = form.issues.some((issue) =>
    holdsField(items, (ref) => model.field(ref)?.key, issue.path.split('/')[0]),
  );
  return (
    <section className={styles.section} aria-labelledby={title ? id : undefined}>
      {title && (
        <h3 id={id} className={styles.sectionTitle}>
          <button type="button" className={styles.fold} aria-expanded={!folded} onClick={() => setFolded(!folded)}>
            <Icon name={folded ? 'chevron-right' : 'chevron-down'} size={14} />
            {title}
            {folded && wrong && <span className={styles.dot} />}
          </button>
        </h3>
      )}
      {textOf(node.help) && !folded && <p className={styles.sectionHelp}>{textOf(node.help)}</p>}
      {!folded && <FormLayout nodes={items} related={related} reveal={reveal} />}
    </section>
  );
}

function TabsPart({
  node,
  related,
  reveal,
}: {
  node: LayoutNode;
  related?: FormLayoutProps['related'];
  reveal?: string | null;
}) {
  const { model } = useForm();
  const form = useFormState(model);
  const [open, setOpen] = useState(0);
  const [, redraw] = useState(0);
  const id = useId();
  const find = (ref: string) => model.field(ref)?.key;
  const tabs = node.tabs ?? [];
  const wanted = tabs.findIndex((tab) => holdsField(tab.items, find, reveal));
  const revealed = useRef<string | null>(null);
  useEffect(() => {
    if (wanted >= 0 && revealed.current !== reveal) setOpen(wanted);
    revealed.current = reveal ?? null;
  }, [wanted, reveal]);
  const shape = () => tabs.map((tab) => anyVisible(tab.items, (ref) => model.isVisible(ref))).join();
  const last = useRef('');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tabs of a form do not change while it is shown
  useEffect(
    () =>
      model.subscribeAny(() =>
        queueMicrotask(() => {
          const now = shape();
          if (now !== last.current) {
            last.current = now;
            redraw((n) => n + 1);
          }
        }),
      ),
    [model],
  );
  const shown = tabs
    .map((tab, i) => ({ tab, i }))
    .filter(({ tab }) => anyVisible(tab.items, (ref) => model.isVisible(ref)));
  const current = shown.find(({ i }) => i === open) ?? shown[0];
  if (!current) return null;
  return (
    <div className={styles.tabs}>
      <Tabs
        id={id}
        aria-label={shown.map(({ tab }) => textOf(tab.title)).join(', ')}
        value={String(current.i)}
        onChange={(value) => setOpen(Number(value))}
        tabs={shown.map(({ tab, i }) => ({
          value: String(i),
          label: textOf(tab.title),
          dot: form.issues.some((issue) => holdsField(tab.items, find, issue.path.split('/')[0])),
        }))}
      />
      <div
        role="tabpanel"
        id={`${id}-panel-${current.i}`}
        aria-labelledby={`${id}-${current.i}`}
        className={styles.tabPanel}
      >
        <FormLayout nodes={current.tab.items} related={related} reveal={reveal} />
      </div>
    </div>
  );
}
