import cells from '../cells.module.css';
import type { CellProps } from '../define';
import { type Address, addressText } from './values';

export function Cell({ value, variant }: CellProps<Address | string>) {
  if (!value) return null;
  const text = typeof value === 'string' ? value : addressText(value);
  return <span className={variant === 'detail' ? cells.lines : cells.line}>{text}</span>;
}
