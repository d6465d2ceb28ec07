import type { Text } from '@/api/types';
import { NumberInput } from '@/kit/NumberInput';
import type { Numeric } from '@/locales/format';
import { textOf } from '@/locales/text';
import { controlProps, type InputProps, option } from '../define';
import { exact } from '../numbers';

export function Input(props: InputProps<Numeric>) {
  const { value, onChange, field, size, placeholder, autoFocus, onBlur } = props;
  const unit = textOf(option<Text>(field, 'unit', ''));
  return (
    <NumberInput
      {...controlProps(props)}
      {...{ size, placeholder, autoFocus, onBlur, onChange }}
      value={value ?? null}
      exact={exact(field)}
      scale={option<number | undefined>(field, 'scale', undefined)}
      thousands={option(field, 'thousands', false)}
      suffix={unit || undefined}
    />
  );
}
