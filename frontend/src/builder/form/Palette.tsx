import { draggable } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { Icon, type IconProps, SearchInput, Tooltip } from '@/kit';
import { lookup, t } from '@/locales';
import { textOf } from '@/locales/text';
import { useBuilder, useDocs } from '../context';
import { fieldsOf, systemFields } from '../formula/refs';
import { bodyOf, shownFields } from '../model';
import { addLayout, addNew, focusSelection, type LayoutKind, showFields, useDesigner } from './designer';
import { type Dragged, dragData } from './drag';
import { byUse } from './order';
import styles from './Palette.module.css';

const groupOf: Record<string, string> = {
  text: 'basic',
  number: 'basic',
  choice: 'basic',
  time: 'basic',
  people: 'basic',
  file: 'basic',
  link: 'link',
  computed: 'advanced',
};
const groups = ['basic', 'link', 'advanced', 'layout'] as const;
const layouts: { kind: LayoutKind; icon: IconProps['name'] }[] = [
  { kind: 'section', icon: 'section' },
  { kind: 'tabs', icon: 'tabs' },
  { kind: 'related', icon: 'table' },
  { kind: 'text', icon: 'paragraph' },
  { kind: 'divider', icon: 'minus' },
];

interface Entry {
  id: string;
  label: string;
  help?: string;
  icon: IconProps['name'];
  words: string;
  what: Dragged;
  add: () => void;
}

/** Everything that can be put on the form: by dragging, by a click, by Enter. */
export function Palette() {
  const designer = useDesigner();
  const { parts } = useBuilder();
  const docs = useDocs();
  const [search, setSearch] = useState('');
  const entity = bodyOf(docs, 'entity', designer.entity);
  const form = bodyOf(docs, 'form', designer.form);
  const needle = search.trim().toLowerCase();

  const fixed = useMemo(() => {
    const out = new Map<string, Entry[]>();
    for (const part of byUse(parts)) {
      const group = groupOf[part.group] ?? 'advanced';
      const entry: Entry = {
        id: part.name,
        label: textOf(part.label),
        help: textOf(part.help),
        icon: part.icon,
        words:
          `${part.name} ${typeof part.label === 'string' ? part.label : Object.values(part.label).join(' ')}`.toLowerCase(),
        what: { kind: 'new', type: part.name },
        add: () => addNew(designer, part.name),
      };
      out.set(group, [...(out.get(group) ?? []), entry]);
    }
    out.set(
      'layout',
      layouts.map(({ kind, icon }) => ({
        id: kind,
        label: t(`build.designer.${kind}`),
        help: t(`build.designer.${kind}Help`),
        icon,
        words: `${kind} ${t(`build.designer.${kind}`)}`.toLowerCase(),
        what: { kind: 'layout', layout: kind },
        add: () => addLayout(designer, kind),
      })),
    );
    return out;
  }, [parts, designer]);

  const shown = form ? shownFields(form) : new Set<string>();
  const existing = (fields: { id: string; name: Parameters<typeof textOf>[0]; type: string; key: string }[]): Entry[] =>
    fields
      .filter((f) => !shown.has(f.id))
      .map((f) => ({
        id: f.id,
        label: textOf(f.name) || f.key,
        icon: parts.fields.get(f.type)?.icon ?? 'text',
        words: `${f.key} ${textOf(f.name)}`.toLowerCase(),
        what: { kind: 'field', id: f.id },
        add: () => showFields(designer, [f.id]),
      }));
  const unplaced = existing(entity?.fields ?? []);
  const system = entity
    ? existing(systemFields(fieldsOf(entity)).filter((f) => f.key !== 'id' && f.key !== 'rev'))
    : [];
  const filter = (entries: Entry[]) => (needle ? entries.filter((e) => e.words.includes(needle)) : entries);
  const sections: [string, Entry[]][] = [
    ['unplaced', filter(unplaced)],
    ...groups.map((g): [string, Entry[]] => [g, filter(fixed.get(g) ?? [])]),
    ['system', filter(system)],
  ];
  const hits = sections.flatMap(([, entries]) => entries);

  return (
    <div className={styles.palette}>
      <div className={styles.search}>
        <SearchInput
          size="sm"
          value={search}
          onChange={setSearch}
          placeholder={t('build.designer.searchParts')}
          aria-label={t('build.designer.searchParts')}
          onEnter={() => {
            if (!needle) return;
            hits[0]?.add();
            setSearch('');
          }}
        />
      </div>
      <div className={styles.list}>
        {sections.map(
          ([group, entries]) =>
            entries.length > 0 && (
              <section key={group}>
                <h2 className={styles.group}>{lookup(`build.designer.group_${group}`)}</h2>
                <div className={styles.grid}>
                  {entries.map((entry) => (
                    <Item key={entry.id} entry={entry} />
                  ))}
                </div>
              </section>
            ),
        )}
        {hits.length === 0 && <p className={styles.none}>{t('common.noResults')}</p>}
      </div>
    </div>
  );
}

function Item({ entry }: { entry: Entry }): ReactNode {
  const ref = useRef<HTMLButtonElement>(null);
  const designer = useDesigner();
  const what = useRef(entry.what);
  what.current = entry.what;
  useEffect(() => {
    const element = ref.current;
    return element ? draggable({ element, getInitialData: () => dragData(what.current) }) : undefined;
  }, []);
  return (
    <Tooltip label={entry.help ?? ''} disabled={!entry.help} position="right">
      <button
        ref={ref}
        type="button"
        className={styles.item}
        data-part={entry.id}
        onClick={(e) => {
          entry.add();
          // A pointer goes on at the field; a keyboard may add another one.
          if (e.detail > 0) focusSelection(designer);
        }}
      >
        <Icon name={entry.icon} />
        <span className={styles.label}>{entry.label}</span>
      </button>
    </Tooltip>
  );
}
