import type { FilterProps } from './define';
import { RecordPicker } from './RecordPicker';

/** Linked records to filter by; the field's own condition does not narrow them. */
export function LinkFilter({ value, onChange, op, field, ctx, ...rest }: FilterProps) {
  const many = op === 'in' || op === 'nin';
  const chosen = Array.isArray(value) ? (value as string[]) : value ? [String(value)] : [];
  return (
    <RecordPicker
      {...rest}
      {...{ many, field }}
      size="sm"
      ctx={{ ...ctx, pickerFilter: undefined }}
      value={chosen}
      onChange={(ids) => onChange(many ? ids : (ids[0] ?? null))}
    />
  );
}
