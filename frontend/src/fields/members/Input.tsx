import { controlProps, type InputProps } from '../define';
import { PeoplePicker } from '../PeoplePicker';

export function Input(props: InputProps<string[]>) {
  const { value, onChange, field, ctx, size, placeholder, onBlur } = props;
  return (
    <PeoplePicker
      {...controlProps(props)}
      {...{ field, ctx, size, placeholder }}
      kind="member"
      many
      value={value ?? []}
      onChange={(ids) => onChange(ids.length > 0 ? ids : null)}
      onClose={onBlur}
    />
  );
}
