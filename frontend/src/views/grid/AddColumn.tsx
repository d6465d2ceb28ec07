import { useState } from 'react';
import { asProblem, type Problem } from '@/api/client';
import type { Field } from '@/api/types';
import { fieldOf } from '@/fields';
import { Button, Icon, LinkButton, Notice, Popover, Select, TextInput } from '@/kit';
import { lookup, t } from '@/locales';
import type { BuilderActions } from '../define';
import styles from './grid.module.css';

// What can be said in a popover; the rest has settings and belongs to the designer.
const quickTypes = [
  'text',
  'number',
  'money',
  'date',
  'datetime',
  'select',
  'multi_select',
  'member',
  'boolean',
  'phone',
  'email',
  'url',
  'long_text',
  'attachment',
];

/** The builder's shortcut at the end of the header: a new field, published at once. */
export function AddColumn({ builder }: { builder: BuilderActions }) {
  return (
    <Popover
      width={300}
      position="bottom-end"
      label={t('grid.addField')}
      target={
        <button type="button" className={styles.addColumn} aria-label={t('grid.addField')} title={t('grid.addField')}>
          <Icon name="plus" />
        </button>
      }
    >
      {(close) => <AddField builder={builder} onDone={close} />}
    </Popover>
  );
}

function AddField({ builder, onDone }: { builder: BuilderActions; onDone: () => void }) {
  const [name, setName] = useState('');
  const [type, setType] = useState('text');
  const [choices, setChoices] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const chooses = type === 'select' || type === 'multi_select';

  async function save() {
    if (name.trim() === '' || busy) return;
    setBusy(true);
    setProblem(null);
    const field: Partial<Field> = { name: name.trim(), type };
    if (chooses)
      field.options = {
        choices: splitChoices(choices).map((label, i) => ({
          key: `c${i + 1}`,
          label,
          hue: hueOfChoice(i),
        })),
      };
    try {
      await builder.addField(field);
      onDone();
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  }

  return (
    <form
      className={styles.addField}
      onSubmit={(e) => {
        e.preventDefault();
        void save();
      }}
    >
      <TextInput label={t('grid.fieldName')} value={name} onChange={setName} data-autofocus maxLength={60} />
      <Select
        label={t('grid.fieldType')}
        value={type}
        options={quickTypes.map((q) => ({
          value: q,
          label: lookup(`fieldTypes.${q}`) ?? lookup(`grid.type.${q}`) ?? q,
          icon: fieldOf(q).icon,
        }))}
        onChange={(next) => next && setType(next)}
      />
      {chooses && (
        <TextInput label={t('grid.choices')} help={t('grid.choicesHelp')} value={choices} onChange={setChoices} />
      )}
      {problem && <Notice tone="danger">{problem.errors[0]?.message ?? (problem.detail || problem.title)}</Notice>}
      <div className={styles.addFieldEnd}>
        <LinkButton to={builder.editPath()} variant="plain" size="sm">
          {t('grid.moreFieldTypes')}
        </LinkButton>
        <Button
          type="submit"
          size="sm"
          variant="primary"
          loading={busy}
          disabled={name.trim() === '' || (chooses && splitChoices(choices).length === 0)}
        >
          {t('grid.addField')}
        </Button>
      </div>
    </form>
  );
}

export const choiceHues = [
  'gray',
  'blue',
  'violet',
  'jade',
  'green',
  'amber',
  'red',
  'cyan',
  'pink',
  'orange',
  'indigo',
  'lime',
] as const;

/** The hue of the next choice where so many are there already. */
export const hueOfChoice = (count: number): string => choiceHues[count % choiceHues.length] ?? 'gray';

/** Names of choices from one line; commas of both widths separate. */
export function splitChoices(text: string): string[] {
  return [
    ...new Set(
      text
        .split(/[,，、;；\n]/)
        .map((part) => part.trim())
        .filter(Boolean),
    ),
  ];
}
