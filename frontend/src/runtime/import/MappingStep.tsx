import type { RuntimeEntity, TakenRows } from '@/api/types';
import { IconButton, MultiSelect, Notice, Select, Switch } from '@/kit';
import { t } from '@/locales';
import { formatList } from '@/locales/format';
import { textOf } from '@/locales/text';
import styles from './import.module.css';
import {
  columnIndex,
  type Draft,
  fieldOf,
  type ImportMode,
  importable,
  missing,
  modeOf,
  type Table,
  unusedColumns,
} from './mapping';
import { Pairs } from './Pairs';
import { SourceRow } from './SourceRow';

/** The most names that a line lists. */
const most = 12;

/** What fills which field, which rows are taken, and how records are recognised. */
export function MappingStep({
  entity,
  table,
  taken,
  problem,
  draft,
  onChange,
}: {
  entity: RuntimeEntity;
  table: Table;
  /** How many rows the conditions take, where there are any. */
  taken?: TakenRows;
  /** Why the conditions cannot be tried. */
  problem?: string;
  draft: Draft;
  onChange: (draft: Draft) => void;
}) {
  const lacking = missing(entity, draft);
  const used = new Set(draft.columns.map((c) => fieldOf(entity, c.field)?.key ?? c.field));
  const free = importable(entity).filter((f) => !used.has(f.key));
  const unused = unusedColumns(draft, table.columns).map((c) => c.name);
  const mode = modeOf(draft);
  const columns = table.columns.map((c) => ({ value: c.name, label: c.name }));
  return (
    <>
      {lacking.length > 0 && (
        <Notice tone="warning">
          {lacking.map((f) => t('transfer.requiredMissing', { name: textOf(f.name) })).join(' ')}
        </Notice>
      )}
      <div>
        <div className={styles.heads} aria-hidden>
          <span>{t('transfer.field')}</span>
          <span>{t('transfer.from')}</span>
          <span>{t('transfer.becomes')}</span>
        </div>
        <ul className={styles.sources} aria-label={t('transfer.stepMap')}>
          {draft.columns.map((source) => (
            <SourceRow
              key={source.field}
              entity={entity}
              source={source}
              table={table}
              onChange={(next) =>
                onChange({ ...draft, columns: draft.columns.map((old) => (old === source ? next : old)) })
              }
              onRemove={() =>
                onChange({
                  ...draft,
                  columns: draft.columns.filter((old) => old !== source),
                  match: draft.match.filter((ref) => ref !== source.field),
                })
              }
            />
          ))}
        </ul>
      </div>
      <div className={styles.add}>
        <Select
          size="sm"
          searchable
          aria-label={t('transfer.addField')}
          placeholder={t('transfer.addField')}
          value={null}
          onChange={(field) => field && onChange({ ...draft, columns: [...draft.columns, { field, values: [] }] })}
          options={free.map((f) => ({ value: f.key, label: textOf(f.name) }))}
        />
        {unused.length > 0 && (
          <p className={styles.quiet}>
            {t('transfer.unused', {
              names: formatList(unused.length > most ? [...unused.slice(0, most), '…'] : unused),
            })}
          </p>
        )}
      </div>
      <div>
        {(draft.rows.length > 0 || draft.filter) && <h3 className={styles.heading}>{t('transfer.onlyRows')}</h3>}
        {draft.filter && (
          <p className={styles.formula}>
            {t('transfer.onlyFormula', { formula: draft.filter })}
            <IconButton
              size="sm"
              icon="x"
              label={t('transfer.onlyFormulaRemove')}
              onClick={() => onChange({ ...draft, filter: undefined })}
            />
          </p>
        )}
        <Pairs
          pairs={draft.rows}
          onChange={(rows) => onChange({ ...draft, rows })}
          between={t('transfer.onlyIs')}
          words={{
            left: t('transfer.column'),
            right: t('transfer.onlyText'),
            blank: t('transfer.aliasBlank'),
            add: draft.rows.length > 0 ? t('transfer.onlyMore') : t('transfer.onlyAdd'),
            remove: t('transfer.onlyRemove'),
          }}
          left={(name, set) => {
            const i = columnIndex(table.columns, name);
            return (
              <Select
                size="sm"
                aria-label={t('transfer.column')}
                value={table.columns[i]?.name ?? (name || null)}
                error={name && i < 0 ? t('transfer.noColumn', { name }) : undefined}
                onChange={(next) => next && set(next)}
                options={columns}
              />
            );
          }}
        />
        {problem ? (
          <p className={styles.fault}>{problem}</p>
        ) : (
          taken && <p className={styles.quiet}>{t('transfer.onlyTakes', { n: taken.taken, all: taken.rows })}</p>
        )}
      </div>
      <div className={styles.two}>
        <Select<ImportMode>
          size="sm"
          label={t('transfer.mode')}
          value={mode}
          onChange={(next) => next && onChange({ ...draft, mode: next })}
          options={[
            { value: 'create', label: t('transfer.modeInsert') },
            { value: 'update', label: t('transfer.modeUpdate') },
            { value: 'upsert', label: t('transfer.modeUpsert') },
          ]}
        />
        {mode !== 'create' && (
          <MultiSelect
            size="sm"
            label={t('transfer.match')}
            value={draft.match}
            onChange={(match) => onChange({ ...draft, mode, match })}
            error={draft.match.length === 0 ? t('transfer.matchRequired') : undefined}
            options={draft.columns.map((c) => ({
              value: c.field,
              label: textOf(fieldOf(entity, c.field)?.name ?? c.field),
            }))}
          />
        )}
      </div>
      <Switch
        checked={draft.rules}
        onChange={(rules) => onChange({ ...draft, rules })}
        label={t('transfer.runRules')}
        help={t('transfer.runRulesHelp')}
      />
    </>
  );
}
