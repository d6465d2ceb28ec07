import { FieldFrame } from '@/kit/FieldFrame';
import { Switch } from '@/kit/Switch';
import { t } from '@/locales';
import { controlProps, type InputProps } from '../define';
import styles from '../inputs.module.css';

export function Input(props: InputProps<boolean>) {
  const { value, onChange, size } = props;
  const {
    label,
    help,
    error,
    required,
    optional,
    inline,
    aside,
    className,
    id,
    disabled,
    'aria-label': ariaLabel,
  } = controlProps(props);
  return (
    <FieldFrame {...{ label, help, error, required, optional, inline, aside, className, id }}>
      {(ids) => (
        <span className={styles.switch}>
          <Switch
            id={ids.id}
            aria-label={ariaLabel}
            disabled={disabled}
            checked={value === true}
            onChange={onChange}
            label={size === 'sm' ? undefined : t(value ? 'common.yes' : 'common.no')}
          />
        </span>
      )}
    </FieldFrame>
  );
}
