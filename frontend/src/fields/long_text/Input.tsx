import { Textarea } from '@/kit/Textarea';
import { controlProps, type InputProps, option } from '../define';

export function Input(props: InputProps<string>) {
  const { value, onChange, field, size, placeholder, autoFocus, onBlur } = props;
  return (
    <Textarea
      {...controlProps(props)}
      {...{ placeholder, autoFocus, onBlur }}
      value={value ?? ''}
      onChange={(text) => onChange(text === '' ? null : text)}
      minRows={size === 'sm' ? 1 : 3}
      maxRows={16}
      maxLength={option<number | undefined>(field, 'max_length', undefined)}
    />
  );
}
