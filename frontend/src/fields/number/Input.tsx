import type { Text } from '@/api/types';
import { NumberInput } from '@/kit/NumberInput';
import type { Numeric } from '@/locales/format';
import { textOf } from '@/locales/text';
import { type InputProps, option } from '../define';
import { exact } from '../numbers';

export function Input({ value, onChange, field, ctx: _ctx, record: _record, onPicked: _onPicked, ...rest }: InputProps<Numeric>) {
  const unit = textOf(option<Text>(field, 'unit', ''));
  return (
    <NumberInput
      {...rest}
      value={value ?? null}
      onChange={onChange}
      exact={exact(field)}
      scale={option<number | undefined>(field, 'scale', undefined)}
      thousands={option(field, 'thousands', false)}
      suffix={unit || undefined}
    />
  );
}
