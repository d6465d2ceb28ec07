import styles from './Logo.module.css';

/** The mark: a mortise and its tenon. */
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg className={styles.logo} width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="8" className={styles.ground} />
      <path d="M7 9h7v5h4V9h7v6h-4v5h4v3H7v-6h4v-2H7z" className={styles.joint} />
    </svg>
  );
}
