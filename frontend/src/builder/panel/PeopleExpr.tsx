import { useMemo, useState } from 'react';
import { useDirectory } from '@/api/queries/workspaces';
import { Avatar, type FrameProps, MultiSelect, type Option, Segmented } from '@/kit';
import { t } from '@/locales';
import { useBuilder } from '../context';
import { CodeInput, type CodeInputProps } from '../formula/CodeInput';
import { usePeopleNames } from './PeopleSelect';
import styles from './panel.module.css';
import {
  type Around,
  canFall,
  type Entry,
  entryLabel,
  entryOf,
  literalText,
  type People,
  peopleOffers,
  printPeople,
  readPeople,
} from './people';

export interface PeopleExprProps extends FrameProps, Pick<CodeInputProps, 'value' | 'onChange' | 'scope' | 'server'> {
  /** E-mail addresses are welcome too. */
  mail: boolean;
  disabled?: boolean;
}

/** Whom to address: people as chips, or a formula for what chips cannot say. */
export function PeopleExpr({ value, onChange, scope, server, mail, disabled, error, ...frame }: PeopleExprProps) {
  const { parts } = useBuilder();
  const [written, setWritten] = useState(false);
  const around = useMemo(() => ({ scope, parts, mail }), [scope, parts, mail]);
  const people = readPeople(value, around);
  const formula = written || !people;
  const aside = disabled ? undefined : (
    <button
      type="button"
      className={styles.lang}
      disabled={formula && !people}
      title={formula && !people ? t('build.people.onlyFormula') : undefined}
      onClick={() => setWritten(!formula)}
    >
      {formula ? t('build.people.pick') : t('build.people.formula')}
    </button>
  );
  if (formula)
    return (
      <CodeInput
        {...frame}
        {...{ value, onChange, scope, server, disabled, aside }}
        fault={typeof error === 'string' ? error : undefined}
        lines="many"
        placeholder={t('build.formula.placeholder')}
      />
    );
  return <Picker {...frame} {...{ people, around, onChange, error, disabled, aside }} />;
}

function Picker({
  people,
  around,
  onChange,
  ...frame
}: FrameProps & { people: People; around: Around; onChange: (text: string) => void; disabled?: boolean }) {
  const { workspace } = useBuilder();
  const [search, setSearch] = useState('');
  const directory = useDirectory(workspace.key, search);
  const names = usePeopleNames(search);
  const offers = useMemo(() => peopleOffers(around), [around]);
  const entries = new Map<string, Entry>([...offers, ...people.list].map((entry) => [entry.expr, entry]));

  const needle = search.trim().toLowerCase();
  const known = offers
    .filter((o) => `${o.group} ${o.label} ${o.expr}`.toLowerCase().includes(needle))
    .map((o): Option => ({ value: o.expr, label: o.label, icon: o.icon as Option['icon'], group: o.group }));
  const departments = (directory.data?.departments ?? []).map(
    (d): Option => ({
      value: entryOf(d.id).expr,
      label: d.name,
      icon: 'building',
      group: t('build.people.departments'),
    }),
  );
  const members = (directory.data?.members ?? [])
    .filter((m) => m.status !== 'disabled')
    .map(
      (m): Option => ({
        value: entryOf(m.id).expr,
        label: m.name,
        before: <Avatar name={m.name} pending={m.status === 'placeholder'} />,
        group: t('build.people.members'),
      }),
    );
  const options = [...known, ...departments, ...members];
  const chosen = people.list.map((entry) => ({
    value: entry.expr,
    label: entryLabel(entry.expr, around.scope, names),
  }));

  const set = (join: People['join'], list: Entry[]) => onChange(printPeople({ join, list }));
  const choose = (exprs: string[]) =>
    set(
      people.join,
      exprs.map((expr) => entries.get(expr) ?? entryOf(literalText(expr) ?? expr)),
    );
  const falls = canFall(people.list);
  return (
    <div className={styles.people}>
      <MultiSelect
        {...frame}
        options={options}
        chosen={chosen}
        value={people.list.map((entry) => entry.expr)}
        onChange={choose}
        searchable
        onSearch={setSearch}
        loading={directory.isFetching}
        placeholder={around.mail ? t('build.people.chooseMail') : t('build.people.choose')}
        onCreate={
          around.mail && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(search.trim())
            ? (text) => set(people.join, [...people.list, entryOf(text)])
            : undefined
        }
      />
      {falls && (
        <Segmented
          block
          aria-label={t('build.people.join')}
          value={people.join}
          onChange={(join) => set(join as People['join'], people.list)}
          options={[
            { value: 'all', label: t('build.people.all') },
            { value: 'first', label: t('build.people.first') },
          ]}
        />
      )}
    </div>
  );
}
