import { RadioGroup } from '@/kit/RadioGroup';
import { Segmented } from '@/kit/Segmented';
import { Select } from '@/kit/Select';
import { offered } from '../choices';
import { controlProps, type InputProps, option } from '../define';

export function Input(props: InputProps<string>) {
  const { value, onChange, field, size, placeholder, onBlur } = props;
  const shared = controlProps(props);
  const options = offered(field, value ? [value] : []);
  const style = size === 'sm' ? 'dropdown' : option<string>(field, 'style', 'dropdown');
  if (style === 'radio') return <RadioGroup {...shared} value={value ?? null} onChange={onChange} options={options} />;
  if (style === 'buttons' && options.length <= 5)
    return <Segmented {...shared} value={value ?? ''} onChange={onChange} options={options} />;
  return (
    <Select
      {...shared}
      {...{ size, placeholder, options, onChange }}
      clearable={!shared.required}
      value={value ?? null}
      onClose={onBlur}
    />
  );
}
