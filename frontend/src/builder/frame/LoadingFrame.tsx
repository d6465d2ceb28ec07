import type { ReactNode } from 'react';
import { Delayed, IconButton, Skeleton } from '@/kit';
import { t } from '@/locales';
import styles from './frame.module.css';

/** The builder's frame before the draft is there. */
export function LoadingFrame({ children, onBack }: { children?: ReactNode; onBack?: () => void }) {
  return (
    <div className={styles.frame}>
      <header className={styles.bar}>
        {onBack && <IconButton icon="arrow-left" label={t('build.leave')} onClick={onBack} />}
      </header>
      <div className={styles.body}>
        {children ? (
          <div className={styles.centre}>{children}</div>
        ) : (
          <>
            <div className={styles.left}>
              <Delayed>
                <div className={styles.loading}>
                  {[72, 96, 64, 88, 80].map((width) => (
                    <Skeleton key={width} width={width} />
                  ))}
                </div>
              </Delayed>
            </div>
            <div className={styles.main} />
          </>
        )}
      </div>
    </div>
  );
}
