import { useState } from 'react';
import type { RuntimeEntity } from '@/api/types';
import { Button, IconButton, Menu, type Option, Select, TextInput } from '@/kit';
import { t } from '@/locales';
import { formatList, formatNumber } from '@/locales/format';
import { textOf } from '@/locales/text';
import { useMaybeApp } from '../app/context';
import styles from './import.module.css';
import {
  columnIndex,
  faultOf,
  fieldOf,
  inBraces,
  type SourceFault,
  type Source as SourceOf,
  samplesOf,
  type Table,
} from './mapping';
import { Pairs } from './Pairs';

const fromText = 'text';
const ofColumn = (i: number) => `column:${i}`;

type Blank = 'empty' | 'value' | 'default' | 'clear' | 'skip';

/** One field: what fills it, what its blank cells and values mean, and how it looks. */
export function SourceRow({
  entity,
  source,
  table,
  onChange,
  onRemove,
}: {
  entity: RuntimeEntity;
  source: SourceOf;
  table: Table;
  onChange: (source: SourceOf) => void;
  onRemove: () => void;
}) {
  const app = useMaybeApp();
  const [opened, setOpened] = useState(false);
  const field = fieldOf(entity, source.field);
  const name = field ? textOf(field.name) : source.field;
  const composed = source.text !== undefined && !source.column;
  const fault = faultOf(source, table.columns);
  const index = source.column ? columnIndex(table.columns, source.column) : -1;
  const options: Option[] = [
    { value: fromText, label: t('transfer.fromText'), icon: 'text' },
    ...table.columns.map((c, i) => ({ value: ofColumn(i), label: c.name, group: t('transfer.columnsGroup') })),
  ];
  const target = field?.link && app?.entity(field.link.entity);
  const said = sayings(source, target || undefined);

  function choose(value: string | null) {
    const { column, text, ...rest } = source;
    if (value === null) onChange(rest);
    // The column that was chosen is where a text starts from.
    else if (value === fromText) onChange({ ...rest, text: text ?? (column ? inBraces(column) : '') });
    else onChange({ ...rest, column: table.columns[Number(value.slice(ofColumn(0).length - 1))]?.name });
  }

  return (
    <li className={styles.source}>
      <div className={styles.sourceLine}>
        <span className={styles.name}>
          {name}
          {field?.required && (
            <span className={styles.required} aria-hidden>
              {' '}
              *
            </span>
          )}
        </span>
        <Select
          size="sm"
          clearable="list"
          aria-label={`${name}: ${t('transfer.from')}`}
          placeholder={t('transfer.nothing')}
          value={composed ? fromText : index >= 0 ? ofColumn(index) : (source.column ?? null)}
          error={!field ? t('transfer.noField') : composed ? undefined : fault && sayFault(fault)}
          onChange={choose}
          options={options}
        />
        <span className={styles.samples}>{fault ? null : samplesOf(source, table).join(' · ')}</span>
        <span className={styles.actions}>
          <IconButton
            size="sm"
            icon="gear"
            label={t('transfer.adjust', { name })}
            aria-expanded={opened}
            active={opened}
            onClick={() => setOpened(!opened)}
          />
          <IconButton size="sm" icon="x" label={t('transfer.removeField', { name })} onClick={onRemove} />
        </span>
      </div>
      {composed && (
        <div className={styles.text}>
          <TextInput
            size="sm"
            aria-label={`${name}: ${t('transfer.textLabel')}`}
            placeholder={t('transfer.textLabel')}
            value={source.text ?? ''}
            error={fault && sayFault(fault)}
            onChange={(text) => onChange({ ...source, text })}
          />
          <Menu
            items={table.columns.map((c) => ({
              label: c.name,
              onSelect: () => onChange({ ...source, text: `${source.text ?? ''}${inBraces(c.name)}` }),
            }))}
          >
            <Button size="sm" icon="plus">
              {t('transfer.insertColumn')}
            </Button>
          </Menu>
        </div>
      )}
      {!opened && said.length > 0 && <p className={styles.quiet}>{said.join(' · ')}</p>}
      {opened && <Adjust source={source} target={target || undefined} onChange={onChange} />}
    </li>
  );
}

function Adjust({
  source,
  target,
  onChange,
}: {
  source: SourceOf;
  /** Of links: the form that they lead to. */
  target?: RuntimeEntity;
  onChange: (source: SourceOf) => void;
}) {
  // A value is asked for as soon as blank cells become one, before it is typed.
  const blank: Blank = source.blank !== undefined ? 'value' : ((source.on_blank as Blank | undefined) ?? 'empty');
  const rest = sayings({ ...source, values: [], blank: undefined, on_blank: undefined }, target);
  return (
    <div className={styles.adjust}>
      <div className={styles.two}>
        <Select<Blank>
          size="sm"
          label={t('transfer.onBlank')}
          value={blank}
          options={[
            { value: 'empty', label: t('transfer.blankEmpty') },
            { value: 'value', label: t('transfer.blankValue') },
            { value: 'default', label: t('transfer.blankDefault') },
            { value: 'clear', label: t('transfer.blankClear') },
            { value: 'skip', label: t('transfer.blankSkip') },
          ]}
          onChange={(next) => {
            const { blank: old, on_blank: _policy, ...kept } = source;
            if (next === 'value') onChange({ ...kept, blank: old ?? '' });
            else onChange(next && next !== 'empty' ? { ...kept, on_blank: next } : kept);
          }}
        />
        {blank === 'value' && (
          <TextInput
            size="sm"
            label={t('transfer.blankTo')}
            value={source.blank ?? ''}
            onChange={(text) => onChange({ ...source, blank: text })}
          />
        )}
      </div>
      <div>
        <h3 className={styles.heading}>{t('transfer.aliases')}</h3>
        <Pairs
          pairs={source.values}
          onChange={(values) => onChange({ ...source, values })}
          between="→"
          words={{
            left: t('transfer.aliasFrom'),
            right: t('transfer.aliasTo'),
            blank: t('transfer.aliasBlank'),
            add: t('transfer.aliasAdd'),
            remove: t('transfer.aliasRemove'),
          }}
        />
      </div>
      {rest.length > 0 && <p className={styles.quiet}>{rest.join(' · ')}</p>}
    </div>
  );
}

function sayFault(fault: SourceFault): string {
  return fault.kind === 'column'
    ? t('transfer.noColumn', { name: fault.name })
    : t('transfer.wrongText', { open: '{{', close: '}}' });
}

const policies = {
  default: 'transfer.blankDefault',
  clear: 'transfer.blankClear',
  skip: 'transfer.blankSkip',
} as const;

/** What a source says beyond where it comes from, in words. */
function sayings(source: SourceOf, target: RuntimeEntity | undefined): string[] {
  const out: string[] = [];
  const policy = policies[source.on_blank as keyof typeof policies];
  if (source.blank) out.push(t('transfer.sayBlank', { value: source.blank }));
  else if (policy) out.push(`${t('transfer.onBlank')}: ${t(policy)}`);
  for (const [from, to] of source.values) out.push(`${from} → ${to || t('transfer.aliasBlank')}`);
  if (source.factor && source.factor !== 1) out.push(t('transfer.sayFactor', { n: formatNumber(source.factor) }));
  if (source.find?.length) {
    const names = source.find.map((ref) => nameIn(target, ref));
    out.push(t('transfer.sayFind', { names: formatList(names) }));
  }
  if (source.create) out.push(t('transfer.sayCreate'));
  return out;
}

/** What a field of the linked form is called; people have a name and an email. */
function nameIn(target: RuntimeEntity | undefined, ref: string): string {
  const field = target?.fields.find((f) => f.key === ref || f.id === ref);
  if (field) return textOf(field.name);
  if (!target && ref === 'name') return t('transfer.findName');
  if (!target && ref === 'email') return t('transfer.findEmail');
  return ref;
}
