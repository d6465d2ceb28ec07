import type { IconName } from './icons';
import { definitionIconNames } from './icons';
import sprite from './icons.svg?url';

export interface IconProps {
  /** One of our names. */
  name: IconName | (string & {});
  size?: 14 | 16 | 18 | 20 | 24 | 32;
  className?: string;
  /** Read out when the icon stands alone; otherwise it is decoration. */
  label?: string;
}

const known = new Set<string>(definitionIconNames);

/** The name when this version can draw it, else a stand-in: definitions may come from a newer version. */
export function iconOr(name: string | undefined, other: IconName): IconName {
  return name && known.has(name) ? (name as IconName) : other;
}

/** An icon of the one family, 1.6 strokes. */
export function Icon({ name, size = 16, className, label }: IconProps) {
  return (
    <svg
      width={size}
      height={size}
      // The stroke is drawn in the sprite's 24 units: thinner lines in larger icons.
      strokeWidth={size <= 14 ? 2.2 : size <= 16 ? 2 : size <= 20 ? 1.8 : 1.5}
      className={className}
      role={label ? 'img' : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
      style={{ flex: 'none' }}
    >
      <use href={`${sprite}#${name}`} />
    </svg>
  );
}
