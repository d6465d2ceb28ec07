import { TextInput } from '@/kit/TextInput';
import { t } from '@/locales';
import { ActionLink } from '../ActionLink';
import { dial, readPhone } from '../contacts';
import { controlProps, type InputProps } from '../define';

export function Input(props: InputProps<string>) {
  const { value, onChange, size, placeholder, autoFocus, onBlur } = props;
  const href = value ? dial(value) : null;
  return (
    <TextInput
      {...controlProps(props)}
      {...{ size, placeholder, autoFocus }}
      type="tel"
      inputMode="tel"
      autoComplete="off"
      icon="phone"
      value={value ?? ''}
      onChange={(text) => onChange(text === '' ? null : text)}
      onBlur={() => {
        const clean = readPhone(value ?? '');
        if (clean !== (value ?? null)) onChange(clean);
        onBlur?.();
      }}
      suffix={href && <ActionLink href={href} icon="phone" label={t('fields.call')} />}
    />
  );
}
