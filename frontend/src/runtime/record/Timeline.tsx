// Changes, comments, decisions and runs of rules, newest first.
import { useState } from 'react';
import { Link } from 'react-router';
import { useAddComment, useComments, useHistory } from '@/api/queries/records';
import { useRuns } from '@/api/queries/rules';
import { useRecordTasks } from '@/api/queries/tasks';
import type { HistoryChange, RuntimeEntity } from '@/api/types';
import { choicesOf, type FieldContext, isEmpty } from '@/fields/define';
import { fieldOf } from '@/fields/index';
import type { Row } from '@/fields/subform/rows';
import { Avatar } from '@/kit/Avatar';
import { EmptyState } from '@/kit/EmptyState';
import { ErrorState } from '@/kit/ErrorState';
import { Icon } from '@/kit/Icon';
import { Segmented } from '@/kit/Segmented';
import { SkeletonText } from '@/kit/Skeleton';
import { usePhone } from '@/kit/use-phone';
import { lookup, t } from '@/locales';
import { formatDateTime, formatRelative } from '@/locales/format';
import { textOf } from '@/locales/text';
import { useApp } from '@/runtime/app/context';
import { CommentBox } from './CommentBox';
import { mentionParts, type StoryEvent, type StoryFilter, tell } from './events';
import { RowChanges } from './RowChanges';
import { failureWords, runStateWords } from './run-words';
import styles from './Timeline.module.css';

const firstLines = 4;

export function Timeline({ entity, id, ctx }: { entity: RuntimeEntity; id: string; ctx: FieldContext }) {
  const { appId, app, runtime } = useApp();
  const ref = { app: appId, entity: entity.key };
  const [filter, setFilter] = useState<StoryFilter>('all');
  const history = useHistory(ref, id);
  const comments = useComments(ref, id);
  const tasks = useRecordTasks(ref, id);
  const add = useAddComment(ref, id);
  const talks = entity.comments !== false;
  // Only those who build the app may read the runs of its rules.
  const builds = app.role.admin || runtime.me.admin;
  const events = tell(history.data ?? [], talks ? (comments.data ?? []) : [], [], tasks.data);
  if (history.isPending) return <SkeletonText lines={6} />;
  if (history.isError) return <ErrorState compact error={history.error} onRetry={() => history.refetch()} />;
  return (
    <div className={styles.timeline}>
      {talks && <CommentBox onSend={(text, mentions) => add.mutateAsync({ text, mentions })} />}
      <Story
        entity={entity}
        ctx={ctx}
        id={id}
        events={events}
        filter={filter}
        onFilter={setFilter}
        withRuns={builds}
        talks={talks}
      />
    </div>
  );
}

interface StoryProps {
  entity: RuntimeEntity;
  ctx: FieldContext;
  id: string;
  events: StoryEvent[];
  filter: StoryFilter;
  onFilter: (filter: StoryFilter) => void;
  withRuns: boolean;
  talks: boolean;
}

function Story(props: StoryProps) {
  return props.withRuns ? <WithRuns {...props} /> : <Events {...props} />;
}

function WithRuns(props: StoryProps) {
  const { appId } = useApp();
  const runs = useRuns(appId, { record: props.id });
  const told = (runs.data ?? []).map((run): StoryEvent => ({ kind: 'run', id: `r${run.id}`, at: run.created_at, run }));
  const events = [...props.events, ...told].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return <Events {...props} events={events} />;
}

function Events({ entity, ctx, events, filter, onFilter, withRuns, talks }: StoryProps) {
  const shown = filter === 'all' ? events : events.filter((event) => event.kind === filter);
  const options: { value: StoryFilter; label: string }[] = [
    { value: 'all', label: t('record.all') },
    ...(talks ? [{ value: 'comment' as const, label: t('record.comments') }] : []),
    { value: 'change', label: t('record.changes') },
    ...(withRuns ? [{ value: 'run' as const, label: t('record.runs') }] : []),
  ];
  return (
    <>
      {events.length > 3 && (
        <Segmented size="sm" aria-label={t('record.timeline')} value={filter} onChange={onFilter} options={options} />
      )}
      {shown.length === 0 ? (
        <EmptyState compact title={t('record.noEvents')} />
      ) : (
        <ol className={styles.events}>
          {shown.map((event) => (
            <li key={event.id} className={styles.event}>
              <Mark event={event} />
              <div className={styles.body}>
                <EventWords event={event} entity={entity} ctx={ctx} />
              </div>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

function Mark({ event }: { event: StoryEvent }) {
  if (event.kind === 'comment') return <Avatar name={event.comment.created_by?.name ?? '?'} />;
  if (event.kind === 'run') {
    return (
      <span className={styles.mark}>
        <Icon name="bolt" size={14} />
      </span>
    );
  }
  if (event.kind === 'task') {
    return (
      <span className={styles.mark}>
        <Icon name="todo" size={14} />
      </span>
    );
  }
  return <span className={styles.dot} />;
}

function Time({ at }: { at: string }) {
  return (
    <time className={styles.time} dateTime={at} title={formatDateTime(at, 'second')}>
      {formatRelative(at)}
    </time>
  );
}

function EventWords({ event, entity, ctx }: { event: StoryEvent; entity: RuntimeEntity; ctx: FieldContext }) {
  if (event.kind === 'comment') {
    const { comment } = event;
    return (
      <>
        <p className={styles.line}>
          <span className={styles.who}>{comment.created_by?.name || t('record.someone')}</span>
          <Time at={event.at} />
        </p>
        <p className={styles.words}>
          {mentionParts(comment.text, comment.mentions).map((part, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts of a text have no identity
            <span key={i} className={part.mention ? styles.mention : undefined}>
              {part.text}
            </span>
          ))}
        </p>
      </>
    );
  }
  if (event.kind === 'run') return <RunWords event={event} entity={entity} />;
  if (event.kind === 'task') {
    const { task } = event;
    const outcome = textOf(task.outcomes.find((o) => o.key === task.outcome)?.label);
    return (
      <>
        <p className={styles.line}>
          <span>
            <span className={styles.who}>{task.completed_by?.name || t('record.someone')}</span>{' '}
            {outcome
              ? t('record.taskOutcome', { title: task.title, outcome })
              : t('record.taskDone', { title: task.title })}
          </span>
          <Time at={event.at} />
        </p>
        {task.comment && <p className={styles.words}>{task.comment}</p>}
      </>
    );
  }
  return <ChangeWords event={event} entity={entity} ctx={ctx} />;
}

function RunWords({ event, entity }: { event: Extract<StoryEvent, { kind: 'run' }>; entity: RuntimeEntity }) {
  const { base } = useApp();
  const phone = usePhone();
  const { run } = event;
  const bad = run.state === 'failed' || run.state === 'blocked';
  const reason = failureWords(run.error, (key) => textOf(entity.fields.find((f) => f.key === key)?.name));
  return (
    <>
      <p className={styles.line}>
        <span>
          {t('record.ran', { name: textOf(run.rule_name) || run.rule })}{' '}
          <span className={bad ? styles.failed : styles.quiet}>{runStateWords(run)}</span>
        </span>
        <Time at={event.at} />
      </p>
      {reason && <p className={styles.failed}>{reason}</p>}
      {/* Logs are read where there is room for the builder. */}
      {(bad || reason) && !phone && (
        <Link className={styles.more} to={`${base}/edit/app/rules/${run.rule}?run=${run.id}`}>
          {t('record.seeRun')}
        </Link>
      )}
    </>
  );
}

function ChangeWords({
  event,
  entity,
  ctx,
}: {
  event: Extract<StoryEvent, { kind: 'change' }>;
  entity: RuntimeEntity;
  ctx: FieldContext;
}) {
  const { entry } = event;
  const [all, setAll] = useState(false);
  // A record that was made has no before: its fields are in sight above.
  const changes = entry.op === 'create' ? [] : entry.changes;
  const only = changes.length === 1 ? changes[0] : undefined;
  const did = only
    ? t('record.changedOne', { name: nameOf(only, entity) })
    : (lookup(`record.did.${entry.op}`, { n: changes.length }) ?? t('record.did.other'));
  return (
    <>
      <p className={styles.line}>
        <span>
          <span className={styles.who}>{(entry.op === 'computed' ? '' : entry.actor?.name) || t('record.system')}</span>{' '}
          {did}
          {entry.cause ? <span className={styles.quiet}> {t('record.byRule')}</span> : null}
        </span>
        <Time at={event.at} />
      </p>
      {changes.length > 0 && (
        <dl className={styles.changes}>
          {(all ? changes : changes.slice(0, firstLines)).map((change) => (
            <div key={change.field} className={styles.change}>
              {!only && <dt>{nameOf(change, entity)}</dt>}
              <dd>
                <Change change={change} entity={entity} ctx={ctx} />
              </dd>
            </div>
          ))}
          {!all && changes.length > firstLines && (
            <button type="button" className={styles.more} onClick={() => setAll(true)}>
              {t('record.showAll', { n: changes.length })}
            </button>
          )}
        </dl>
      )}
    </>
  );
}

const fieldNamed = (change: HistoryChange, entity: RuntimeEntity) =>
  entity.fields.find((f) => f.key === change.field || f.id === change.field);

function nameOf(change: HistoryChange, entity: RuntimeEntity): string {
  const field = fieldNamed(change, entity);
  return (
    textOf(field?.name) ||
    textOf(change.name) ||
    (change.field === 'owner' ? textOf(entity.owner_name) || t('record.owner') : change.field)
  );
}

function Change({ change, entity, ctx }: { change: HistoryChange; entity: RuntimeEntity; ctx: FieldContext }) {
  const field = fieldNamed(change, entity);
  if (field?.fields && Array.isArray(change.before) && Array.isArray(change.after))
    return <RowChanges field={field} before={change.before as Row[]} after={change.after as Row[]} ctx={ctx} />;
  return (
    <>
      <Value change={change} side="before" entity={entity} ctx={ctx} />
      <Icon name="arrow-right" size={14} className={styles.arrow} />
      <Value change={change} side="after" entity={entity} ctx={ctx} />
    </>
  );
}

function Value({
  change,
  side,
  entity,
  ctx,
}: {
  change: HistoryChange;
  side: 'before' | 'after';
  entity: RuntimeEntity;
  ctx: FieldContext;
}) {
  const value = change[side];
  const text = side === 'before' ? change.before_text : change.after_text;
  const field = fieldNamed(change, entity);
  if (isEmpty(value) && !text) return <span className={styles.quiet}>{t('record.nothing')}</span>;
  if (field && choicesOf(field).length > 0) {
    const { Cell } = fieldOf(field.type);
    return <Cell value={value} field={field} ctx={ctx} variant="card" />;
  }
  if (field?.fields)
    return <span className={styles.quiet}>{text || fieldOf(field.type).format(value, field, ctx)}</span>;
  // Days, numbers and yes or no read as they do in their field; names come from the server.
  const own = field && !field.masked && !isEmpty(value) && ['date', 'time', 'number', 'bool'].includes(field.kind);
  return (
    <span className={side === 'before' ? styles.before : styles.after}>
      {(!own && text) || (field ? fieldOf(field.type).format(value, field, ctx) : String(value))}
    </span>
  );
}
