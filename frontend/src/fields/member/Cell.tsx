import type { CellProps } from '../define';
import { Person } from '../Person';
import { nameOf } from '../people';

export function Cell({ value, ctx }: CellProps<string>) {
  if (!value) return null;
  const name = nameOf(value, ctx);
  return name ? <Person name={name} /> : null;
}
