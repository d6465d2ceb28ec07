import styles from './AppIcon.module.css';
import { Icon } from './Icon';
import { hueVars } from './Tag';

/** The coloured square of an app or an entity. */
export function AppIcon({ icon, hue, size = 32 }: { icon?: string; hue?: string; size?: 20 | 24 | 32 | 40 }) {
  return (
    <span
      className={styles.square}
      style={{ ...hueVars(hue ?? 'jade'), width: size, height: size, borderRadius: size >= 32 ? 8 : 5 }}
      aria-hidden
    >
      <Icon name={icon || 'app'} size={size >= 40 ? 20 : size >= 32 ? 18 : 14} />
    </span>
  );
}
