// Several tasks that end alike: which outcomes they share, and one question for all.
import { useRef, useState } from 'react';
import { asProblem } from '@/api/client';
import { useCompleteTasks } from '@/api/queries/tasks';
import type { Task, TaskOutcome } from '@/api/types';
import { Button, Dialog, Notice, Progress, Textarea, toast } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { sharedOutcomes } from './outcomes';
import styles from './TaskBatch.module.css';

/** What can be done with the ticked tasks; on a phone it stands where the thumb is. */
export function TaskBatchBar({
  tasks,
  all,
  onPick,
  onDecide,
}: {
  /** The ticked ones. */
  tasks: Task[];
  all: Task[];
  onPick: (ids: string[]) => void;
  onDecide: (outcome: TaskOutcome) => void;
}) {
  const outcomes = sharedOutcomes(tasks);
  return (
    <section className={styles.bar} aria-label={t('tasks.picked', { n: tasks.length })}>
      <div className={styles.count}>
        <span role="status">{t('tasks.picked', { n: tasks.length })}</span>
        {tasks.length < all.length && (
          <Button size="sm" variant="plain" onClick={() => onPick(all.map((task) => task.id))}>
            {t('common.selectAll')}
          </Button>
        )}
        <Button size="sm" variant="plain" onClick={() => onPick([])}>
          {t('common.cancel')}
        </Button>
      </div>
      {outcomes.length === 0 ? (
        <span className={styles.none}>{t('tasks.nothingShared')}</span>
      ) : (
        <div className={styles.outcomes}>
          {outcomes.map((outcome, i) => (
            <Button key={outcome.key} variant={i === 0 ? 'primary' : 'default'} onClick={() => onDecide(outcome)}>
              {textOf(outcome.label)}
            </Button>
          ))}
        </div>
      )}
    </section>
  );
}

const named = 6;

/** Asks once, then ends one task after the other; what is refused stays, with its reason. */
export function TaskBatchDialog({
  tasks,
  outcome,
  onClose,
}: {
  tasks: Task[];
  outcome: TaskOutcome;
  onClose: () => void;
}) {
  const completeAll = useCompleteTasks();
  const [comment, setComment] = useState('');
  const [missing, setMissing] = useState(false);
  const [left, setLeft] = useState(tasks);
  const [done, setDone] = useState<number | null>(null);
  const [refused, setRefused] = useState<Map<string, string>>(new Map());
  const stopped = useRef(false);
  const label = textOf(outcome.label);
  const running = done !== null;

  async function run() {
    if (outcome.needs_comment && comment.trim() === '') {
      setMissing(true);
      return;
    }
    stopped.current = false;
    setDone(0);
    const reasons = new Map<string, string>();
    const ended = new Set<string>();
    const input = { outcome: outcome.key, comment: comment.trim() || undefined };
    await completeAll(
      left.map((task) => task.id),
      input,
      (id, error) => {
        if (error) reasons.set(id, asProblem(error).message);
        else ended.add(id);
        setDone(reasons.size + ended.size);
        return !stopped.current;
      },
    );
    const rest = left.filter((task) => !ended.has(task.id));
    setDone(null);
    setLeft(rest);
    setRefused(reasons);
    if (ended.size > 0) toast(t('tasks.batchDone', { n: ended.size, outcome: label }), { tone: 'success' });
    if (rest.length === 0) onClose();
  }

  return (
    <Dialog
      opened
      title={t('tasks.batchTitle', { n: left.length, outcome: label })}
      sticky={running || comment.trim() !== ''}
      onClose={() => {
        if (!running) onClose();
      }}
      onSubmit={() => void run()}
      footer={
        running ? (
          <Button
            onClick={() => {
              stopped.current = true;
            }}
          >
            {t('tasks.batchStop')}
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>{refused.size > 0 ? t('common.close') : t('common.cancel')}</Button>
            <Button type="submit" variant="primary">
              {label}
            </Button>
          </>
        )
      }
    >
      {refused.size > 0 && <Notice tone="warning">{t('tasks.batchLeft', { n: left.length })}</Notice>}
      <ul className={styles.titles}>
        {(refused.size > 0 ? left : left.slice(0, named)).map((task) => (
          <li key={task.id}>
            {task.title}
            {refused.has(task.id) && <span className={styles.reason}>{refused.get(task.id)}</span>}
          </li>
        ))}
        {refused.size === 0 && left.length > named && (
          <li className={styles.none}>{t('tasks.batchMore', { n: left.length - named })}</li>
        )}
      </ul>
      {running ? (
        <div className={styles.progress}>
          <Progress value={done / left.length} label={t('tasks.batchRunning', { done, total: left.length })} />
          <span role="status">{t('tasks.batchRunning', { done, total: left.length })}</span>
        </div>
      ) : (
        <Textarea
          label={t('tasks.comment')}
          minRows={2}
          value={comment}
          onChange={(next) => {
            setComment(next);
            setMissing(false);
          }}
          error={missing ? t('tasks.commentRequired', { outcome: label }) : undefined}
          help={t('tasks.batchComment')}
          optional={!outcome.needs_comment}
        />
      )}
    </Dialog>
  );
}
