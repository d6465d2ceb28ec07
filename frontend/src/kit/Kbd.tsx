import { cx } from './cx';
import styles from './Kbd.module.css';

const mac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The name of a shortcut on this machine: "mod+k" is Ctrl K or ⌘ K. */
export function shortcutText(keys: string): string {
  return keys
    .split('+')
    .map((key) => {
      if (key === 'mod') return mac ? '⌘' : 'Ctrl';
      if (key === 'alt') return mac ? '⌥' : 'Alt';
      if (key === 'shift') return mac ? '⇧' : 'Shift';
      if (key === 'enter') return '↵';
      if (key === 'esc') return 'Esc';
      return key.length === 1 ? key.toUpperCase() : key;
    })
    .join(' ');
}

/** A keyboard shortcut, e.g. keys="mod+k". */
export function Kbd({ keys, inverse }: { keys: string; inverse?: boolean }) {
  return <kbd className={cx(styles.kbd, inverse && styles.inverse)}>{shortcutText(keys)}</kbd>;
}
