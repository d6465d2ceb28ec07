import { DateInput } from '@/kit/DateInput';
import { type InputProps, option } from '../define';

export function Input({ value, onChange, field, ctx: _ctx, record: _record, onPicked: _onPicked, autoFocus: _autoFocus, onBlur: _onBlur, ...rest }: InputProps<string>) {
  return (
    <DateInput
      {...rest}
      value={value ?? null}
      onChange={onChange}
      min={option<string | undefined>(field, 'min', undefined)}
      max={option<string | undefined>(field, 'max', undefined)}
    />
  );
}
