import { TextInput } from '@/kit/TextInput';
import { t } from '@/locales';
import { ActionLink } from '../ActionLink';
import { readLine, webAddress } from '../contacts';
import { controlProps, type InputProps } from '../define';

export function Input(props: InputProps<string>) {
  const { value, onChange, size, placeholder, autoFocus, onBlur } = props;
  const href = value ? webAddress(value) : null;
  return (
    <TextInput
      {...controlProps(props)}
      {...{ size, placeholder, autoFocus }}
      type="url"
      inputMode="url"
      autoComplete="off"
      icon="globe"
      value={value ?? ''}
      onChange={(text) => onChange(text === '' ? null : text)}
      onBlur={() => {
        const clean = readLine(value ?? '');
        if (clean !== (value ?? null)) onChange(clean);
        onBlur?.();
      }}
      suffix={href && <ActionLink href={href} icon="external" label={t('common.open')} external />}
    />
  );
}
