import { useId } from 'react';
import { cx } from './cx';
import { FieldFrame, type FrameProps } from './FieldFrame';
import { Icon, type IconProps } from './Icon';
import styles from './Segmented.module.css';

export interface SegmentedOption<V extends string> {
  value: V;
  label: string;
  icon?: IconProps['name'];
  /** Show the icon only; the label names it. */
  iconOnly?: boolean;
}

export interface SegmentedProps<V extends string> extends FrameProps {
  value: V;
  onChange: (value: V) => void;
  options: SegmentedOption<V>[];
  size?: 'sm' | 'md';
  block?: boolean;
  disabled?: boolean;
  'aria-label'?: string;
}

/** One of two to five short options, as joined buttons. */
export function Segmented<V extends string>({
  value,
  onChange,
  options,
  size = 'md',
  block,
  disabled,
  'aria-label': ariaLabel,
  ...frame
}: SegmentedProps<V>) {
  const name = useId();
  return (
    <FieldFrame {...frame} group={frame.label ? 'radiogroup' : undefined}>
      {() => (
        <div
          className={cx(styles.track, size === 'sm' && styles.sm, block && styles.block)}
          role={frame.label ? undefined : 'radiogroup'}
          aria-label={ariaLabel}
        >
          {options.map((option) => (
            <label key={option.value} className={styles.option} title={option.iconOnly ? option.label : undefined}>
              <input
                type="radio"
                name={name}
                className={styles.input}
                checked={option.value === value}
                disabled={disabled}
                aria-label={option.iconOnly ? option.label : undefined}
                onChange={() => onChange(option.value)}
              />
              {option.icon && <Icon name={option.icon} />}
              {!option.iconOnly && <span>{option.label}</span>}
            </label>
          ))}
        </div>
      )}
    </FieldFrame>
  );
}
