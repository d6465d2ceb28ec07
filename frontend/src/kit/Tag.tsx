import type { CSSProperties, ReactNode } from 'react';
import { cx } from './cx';
import { Icon, type IconProps } from './Icon';
import styles from './Tag.module.css';

/** The twelve hues of data. */
export const hues = [
  'gray',
  'red',
  'orange',
  'amber',
  'lime',
  'green',
  'jade',
  'cyan',
  'blue',
  'indigo',
  'violet',
  'pink',
] as const;
export type HueName = (typeof hues)[number];

/** A hue by name; names of a newer definition are gray. */
export function hueOf(name: string | undefined | null): HueName {
  return (hues as readonly string[]).includes(name ?? '') ? (name as HueName) : 'gray';
}

/** CSS variables --hue-bg, --hue-fg and --hue-solid of a hue. */
export function hueVars(name: string | undefined | null): CSSProperties {
  const hue = hueOf(name);
  return {
    '--hue-bg': `var(--hue-${hue}-bg)`,
    '--hue-fg': `var(--hue-${hue}-fg)`,
    '--hue-solid': `var(--hue-${hue}-solid)`,
  } as CSSProperties;
}

export interface TagProps {
  hue?: string;
  icon?: IconProps['name'];
  children: ReactNode;
  /** Shows a remove button. */
  onRemove?: () => void;
  removeLabel?: string;
  /** A retired choice: readable, visibly out of use. */
  faded?: boolean;
  /** Says more on hover. */
  title?: string;
  className?: string;
}

/** The text of a tag, said on hover in case it does not fit. */
const words = (children: ReactNode) => (typeof children === 'string' ? children : undefined);

/** A value with a hue: status, choice, label. The same value has the same hue everywhere. */
export function Tag({ hue, icon, children, onRemove, removeLabel, faded, title, className }: TagProps) {
  return (
    <span
      className={cx(styles.tag, onRemove && styles.removable, faded && styles.faded, className)}
      style={hueVars(hue)}
      title={title ?? words(children)}
    >
      {icon && <Icon name={icon} size={14} />}
      <span className={styles.text}>{children}</span>
      {onRemove && (
        <button
          type="button"
          tabIndex={-1}
          className={styles.remove}
          aria-label={removeLabel}
          onMouseDown={(e) => e.preventDefault()}
          onClick={(e) => {
            e.stopPropagation();
            onRemove();
          }}
        >
          <Icon name="x" size={14} />
        </button>
      )}
    </span>
  );
}
