import styles from './Progress.module.css';

export interface ProgressProps {
  /** 0 to 1; without it the work has no known end. */
  value?: number;
  label: string;
}

/** How far a piece of work has come. */
export function Progress({ value, label }: ProgressProps) {
  const share = value === undefined ? undefined : Math.min(1, Math.max(0, value));
  return (
    <div
      className={styles.track}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share === undefined ? undefined : Math.round(share * 100)}
    >
      <div
        className={share === undefined ? styles.endless : styles.bar}
        style={share === undefined ? undefined : { width: `${share * 100}%` }}
      />
    </div>
  );
}
