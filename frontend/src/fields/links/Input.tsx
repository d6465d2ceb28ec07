import { controlProps, type InputProps } from '../define';
import { type LinkValue, linkIds } from '../links-values';
import { RecordPicker } from '../RecordPicker';

export function Input(props: InputProps<LinkValue[]>) {
  const { value, onChange, field, ctx, size, placeholder, onBlur, onPicked, record } = props;
  return (
    <RecordPicker
      {...controlProps(props)}
      {...{ field, ctx, size, placeholder, record }}
      many
      value={linkIds(value)}
      onChange={(ids, picked) => {
        onChange(ids.length > 0 ? ids : null);
        if (picked) onPicked?.(picked);
      }}
      onClose={onBlur}
    />
  );
}
