import { controlProps, type InputProps } from '../define';
import { TagPicker } from './TagPicker';

export function Input(props: InputProps<string[]>) {
  const { value, onChange, field, size, placeholder, onBlur } = props;
  return (
    <TagPicker
      {...controlProps(props)}
      {...{ field, size, placeholder }}
      value={value ?? []}
      onChange={(tags) => onChange(tags.length > 0 ? tags : null)}
      onClose={onBlur}
    />
  );
}
