import { useState } from 'react';
import { useDirectory } from '@/api/queries/workspaces';
import type { BoardFilter } from '@/api/types';
import { choicesOf } from '@/fields';
import { Avatar, Button, MultiSelect, Popover, Select } from '@/kit';
import { DateInput } from '@/kit/DateInput';
import { lookup, t } from '@/locales';
import { formatDate } from '@/locales/format';
import { textOf } from '@/locales/text';
import { useApp } from '@/runtime/app/context';
import styles from './dashboard.module.css';
import { type FilterValue, type FilterValues, periods } from './filters';

export interface FilterBarProps {
  filters: BoardFilter[];
  values: FilterValues;
  onChange: (filter: BoardFilter, value: FilterValue | null) => void;
  onClear: () => void;
}

/** The filters of a dashboard, in one row. */
export function FilterBar({ filters, values, onChange, onClear }: FilterBarProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset brings a form of its own, this is a toolbar row
    <div className={styles.filters} role="group" aria-label={t('board.filters')}>
      {filters.map((filter) => {
        const props = {
          filter,
          value: values[filter.id],
          onChange: (value: FilterValue | null) => onChange(filter, value),
        };
        return (
          <div key={filter.id} className={filter.type === 'date' ? undefined : styles.filter}>
            {filter.type === 'date' ? (
              <DateFilter {...props} />
            ) : filter.type === 'member' ? (
              <MemberFilter {...props} />
            ) : (
              <ChoiceFilter {...props} />
            )}
          </div>
        );
      })}
      {Object.keys(values).length > 0 && (
        <Button size="sm" variant="plain" icon="filter-off" onClick={onClear}>
          {t('common.reset')}
        </Button>
      )}
    </div>
  );
}

interface OneProps {
  filter: BoardFilter;
  value: FilterValue | undefined;
  onChange: (value: FilterValue | null) => void;
}

function MemberFilter({ filter, value, onChange }: OneProps) {
  const { workspace } = useApp();
  const directory = useDirectory(workspace.key);
  const name = textOf(filter.name);
  return (
    <Select
      size="sm"
      aria-label={name}
      placeholder={name}
      clearable
      searchable
      dropdownWidth={220}
      value={typeof value === 'string' ? value : null}
      onChange={onChange}
      options={[
        { value: 'me', label: t('common.you'), icon: 'user' },
        ...(directory.data?.members ?? []).map((m) => ({
          value: m.id,
          label: m.name,
          before: <Avatar name={m.name} size={20} pending={m.status === 'placeholder'} />,
        })),
      ]}
    />
  );
}

function ChoiceFilter({ filter, value, onChange }: OneProps) {
  const { runtime } = useApp();
  const name = textOf(filter.name);
  const field = runtime.entities.flatMap((e) => {
    const ref = filter.fields[e.id] ?? filter.fields[e.key];
    const found = ref && e.fields.find((f) => f.id === ref || f.key === ref);
    return found ? [found] : [];
  })[0];
  return (
    <MultiSelect
      size="sm"
      aria-label={name}
      placeholder={name}
      clearable
      dropdownWidth={220}
      value={Array.isArray(value) ? value : value === undefined ? [] : [String(value)]}
      onChange={onChange}
      options={(field ? choicesOf(field) : []).map((c) => ({
        value: c.key,
        label: textOf(c.label),
        hue: c.hue ?? 'gray',
      }))}
    />
  );
}

function periodName(value: FilterValue | undefined): string | null {
  if (value === undefined || Array.isArray(value)) return null;
  return typeof value === 'string'
    ? (lookup(`board.period.${value}`) ?? value)
    : `${formatDate(value.from)} – ${formatDate(value.to)}`;
}

function DateFilter({ filter, value, onChange }: OneProps) {
  const range = value && typeof value === 'object' && !Array.isArray(value) ? value : null;
  const [from, setFrom] = useState<string | null>(range?.from ?? null);
  const [to, setTo] = useState<string | null>(range?.to ?? null);
  const name = textOf(filter.name);
  return (
    <Popover
      width={280}
      label={name}
      target={
        <Button size="sm" icon="calendar" iconAfter="chevron-down" active={value !== undefined}>
          {periodName(value) ?? name}
        </Button>
      }
    >
      {(close) => (
        <div className={styles.dates}>
          <div className={styles.periods}>
            {periods.map((period) => (
              <Button
                key={period}
                size="sm"
                variant="plain"
                active={value === period}
                onClick={() => {
                  onChange(period);
                  close();
                }}
              >
                {lookup(`board.period.${period}`)}
              </Button>
            ))}
          </div>
          <div className={styles.range}>
            <DateInput
              size="sm"
              aria-label={t('board.from')}
              placeholder={t('board.from')}
              value={from}
              onChange={setFrom}
            />
            <DateInput
              size="sm"
              aria-label={t('board.to')}
              placeholder={t('board.to')}
              value={to}
              onChange={setTo}
              min={from ?? undefined}
            />
          </div>
          <div className={styles.dateActions}>
            <Button
              size="sm"
              variant="plain"
              onClick={() => {
                onChange(null);
                close();
              }}
            >
              {t('common.clear')}
            </Button>
            <Button
              size="sm"
              variant="primary"
              disabled={!from || !to || to < from}
              onClick={() => {
                if (from && to) onChange({ from, to });
                close();
              }}
            >
              {t('common.confirm')}
            </Button>
          </div>
        </div>
      )}
    </Popover>
  );
}
