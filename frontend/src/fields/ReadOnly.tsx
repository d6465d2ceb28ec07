import type { ReactNode } from 'react';
import { cx } from '@/kit/cx';
import { FieldFrame } from '@/kit/FieldFrame';
import { controlProps, type InputProps } from './define';
import styles from './ReadOnly.module.css';

/** A value that nobody types, in the place of a control. */
export function ReadOnly<V>({
  props,
  children,
  note,
}: {
  props: InputProps<V>;
  children: ReactNode;
  note?: ReactNode;
}) {
  const { size } = props;
  const { disabled: _disabled, required: _required, 'aria-label': ariaLabel, ...frame } = controlProps(props);
  return (
    <FieldFrame {...frame}>
      {(ids) => (
        <output id={ids.id} aria-label={ariaLabel} className={cx(styles.value, size === 'sm' && styles.sm)}>
          {children ?? <span className={styles.note}>{note}</span>}
        </output>
      )}
    </FieldFrame>
  );
}
