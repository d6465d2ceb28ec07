import { useId, useState } from 'react';
import { cx } from '@/kit/cx';
import { FieldFrame } from '@/kit/FieldFrame';
import type { Numeric } from '@/locales/format';
import { controlProps, type InputProps, option } from '../define';
import { Mark } from './Mark';
import styles from './rating.module.css';

/** Radio buttons that look like marks; the given one pressed again takes the score away. */
export function Input(props: InputProps<Numeric>) {
  const { value, onChange, field, size } = props;
  const { disabled, 'aria-label': ariaLabel, ...frame } = controlProps(props);
  const [over, setOver] = useState(0);
  const name = useId();
  const icon = option<string>(field, 'icon', 'star');
  const max = option(field, 'max', 5);
  const score = Number(value ?? 0);
  const shown = over || score;
  return (
    <FieldFrame {...frame} group="radiogroup">
      {(ids) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: takes back the preview of a score
        <div className={styles.input} aria-label={ariaLabel} onMouseLeave={() => setOver(0)}>
          {Array.from({ length: max }, (_, i) => i + 1).map((n) => (
            <label
              key={n}
              className={cx(styles.choice, n <= shown && (icon === 'heart' ? styles.heart : styles.on))}
              onMouseEnter={() => !disabled && setOver(n)}
            >
              <input
                type="radio"
                id={n === Math.max(1, score) ? ids.id : undefined}
                name={name}
                checked={score === n}
                disabled={disabled}
                aria-label={`${n} / ${max}`}
                onChange={() => onChange(n)}
                onClick={() => {
                  if (score === n) {
                    onChange(null);
                    setOver(0);
                  }
                }}
              />
              <Mark icon={icon} on={n <= shown} size={size === 'sm' ? 16 : 20} />
            </label>
          ))}
          {score > 0 && size !== 'sm' && <span className={styles.score}>{`${score} / ${max}`}</span>}
        </div>
      )}
    </FieldFrame>
  );
}
