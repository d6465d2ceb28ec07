import { controlProps, type InputProps } from '../define';
import { type LinkValue, linkId } from '../links-values';
import { RecordPicker } from '../RecordPicker';

export function Input(props: InputProps<LinkValue>) {
  const { value, onChange, field, ctx, size, placeholder, onBlur, onPicked, record } = props;
  const id = linkId(value);
  return (
    <RecordPicker
      {...controlProps(props)}
      {...{ field, ctx, size, placeholder, record }}
      many={false}
      value={id ? [id] : []}
      onChange={(ids, picked) => {
        onChange(ids[0] ?? null);
        onPicked?.(picked);
      }}
      onClose={onBlur}
    />
  );
}
