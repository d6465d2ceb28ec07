import { Delayed, Logo } from '@/kit';
import styles from './errors.module.css';

/** The page before the first answer: the mark, if it takes long. */
export function Starting() {
  return (
    <div className={styles.page}>
      <Delayed after={300}>
        <div className={styles.center}>
          <Logo size={40} />
        </div>
      </Delayed>
    </div>
  );
}
