import { Checkbox } from '@/kit/Checkbox';
import { FieldFrame } from '@/kit/FieldFrame';
import { MultiSelect } from '@/kit/Select';
import { offered } from '../choices';
import { controlProps, type InputProps, option } from '../define';
import styles from '../inputs.module.css';

export function Input(props: InputProps<string[]>) {
  const { value, onChange, field, size, placeholder, onBlur } = props;
  const chosen = value ?? [];
  const shared = controlProps(props);
  const options = offered(field, chosen);
  const set = (keys: string[]) => onChange(keys.length > 0 ? keys : null);
  // Stored in the order of the choices, however they were clicked.
  const flip = (key: string) =>
    set(options.map((o) => o.value).filter((k) => (k === key ? !chosen.includes(k) : chosen.includes(k))));
  const style = size === 'sm' ? 'dropdown' : option<string>(field, 'style', 'dropdown');
  const full = chosen.length >= option(field, 'max_count', Number.POSITIVE_INFINITY);
  if (style !== 'dropdown') {
    const { disabled, 'aria-label': _name, ...frame } = shared;
    return (
      <FieldFrame {...frame} group="group">
        {() => (
          <div className={style === 'checkbox' ? styles.options : styles.pills}>
            {options.map((o) => {
              const on = chosen.includes(o.value);
              const off = disabled || (full && !on);
              return style === 'checkbox' ? (
                <Checkbox key={o.value} label={o.label} checked={on} disabled={off} onChange={() => flip(o.value)} />
              ) : (
                <button
                  key={o.value}
                  type="button"
                  className={styles.pill}
                  aria-pressed={on}
                  disabled={off}
                  onClick={() => flip(o.value)}
                >
                  {o.label}
                </button>
              );
            })}
          </div>
        )}
      </FieldFrame>
    );
  }
  return (
    <MultiSelect
      {...shared}
      {...{ size, placeholder }}
      options={full ? options.map((o) => ({ ...o, disabled: !chosen.includes(o.value) })) : options}
      clearable={!shared.required}
      value={chosen}
      onChange={set}
      onClose={onBlur}
    />
  );
}
