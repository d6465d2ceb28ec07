import { NumberInput } from '@/kit/NumberInput';
import type { Numeric } from '@/locales/format';
import { controlProps, type InputProps, option } from '../define';

export function Input(props: InputProps<Numeric>) {
  const { value, onChange, field, size, placeholder, autoFocus, onBlur } = props;
  return (
    <NumberInput
      {...controlProps(props)}
      {...{ size, placeholder, autoFocus, onBlur, onChange }}
      percent
      value={value ?? null}
      scale={option(field, 'scale', 0)}
    />
  );
}
