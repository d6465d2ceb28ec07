import { useState } from 'react';
import { cx, EmptyState, Icon, IconButton, Popover } from '@/kit';
import { t } from '@/locales';
import { formatTime } from '@/locales/format';
import { useBuilder, useDraftState } from '../context';
import styles from './HistoryButton.module.css';

/** What was done since the builder was opened; each entry can be gone back to. */
export function HistoryButton() {
  const { store } = useBuilder();
  const steps = useDraftState((s) => s.steps);
  const cursor = useDraftState((s) => s.cursor);
  const [open, setOpen] = useState(false);
  return (
    <Popover
      flush
      width={280}
      position="bottom-end"
      opened={open}
      onChange={setOpen}
      label={t('build.history')}
      target={<IconButton icon="history" label={t('build.history')} active={open} />}
    >
      {steps.length === 0 ? (
        <EmptyState compact title={t('build.noHistory')} help={t('build.noHistoryHelp')} />
      ) : (
        <ol className={styles.list} reversed>
          {[...steps].reverse().map((step, i) => {
            const index = steps.length - i;
            return (
              <li key={step.id}>
                <button
                  type="button"
                  className={cx(styles.step, index > cursor && styles.undone, index === cursor && styles.here)}
                  aria-current={index === cursor ? 'step' : undefined}
                  onClick={() => store.travel(index)}
                >
                  <span className={styles.label}>{step.label}</span>
                  {index === cursor && <Icon name="tick" size={14} />}
                  <span className={styles.time}>{formatTime(new Date(step.at).toISOString())}</span>
                </button>
              </li>
            );
          })}
          <li>
            <button
              type="button"
              className={cx(styles.step, cursor === 0 && styles.here)}
              onClick={() => store.travel(0)}
            >
              <span className={styles.label}>{t('build.opened')}</span>
              {cursor === 0 && <Icon name="tick" size={14} />}
            </button>
          </li>
        </ol>
      )}
    </Popover>
  );
}
