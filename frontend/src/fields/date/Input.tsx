import { DateInput } from '@/kit/DateInput';
import { controlProps, type InputProps, option } from '../define';

export function Input(props: InputProps<string>) {
  const { value, onChange, field, size, placeholder } = props;
  return (
    <DateInput
      {...controlProps(props)}
      {...{ size, placeholder, onChange }}
      // In a row the text is deleted: a button per cell would be noise.
      clearable={size !== 'sm'}
      value={value ?? null}
      min={option<string | undefined>(field, 'min', undefined)}
      max={option<string | undefined>(field, 'max', undefined)}
    />
  );
}
