import { cx } from '@/kit/cx';
import styles from '../cells.module.css';
import type { CellProps } from '../define';
import { Person } from '../Person';
import { nameOf } from '../people';

export function Cell({ value, ctx, variant }: CellProps<string[]>) {
  if (!value || value.length === 0) return null;
  return (
    <span className={cx(styles.people, variant === 'detail' && styles.wrap)}>
      {value.map((id) => {
        const name = nameOf(id, ctx);
        return name ? <Person key={id} name={name} /> : null;
      })}
    </span>
  );
}
