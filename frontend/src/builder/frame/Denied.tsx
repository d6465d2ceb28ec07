import { EmptyState, LinkButton } from '@/kit';
import { t } from '@/locales';
import { useWorkspace } from '@/runtime/workspace';
import styles from './frame.module.css';

/** For members who use the app but do not build it. */
export function Denied() {
  const { base } = useWorkspace();
  return (
    <div className={styles.centre}>
      <EmptyState
        icon="lock"
        title={t('build.denied')}
        help={t('build.deniedHelp')}
        action={
          <LinkButton to={base} variant="primary">
            {t('errors.backHome')}
          </LinkButton>
        }
      />
    </div>
  );
}
