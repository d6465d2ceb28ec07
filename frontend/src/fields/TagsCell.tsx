import { cx } from '@/kit/cx';
import { Tag } from '@/kit/Tag';
import { textOf } from '@/locales/text';
import styles from './cells.module.css';
import { choiceOf } from './choices';
import type { CellProps } from './define';

/** Several choices as tags. */
export function TagsCell({ value, field, variant }: CellProps<string[]>) {
  if (!value || value.length === 0) return null;
  return (
    <span className={cx(styles.tags, (variant === 'detail' || variant === 'card') && styles.wrap)}>
      {value.map((key) => {
        const choice = choiceOf(field, key);
        return (
          <Tag key={key} hue={choice?.hue} faded={choice?.retired}>
            {choice ? textOf(choice.label) : key}
          </Tag>
        );
      })}
    </span>
  );
}
