import { cx } from '@/kit/cx';
import type { Numeric } from '@/locales/format';
import { type CellProps, option } from '../define';
import { Mark } from './Mark';
import styles from './rating.module.css';

export function Cell({ value, field }: CellProps<Numeric>) {
  if (value === null || value === undefined) return null;
  const icon = option<string>(field, 'icon', 'star');
  const max = option(field, 'max', 5);
  return (
    <span className={styles.marks} role="img" aria-label={`${value} / ${max}`}>
      {Array.from({ length: max }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: marks have no identity
        <span key={i} className={cx(styles.mark, i < Number(value) && (icon === 'heart' ? styles.heart : styles.on))}>
          <Mark icon={icon} on={i < Number(value)} size={14} />
        </span>
      ))}
    </span>
  );
}
