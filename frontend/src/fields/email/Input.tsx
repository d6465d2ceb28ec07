import { TextInput } from '@/kit/TextInput';
import { t } from '@/locales';
import { ActionLink } from '../ActionLink';
import { mailTo, readLine } from '../contacts';
import { controlProps, type InputProps } from '../define';

export function Input(props: InputProps<string>) {
  const { value, onChange, size, placeholder, autoFocus, onBlur } = props;
  const href = value ? mailTo(value) : null;
  return (
    <TextInput
      {...controlProps(props)}
      {...{ size, placeholder, autoFocus }}
      type="email"
      inputMode="email"
      autoComplete="off"
      icon="mail"
      value={value ?? ''}
      onChange={(text) => onChange(text === '' ? null : text)}
      onBlur={() => {
        const clean = readLine(value ?? '');
        if (clean !== (value ?? null)) onChange(clean);
        onBlur?.();
      }}
      suffix={href && <ActionLink href={href} icon="mail" label={t('fields.write')} />}
    />
  );
}
