import { DateTimeInput } from '@/kit/DateInput';
import { instantToWall, timeZone, wallToInstant } from '@/locales/format';
import { DayPicks } from '../DayPicks';
import { controlProps, type InputProps, option } from '../define';
import styles from '../inputs.module.css';

/** When a day that was picked begins for people at work. */
const morning = '09:00:00';

export function Input(props: InputProps<string>) {
  const { value, onChange, field, ctx, size, placeholder } = props;
  const shared = controlProps(props);
  const wall = value ? instantToWall(value) : null;
  const control = (
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
  if (size === 'sm' || !field.options?.picks) return control;
  return (
    <div className={styles.stack}>
      {control}
      <DayPicks
        field={field}
        day={wall?.slice(0, 10) ?? null}
        disabled={props.disabled}
        onPick={(day) => onChange(wallToInstant(`${day} ${wall?.slice(11) ?? morning}`))}
      />
    </div>
  );
}
