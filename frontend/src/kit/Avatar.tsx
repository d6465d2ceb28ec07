import styles from './Avatar.module.css';
import { cx } from './cx';
import { hueVars } from './Tag';

export interface AvatarProps {
  name: string;
  src?: string | null;
  size?: 20 | 24 | 28 | 32 | 40 | 56;
  /** A person who has not joined yet. */
  pending?: boolean;
}

const tints = ['jade', 'blue', 'violet', 'amber', 'cyan', 'pink', 'green', 'indigo'];

function tint(name: string): string {
  let hash = 0;
  for (const c of name) hash = (hash * 31 + (c.codePointAt(0) ?? 0)) >>> 0;
  return tints[hash % tints.length] ?? 'jade';
}

/** The letters that stand for a name: the family name in Chinese, initials otherwise. */
export function initials(name: string): string {
  const clean = name.trim();
  if (/^\p{Script=Han}/u.test(clean)) return [...clean][0] ?? '';
  const words = clean.split(/\s+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((w) => [...w][0]?.toUpperCase() ?? '')
    .join('');
}

/** A person's picture, or the first letter of the name on a tint of their own. */
export function Avatar({ name, src, size = 20, pending }: AvatarProps) {
  const letters = initials(name);
  return (
    <span
      className={cx(styles.avatar, pending && styles.pending)}
      style={{ ...hueVars(tint(name)), width: size, height: size, fontSize: size <= 24 ? 11 : Math.round(size * 0.42) }}
      aria-hidden
    >
      {src ? <img src={src} alt="" className={styles.image} /> : size <= 24 ? letters.slice(0, 1) : letters}
    </span>
  );
}
