import type { FilterProps } from './define';
import { PeoplePicker } from './PeoplePicker';

/** People to filter by: several for "is one of". */
export function PeopleFilter({
  value,
  onChange,
  op,
  field,
  ctx,
  kind,
  ...rest
}: FilterProps & { kind: 'member' | 'department' }) {
  const many = op === 'in' || op === 'nin';
  const chosen = Array.isArray(value) ? (value as string[]) : value ? [String(value)] : [];
  // The limits of the field are for new values: old records may hold anybody.
  const open = { ...field, options: {} };
  return (
    <PeoplePicker
      {...rest}
      {...{ kind, many, ctx }}
      size="sm"
      field={open}
      value={chosen}
      onChange={(ids) => onChange(many ? ids : (ids[0] ?? null))}
    />
  );
}
