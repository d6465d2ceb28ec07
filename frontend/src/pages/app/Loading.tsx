import { Delayed, Skeleton, SkeletonRows, usePhone } from '@/kit';
import { PhoneMenuButton } from '../shell/PhoneMenuButton';
import styles from './app.module.css';

/** A page of an app that is on its way, in the shape of a list: most pages are one. */
export function Loading({ name }: { name?: string }) {
  const phone = usePhone();
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
      </Delayed>
      <SkeletonRows rows={8} columns={phone ? 1 : 4} rowHeight={phone ? 68 : undefined} />
    </div>
  );
}
