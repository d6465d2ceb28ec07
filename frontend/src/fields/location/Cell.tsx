import cells from '../cells.module.css';
import type { CellProps } from '../define';
import { mapUrl, type Place, placeText } from './values';

export function Cell({ value, ctx, variant }: CellProps<Place>) {
  if (!value) return null;
  if (variant !== 'detail') return <span className={cells.line}>{placeText(value)}</span>;
  return (
    <a className={cells.link} href={mapUrl(value, ctx.locale)} target="_blank" rel="noreferrer noopener">
      {placeText(value)}
    </a>
  );
}
