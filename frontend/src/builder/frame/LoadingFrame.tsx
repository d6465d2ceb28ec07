import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import type { AppSummary } from '@/api/types';
import { AppIcon, Delayed, IconButton, Skeleton } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useWorkspace } from '@/runtime/workspace';
import styles from './frame.module.css';

/** The builder's frame before the draft is there. */
export function LoadingFrame({ app, children }: { app?: AppSummary; children?: ReactNode }) {
  const { base } = useWorkspace();
  const navigate = useNavigate();
  return (
    <div className={styles.frame}>
      <header className={styles.bar}>
        <IconButton
          icon="arrow-left"
          label={t('build.leave')}
          onClick={() => navigate(app ? `${base}/a/${app.key}` : base)}
        />
        {app && (
          <span className={styles.name}>
            <AppIcon icon={app.icon} hue={app.hue} size={24} />
            {textOf(app.name)}
          </span>
        )}
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
            <div className={styles.main}>
              <Delayed>
                <div className={styles.sheet}>
                  {['30%', '100%', '96%', '60%'].map((width) => (
                    <div key={width} className={styles.block}>
                      <Skeleton width={72} />
                      <Skeleton width={width} height={32} />
                    </div>
                  ))}
                </div>
              </Delayed>
            </div>
          </>
        )}
      </div>
    </div>
  );
}
