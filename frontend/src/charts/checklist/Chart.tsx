import { Button, cx, Icon, LinkButton, Progress } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import type { ChartProps } from '../define';
import styles from './checklist.module.css';

/** The app's set-up steps and which are done. */
export function Chart({ host }: ChartProps) {
  const steps = host.checklist ?? [];
  const done = steps.filter((s) => s.done).length;
  return (
    <div className={styles.list}>
      <div className={styles.head}>
        <span>
          {done === steps.length ? t('board.checklistDone') : t('board.checklistState', { done, n: steps.length })}
        </span>
        <Progress value={steps.length ? done / steps.length : 0} label={t('board.checklist')} />
      </div>
      <ol>
        {steps.map((step) => (
          <li key={step.item.key} className={styles.step}>
            <Icon
              name={step.done ? 'check' : 'circle'}
              label={step.done ? t('board.stepDone') : t('board.stepOpen')}
              className={cx(styles.mark, step.done && styles.marked)}
            />
            <span className={styles.words}>
              <span className={cx(styles.title, step.done && styles.crossed)}>{textOf(step.item.title)}</span>
              {step.item.help && <span className={styles.help}>{textOf(step.item.help)}</span>}
            </span>
            {step.act && (
              <Button size="sm" onClick={step.act.run}>
                {step.act.label}
              </Button>
            )}
            {step.to && (
              <LinkButton size="sm" to={step.to} variant={step.done ? 'plain' : 'default'}>
                {step.done ? t('common.open') : t('board.start')}
              </LinkButton>
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}
