import type { InputProps } from '../define';
import { PeoplePicker } from '../PeoplePicker';

export function Input({ value, onChange, record: _record, onPicked: _onPicked, autoFocus: _autoFocus, onBlur, ...rest }: InputProps<string>) {
  return <PeoplePicker {...rest} kind="member" many={false} value={value ? [value] : []} onChange={(ids) => onChange(ids[0] ?? null)} onClose={onBlur} />;
}
