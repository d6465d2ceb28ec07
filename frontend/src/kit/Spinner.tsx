import { t } from '@/locales';
import styles from './Spinner.module.css';

/** A small sign of work, for buttons and places where a skeleton has no shape. */
export function Spinner({ size = 16, label }: { size?: number; label?: string }) {
  return (
    <span
      className={styles.spinner}
      style={{ width: size, height: size }}
      role="status"
      aria-label={label ?? t('common.loading')}
    />
  );
}
