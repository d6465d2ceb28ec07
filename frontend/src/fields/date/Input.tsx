import { DateInput } from '@/kit/DateInput';
import { DayPicks } from '../DayPicks';
import { controlProps, type InputProps, option } from '../define';
import styles from '../inputs.module.css';

export function Input(props: InputProps<string>) {
  const { value, onChange, field, size, placeholder } = props;
  const control = (
    <DateInput
      {...controlProps(props)}
      {...{ size, placeholder, onChange }}
      // In a row the text is deleted: a button per cell would be noise.
      clearable={size !== 'sm'}
      value={value ?? null}
      min={option<string | undefined>(field, 'min', undefined)}
      max={option<string | undefined>(field, 'max', undefined)}
    />
  );
  if (size === 'sm' || !field.options?.picks) return control;
  return (
    <div className={styles.stack}>
      {control}
      <DayPicks field={field} day={value ?? null} disabled={props.disabled} onPick={onChange} />
    </div>
  );
}
