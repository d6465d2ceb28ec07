import { NumberInput } from '@/kit/NumberInput';
import { formatMoney, type Numeric } from '@/locales/format';
import { controlProps, type InputProps, option } from '../define';
import { exact } from '../numbers';

export function Input(props: InputProps<Numeric>) {
  const { value, onChange, field, size, placeholder, autoFocus, onBlur } = props;
  const sign = formatMoney(0, option(field, 'currency', 'CNY'), 0).replace(/[\d\s]/g, '');
  return (
    <NumberInput
      {...controlProps(props)}
      {...{ size, placeholder, autoFocus, onBlur, onChange }}
      value={value ?? null}
      exact={exact(field)}
      scale={option(field, 'scale', 2)}
      prefix={sign}
    />
  );
}
