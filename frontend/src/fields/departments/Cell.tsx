import { cx } from '@/kit/cx';
import { Tag } from '@/kit/Tag';
import styles from '../cells.module.css';
import type { CellProps } from '../define';
import { nameOf } from '../people';

export function Cell({ value, ctx, variant }: CellProps<string[]>) {
  if (!value || value.length === 0) return null;
  return (
    <span className={cx(styles.tags, variant === 'detail' && styles.wrap)}>
      {value.map((id) => (
        <Tag key={id}>{nameOf(id, ctx)}</Tag>
      ))}
    </span>
  );
}
