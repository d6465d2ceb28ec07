// Controls that the settings of several view types are made of.
import type { RuntimeEntity, RuntimeField } from '@/api/types';
import { fieldOf } from '@/fields';
import { MultiSelect, Select } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { allFields, findField } from './system';

const optionOf = (f: RuntimeField) => ({ value: f.id, label: textOf(f.name), icon: fieldOf(f.type).icon });

/** One field of those that fit; may be left open. */
export function FieldChoice({
  label,
  entity,
  value,
  accept,
  required,
  onChange,
}: {
  label: string;
  entity: RuntimeEntity;
  value: string | undefined;
  accept: (field: RuntimeField) => boolean;
  required?: boolean;
  onChange: (id: string | undefined) => void;
}) {
  return (
    <Select
      size="sm"
      label={label}
      value={findField(entity, value)?.id ?? null}
      placeholder={t('list.noneOption')}
      clearable={!required}
      options={allFields(entity).filter(accept).map(optionOf)}
      onChange={(id) => onChange(id ?? undefined)}
    />
  );
}

/** The fields that cards show. */
export function CardsChoice({
  entity,
  value,
  onChange,
}: {
  entity: RuntimeEntity;
  value: string[] | undefined;
  onChange: (ids: string[]) => void;
}) {
  return (
    <MultiSelect
      size="sm"
      label={t('list.cards')}
      value={(value ?? []).map((id) => findField(entity, id)?.id).filter((id): id is string => !!id)}
      options={allFields(entity)
        .filter((f) => f.kind !== 'rows')
        .map(optionOf)}
      onChange={onChange}
    />
  );
}

/** Fields whose single value puts a record into one column. */
export const isColumnField = (f: RuntimeField): boolean =>
  f.readable &&
  !f.masked &&
  f.kind !== 'list' &&
  ((f.choices?.length ?? 0) > 0 ||
    !!f.traits.holds_member ||
    f.type === 'member' ||
    !!f.traits.holds_department ||
    f.type === 'department' ||
    f.kind === 'bool');

export const isDateField = (f: RuntimeField): boolean =>
  f.readable && !f.masked && (f.kind === 'date' || f.kind === 'time');
export const isChoiceField = (f: RuntimeField): boolean =>
  f.readable && f.kind !== 'list' && (f.choices?.length ?? 0) > 0;
export const isNumberField = (f: RuntimeField): boolean => f.readable && !f.masked && f.kind === 'number';
