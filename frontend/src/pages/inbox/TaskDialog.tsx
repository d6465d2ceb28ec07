import { useState } from 'react';
import { Link } from 'react-router';
import { asProblem } from '@/api/client';
import { useApps } from '@/api/queries/apps';
import { useCompleteTask } from '@/api/queries/tasks';
import type { Task, TaskOutcome } from '@/api/types';
import { Button, cx, Dialog, Notice, Textarea, toast, usePhone } from '@/kit';
import { t } from '@/locales';
import { daysUntil, formatDateTime, formatDay, formatList } from '@/locales/format';
import { textOf } from '@/locales/text';
import { useWorkspace } from '@/runtime/workspace';
import { outcomesOf } from './outcomes';
import styles from './TaskDialog.module.css';
import { DueTag, waitsFor } from './TaskList';

/** One task: what to do, and its outcomes as buttons; on a phone they stand where the thumb is. */
export function TaskDialog({
  task,
  onClose,
  onDone,
}: {
  task: Task;
  onClose: () => void;
  onDone: (task: Task) => void;
}) {
  const { workspace, base } = useWorkspace();
  const phone = usePhone();
  const apps = useApps(workspace.key);
  const complete = useCompleteTask();
  const [comment, setComment] = useState('');
  const [missing, setMissing] = useState<string | null>(null);
  const app = apps.data?.find((a) => a.id === task.app || a.key === task.app);
  const open = task.state === 'open';
  // Only those who were asked decide; who asked sees with whom it is.
  const mine = open && task.assignees.some((one) => one.id === workspace.member_id);
  const others = waitsFor(task, workspace.member_id);
  const problem = complete.error ? asProblem(complete.error) : null;
  const outcomes = outcomesOf(task);
  const asking = outcomes.filter((o) => o.needs_comment).map((o) => textOf(o.label));

  function finish(outcome: TaskOutcome) {
    if (outcome.needs_comment && comment.trim() === '') {
      setMissing(outcome.key);
      return;
    }
    // The news that the task is done may close this dialog before the answer is here.
    complete.mutateAsync({ id: task.id, outcome: outcome.key, comment: comment.trim() || undefined }).then(
      () => {
        toast(t('tasks.finished', { title: task.title, outcome: textOf(outcome.label) }), { tone: 'success' });
        onDone(task);
      },
      () => {}, // shown in the dialog
    );
  }

  const buttons = mine && (
    <div className={phone ? cx(styles.thumbs, outcomes.length === 2 && styles.pair) : styles.buttons}>
      {outcomes.map((outcome, i) => (
        <Button
          key={outcome.key}
          block={phone}
          size={phone ? 'lg' : 'md'}
          variant={i === 0 ? 'primary' : 'default'}
          loading={complete.isPending && complete.variables?.outcome === outcome.key}
          disabled={complete.isPending}
          onClick={() => finish(outcome)}
        >
          {textOf(outcome.label)}
        </Button>
      ))}
    </div>
  );

  return (
    <Dialog opened onClose={onClose} title={task.title} sticky={comment.trim() !== ''} footer={buttons || undefined}>
      {problem && <Notice tone="danger">{problem.message}</Notice>}
      {task.text && <p className={styles.text}>{task.text}</p>}
      <div className={styles.facts}>
        {app && (
          <p className={styles.about}>
            {textOf(app.name)}
            {task.record_title && task.entity && task.record_id && (
              <>
                {' · '}
                <Link className={styles.link} to={`${base}/a/${app.key}/${task.entity}/r/${task.record_id}`}>
                  {task.record_title}
                </Link>
              </>
            )}
          </p>
        )}
        <p className={styles.dates}>
          {task.due && open && <DueTag due={task.due} />}
          {task.due && open && daysUntil(task.due) < 0 && <span>{t('home.due', { day: formatDay(task.due) })}</span>}
          <span>{t('tasks.createdAt', { when: formatDateTime(task.created_at) })}</span>
        </p>
        {others && <p className={styles.about}>{others}</p>}
      </div>
      {mine && (
        <Textarea
          label={t('tasks.comment')}
          minRows={2}
          value={comment}
          onChange={(text) => {
            setComment(text);
            setMissing(null);
          }}
          error={
            missing
              ? t('tasks.commentRequired', { outcome: textOf(outcomes.find((o) => o.key === missing)?.label) })
              : undefined
          }
          help={asking.length > 0 ? t('tasks.commentFor', { outcomes: formatList(asking) }) : undefined}
          optional={asking.length === 0}
        />
      )}
      {!open && (
        <Notice tone="success" title={textOf(outcomes.find((o) => o.key === task.outcome)?.label) || t('tasks.done')}>
          {task.comment && <p className={styles.text}>{task.comment}</p>}
          {task.completed_by?.name && task.completed_at && (
            <p className={styles.dates}>
              {t('tasks.doneBy', { name: task.completed_by.name, when: formatDateTime(task.completed_at) })}
            </p>
          )}
        </Notice>
      )}
    </Dialog>
  );
}
