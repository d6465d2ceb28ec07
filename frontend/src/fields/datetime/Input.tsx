import { DateTimeInput } from '@/kit/DateInput';
import { timeZone } from '@/locales/format';
import { controlProps, type InputProps, option } from '../define';

export function Input(props: InputProps<string>) {
  const { value, onChange, field, ctx, size, placeholder } = props;
  const shared = controlProps(props);
  return (
    <DateTimeInput
      {...shared}
      {...{ size, placeholder, onChange }}
      clearable={size !== 'sm'}
      // Where the reader's clock is not the workspace's, say which one is meant.
      aside={
        shared.aside ??
        (shared.label && timeZone() !== ctx.zone ? timeZone().split('/').at(-1)?.replaceAll('_', ' ') : undefined)
      }
      value={value ?? null}
      withSeconds={option<string>(field, 'precision', 'minute') === 'second'}
    />
  );
}
