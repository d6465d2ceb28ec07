import type { InputProps } from '../define';
import { type LinkValue, linkId } from '../links-values';
import { RecordPicker } from '../RecordPicker';

export function Input({ value, onChange, onPicked, autoFocus: _autoFocus, onBlur, ...rest }: InputProps<LinkValue>) {
  const id = linkId(value);
  return (
    <RecordPicker
      {...rest}
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
