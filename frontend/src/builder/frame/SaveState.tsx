import { useState } from 'react';
import { Button, cx, Icon, type IconProps, Popover, Spinner } from '@/kit';
import { t } from '@/locales';
import { formatRelative } from '@/locales/format';
import { useBuilder, useDraftState } from '../context';
import { ConflictDialog } from './ConflictDialog';
import styles from './SaveState.module.css';

/** Whether the server has everything, in a word or two. */
export function SaveState() {
  const { store } = useBuilder();
  const save = useDraftState((s) => s.save);
  const problem = useDraftState((s) => s.problem);
  const changed = useDraftState((s) => s.changed.size > 0);
  const savedAt = useDraftState((s) => s.savedAt);
  const [open, setOpen] = useState(false);
  const conflict = save === 'conflict';

  const look: { icon?: IconProps['name']; dot?: boolean; text: string; tone?: string } =
    save === 'saved'
      ? changed
        ? { dot: true, text: t('build.save.unpublished') }
        : { icon: 'tick', text: t('build.save.saved') }
      : save === 'offline'
        ? { icon: 'alert', text: t('build.save.offline'), tone: styles.warn }
        : save === 'failed'
          ? { icon: 'error', text: t('build.save.failed'), tone: styles.bad }
          : conflict
            ? { icon: 'alert', text: t('build.save.conflict'), tone: styles.bad }
            : { text: t('build.save.saving') };

  return (
    <>
      <Popover
        width={280}
        position="bottom-end"
        opened={open}
        onChange={setOpen}
        label={t('build.save.state')}
        target={
          <button type="button" className={cx(styles.state, look.tone)} data-save={save}>
            {look.dot ? (
              <span className={styles.dot} />
            ) : look.icon ? (
              <Icon name={look.icon} size={14} />
            ) : (
              <Spinner size={14} />
            )}
            <span role="status">{look.text}</span>
          </button>
        }
      >
        <div className={styles.detail}>
          <p>
            {save === 'saved'
              ? changed
                ? t('build.save.unpublishedHelp')
                : t('build.save.savedHelp')
              : problem
                ? problem.message
                : conflict
                  ? t('build.save.conflictHelp')
                  : t('build.save.savingHelp')}
          </p>
          {save === 'offline' && <p className={styles.quiet}>{t('build.save.offlineHelp')}</p>}
          {savedAt !== null && (
            <p className={styles.quiet}>
              {t('build.save.at', { time: formatRelative(new Date(savedAt).toISOString()) })}
            </p>
          )}
          {(save === 'offline' || save === 'failed') && (
            <Button size="sm" icon="refresh" onClick={() => store.flush()}>
              {t('common.retry')}
            </Button>
          )}
        </div>
      </Popover>
      <ConflictDialog opened={conflict} />
    </>
  );
}
