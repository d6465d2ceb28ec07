import { Tag } from '@/kit/Tag';
import { textOf } from '@/locales/text';
import { choiceOf } from '../choices';
import type { CellProps } from '../define';

export function Cell({ value, field }: CellProps<string>) {
  if (!value) return null;
  const choice = choiceOf(field, value);
  return (
    <Tag hue={choice?.hue} faded={choice?.retired}>
      {choice ? textOf(choice.label) : value}
    </Tag>
  );
}
