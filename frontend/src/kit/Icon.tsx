import { definitionIcons, type IconName, interfaceIcons } from './icons';

export interface IconProps {
  /** One of our names; an unknown name of a newer definition shows the app icon. */
  name: IconName | (string & {});
  size?: 14 | 16 | 18 | 20 | 24 | 32;
  className?: string;
  /** Read out when the icon stands alone; otherwise it is decoration. */
  label?: string;
}

/** An icon of the one family, 1.6 strokes. */
export function Icon({ name, size = 16, className, label }: IconProps) {
  const Shape =
    (definitionIcons as Record<string, (typeof definitionIcons)['app']>)[name] ??
    (interfaceIcons as Record<string, (typeof definitionIcons)['app']>)[name] ??
    definitionIcons.app;
  return (
    <Shape
      size={size}
      stroke={size >= 24 ? 1.5 : 1.6}
      className={className}
      aria-hidden={label ? undefined : true}
      aria-label={label}
      role={label ? 'img' : undefined}
      style={{ flex: 'none' }}
    />
  );
}
