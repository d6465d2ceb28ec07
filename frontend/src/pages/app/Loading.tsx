import { Delayed, Skeleton, usePhone } from '@/kit';
import { PhoneMenuButton } from '../shell/PhoneMenuButton';
import styles from './app.module.css';

const widths = ['62%', '48%', '71%', '55%', '40%', '66%', '52%', '45%'];

/** A page of an app that is on its way, in the shape of a list: most pages are one. */
export function Loading({ name }: { name?: string }) {
  const phone = usePhone();
  const columns = phone ? 1 : 4;
  return (
    <div className={styles.loading}>
      <header className={styles.bar}>
        <PhoneMenuButton />
        <span className={styles.name}>{name}</span>
      </header>
      <Delayed>
        <div className={styles.tools}>
          <Skeleton width={72} height={20} />
          <Skeleton width={72} height={20} />
          {!phone && <Skeleton width={160} height={20} />}
        </div>
        {widths.map((width, row) => (
          <div key={width} className={phone ? styles.waitingCard : styles.waitingRow}>
            {Array.from({ length: columns }, (_, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: bars have no identity
              <span key={i} className={styles.waitingCell}>
                <Skeleton width={widths[(row * 3 + i) % widths.length]} />
              </span>
            ))}
            {phone && <Skeleton width="34%" />}
          </div>
        ))}
      </Delayed>
    </div>
  );
}
