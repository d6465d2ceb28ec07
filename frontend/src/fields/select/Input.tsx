import { RadioGroup } from '@/kit/RadioGroup';
import { Segmented } from '@/kit/Segmented';
import { Select } from '@/kit/Select';
import { offered } from '../choices';
import { type InputProps, option } from '../define';

export function Input({ value, onChange, field, ctx: _ctx, record: _record, onPicked: _onPicked, autoFocus: _autoFocus, onBlur, size, placeholder, ...rest }: InputProps<string>) {
  const options = offered(field, value ? [value] : []);
  const style = size === 'sm' ? 'dropdown' : option<string>(field, 'style', 'dropdown');
  if (style === 'radio') return <RadioGroup {...rest} value={value ?? null} onChange={onChange} options={options} />;
  if (style === 'buttons' && options.length <= 5) {
    return <Segmented {...rest} value={value ?? ''} onChange={onChange} options={options} />;
  }
  return (
    <Select
      {...rest}
      size={size}
      placeholder={placeholder}
      clearable={!rest.required}
      value={value ?? null}
      onChange={onChange}
      onClose={onBlur}
      options={options}
    />
  );
}
