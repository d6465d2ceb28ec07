import { useMemo } from 'react';
import { useCatalog } from '@/api/queries/apps';
import type { ReadOptions } from '@/api/queries/from-file';
import type { CatalogEntry, FieldTraits, FormProposal, ProposedColumn, ProposedForm } from '@/api/types';
import { Checkbox, Notice, Select, Switch, TextInput } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import styles from './from-file.module.css';

/** What was recognised in a table, to be put right before it is made. */
export function Proposal({
  proposal,
  form,
  left,
  read,
  busy,
  onForm,
  onLeft,
  onRead,
}: {
  proposal: FormProposal;
  form: ProposedForm;
  /** Columns that are left out. */
  left: ReadonlySet<string>;
  read: ReadOptions;
  busy: boolean;
  onForm: (form: ProposedForm) => void;
  onLeft: (left: ReadonlySet<string>) => void;
  onRead: (read: ReadOptions) => void;
}) {
  const entries = useCatalog().data?.fields;
  const plain = useMemo(() => (entries ?? []).filter(isPlain), [entries]);
  const labelOf = (type: string) => textOf(entries?.find((e) => e.name === type)?.label) || type;
  const taken = form.columns.filter((c) => !left.has(c.column));
  // The proposal's order is the table's.
  const guessed = proposal.form.columns;

  const set = (column: string, change: Partial<ProposedColumn>) =>
    onForm({ ...form, columns: form.columns.map((c) => (c.column === column ? { ...c, ...change } : c)) });

  function leave(column: ProposedColumn, on: boolean) {
    const next = new Set(left);
    if (on) next.delete(column.column);
    else next.add(column.column);
    onLeft(next);
    // The title must be one of those that stay.
    const rest = form.columns.filter((c) => !next.has(c.column));
    if (!rest.some((c) => c.key === form.title)) onForm({ ...form, title: rest[0]?.key });
  }

  return (
    <div className={styles.proposal} aria-busy={busy || undefined}>
      <div className={styles.tops}>
        <TextInput
          label={t('make.formName')}
          required
          value={textOf(form.name)}
          onChange={(name) => onForm({ ...form, name })}
          error={textOf(form.name).trim() ? undefined : t('make.formNameRequired')}
        />
        <Select
          label={t('make.title')}
          help={t('make.titleHelp')}
          value={form.title ?? null}
          onChange={(title) => title && onForm({ ...form, title })}
          options={taken.map((c) => ({ value: c.key, label: textOf(c.name) }))}
        />
        {(proposal.sheets?.length ?? 0) > 1 && (
          <Select
            label={t('make.sheet')}
            value={proposal.sheet}
            disabled={busy}
            onChange={(sheet) => sheet && onRead({ ...read, sheet })}
            options={(proposal.sheets ?? []).map((name) => ({ value: name, label: name }))}
          />
        )}
      </div>
      <Switch
        checked={read.header !== -1}
        disabled={busy}
        onChange={(on) => onRead({ ...read, header: on ? undefined : -1 })}
        label={t('make.header')}
      />
      <p className={styles.quiet}>{t('make.rows', { n: proposal.rows })}</p>
      {taken.length === 0 && <Notice tone="warning">{t('make.noColumns')}</Notice>}
      <ul className={styles.columns}>
        <li className={styles.columnsHead} aria-hidden>
          <span />
          <span>{t('make.fieldName')}</span>
          <span>{t('make.type')}</span>
          <span>{t('make.examples')}</span>
        </li>
        {form.columns.map((column) => {
          const at = guessed.findIndex((g) => g.column === column.column);
          const first = guessed[at];
          const on = !left.has(column.column);
          const name = textOf(column.name);
          const samples = proposal.preview
            .map((row) => row[at])
            .filter((text): text is string => !!text)
            .slice(0, 3);
          return (
            <li key={column.column} className={styles.column} data-off={!on || undefined}>
              <Checkbox
                checked={on}
                onChange={(next) => leave(column, next)}
                aria-label={t('make.take', { name: column.column })}
              />
              <TextInput
                size="sm"
                aria-label={`${t('make.fieldName')} ${column.column}`}
                value={name}
                disabled={!on}
                onChange={(next) => set(column.column, { name: next })}
                error={on && !name.trim() ? t('make.fieldNameRequired') : undefined}
              />
              <Select
                size="sm"
                aria-label={`${t('make.type')} ${column.column}`}
                value={column.type}
                disabled={!on}
                onChange={(type) => {
                  if (!type) return;
                  // Options belong to the type that was recognised.
                  const own = first && type === first.type;
                  set(column.column, {
                    type,
                    options: own ? first.options : undefined,
                    find: own ? first.find : undefined,
                  });
                }}
                options={[
                  ...(first && !plain.some((p) => p.name === first.type)
                    ? [{ value: first.type, label: labelOf(first.type) }]
                    : []),
                  ...plain.map((p) => ({ value: p.name, label: textOf(p.label) })),
                ]}
              />
              <span className={styles.samples} title={samples.join(' · ')}>
                {samples.join(' · ')}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** Whether a type takes the texts of a column as they are, without options that only a person can give. */
function isPlain(entry: CatalogEntry): boolean {
  const { kind, traits } = (entry.extra ?? {}) as { kind?: string; traits?: FieldTraits };
  const options = (entry.options ?? {}) as { properties?: Record<string, unknown>; required?: string[] };
  return (
    (kind === 'text' || kind === 'number' || kind === 'bool' || kind === 'time') &&
    !traits?.computed &&
    !traits?.generated &&
    !traits?.holds_ref &&
    !traits?.holds_file &&
    !options.properties?.choices &&
    !options.required?.length
  );
}
