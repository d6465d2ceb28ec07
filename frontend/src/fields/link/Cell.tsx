import { cx } from '@/kit/cx';
import styles from '../cells.module.css';
import type { CellProps } from '../define';
import { type LinkValue, linkId, linkTitle } from '../links-values';

export function Cell({ value, field, ctx, variant }: CellProps<LinkValue>) {
  const id = linkId(value);
  if (!id) return null;
  const title = linkTitle(value, ctx);
  const entity = field.link?.entity;
  // A record without a known title is one that the reader may not open.
  if (variant === 'detail' && ctx.open && entity && (typeof value === 'object' || ctx.names[id] !== undefined)) {
    return (
      <button type="button" className={styles.link} onClick={() => ctx.open?.(entity, id)}>
        {title}
      </button>
    );
  }
  return (
    <span className={cx(styles.line, typeof value === 'string' && ctx.names[id] === undefined && styles.quiet)}>
      {title}
    </span>
  );
}
