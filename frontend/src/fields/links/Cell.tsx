import { cx } from '@/kit/cx';
import { Tag } from '@/kit/Tag';
import styles from '../cells.module.css';
import type { CellProps } from '../define';
import { type LinkValue, linkId, linkTitle } from '../links-values';

export function Cell({ value, field, ctx, variant }: CellProps<LinkValue[]>) {
  if (!value || value.length === 0) return null;
  const entity = field.link?.entity;
  const opens = variant === 'detail' && ctx.open && entity;
  return (
    <span className={cx(styles.tags, variant === 'detail' && styles.wrap)}>
      {value.map((one) => {
        const id = linkId(one) ?? '';
        const title = linkTitle(one, ctx);
        return opens && (typeof one === 'object' || ctx.names[id] !== undefined) ? (
          <button key={id} type="button" className={styles.link} onClick={() => ctx.open?.(entity, id)}>
            <Tag>{title}</Tag>
          </button>
        ) : (
          <Tag key={id}>{title}</Tag>
        );
      })}
    </span>
  );
}
