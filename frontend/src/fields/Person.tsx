import { Avatar } from '@/kit/Avatar';
import styles from './cells.module.css';

/** A member's picture and name. */
export function Person({ name, size = 20 }: { name: string; size?: 20 | 24 }) {
  return (
    <span className={styles.person}>
      <Avatar name={name} size={size} />
      <span className={styles.line}>{name}</span>
    </span>
  );
}
