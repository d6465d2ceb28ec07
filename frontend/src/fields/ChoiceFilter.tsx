import { MultiSelect, Select } from '@/kit/Select';
import { textOf } from '@/locales/text';
import { choicesOf, type FilterProps } from './define';

/** Choices to filter by, retired ones too: old records still hold them. */
export function ChoiceFilter({ value, onChange, op, field, 'aria-label': label }: FilterProps) {
  const options = choicesOf(field).map((c) => ({ value: c.key, label: textOf(c.label), hue: c.hue ?? 'gray' }));
  if (op === 'in' || op === 'nin') {
    return (
      <MultiSelect
        size="sm"
        aria-label={label}
        options={options}
        value={Array.isArray(value) ? (value as string[]) : value ? [String(value)] : []}
        onChange={onChange}
      />
    );
  }
  return (
    <Select
      size="sm"
      aria-label={label}
      options={options}
      value={Array.isArray(value) ? (value[0] as string) : ((value as string) ?? null)}
      onChange={onChange}
    />
  );
}
