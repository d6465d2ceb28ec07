import { Textarea } from '@/kit/Textarea';
import { TextInput } from '@/kit/TextInput';
import { type InputProps, option } from '../define';

export function Input({ value, onChange, field, ctx: _ctx, record: _record, onPicked: _onPicked, ...rest }: InputProps<string>) {
  const maxLength = option<number | undefined>(field, 'max_length', undefined);
  const shared = {
    ...rest,
    value: value ?? '',
    onChange: (text: string) => onChange(text === '' ? null : text),
    maxLength,
  };
  if (option(field, 'multiline', false)) {
    const { size, ...area } = shared;
    return <Textarea {...area} minRows={size === 'sm' ? 1 : 3} />;
  }
  return <TextInput {...shared} />;
}
