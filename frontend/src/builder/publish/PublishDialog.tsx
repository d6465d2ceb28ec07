import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { asProblem } from '@/api/client';
import { planPublish, usePublish } from '@/api/queries/drafts';
import type { PublishPlan } from '@/api/types';
import {
  Button,
  Checkbox,
  cx,
  Dialog,
  EmptyState,
  ErrorState,
  Icon,
  type IconProps,
  LinkButton,
  Notice,
  Spinner,
  Textarea,
  toast,
} from '@/kit';
import { lookup, t } from '@/locales';
import { textOf } from '@/locales/text';
import { useBuilder, useDocs, useDraftState } from '../context';
import { type Doc, type Docs, info, placeMissing } from '../model';
import { FaultList, faultTarget } from './FaultList';
import styles from './PublishDialog.module.css';

const icons: Record<Doc['kind'], IconProps['name']> = {
  app: 'app',
  entity: 'form',
  form: 'section',
  view: 'table',
  dashboard: 'chart',
  rule: 'bolt',
  role: 'shield',
};

interface Group {
  id: string;
  name: string;
  /** Unknown of a deleted one until the plan is here. */
  kind?: Doc['kind'];
  docs: string[];
}

/** Changed documents as people think of them: a form comes with its layouts. */
function groupsOf(changed: ReadonlySet<string>, docs: Docs, plan: PublishPlan | undefined): Group[] {
  const out = new Map<string, Group>();
  const add = (id: string, kind: Doc['kind'] | undefined, name: string, doc: string) => {
    const group = out.get(id) ?? { id, kind, name, docs: [] };
    group.docs.push(doc);
    out.set(id, group);
  };
  for (const id of changed) {
    const doc = docs[id];
    if (!doc) {
      // Deleted: only the plan still knows its name.
      const change = plan?.changes.find((c) => c.doc === id);
      add(
        id,
        (change as { doc_kind?: Doc['kind'] } | undefined)?.doc_kind,
        change ? textOf(change.text) : t('build.pub.deleted'),
        id,
      );
      continue;
    }
    const owner = doc.kind === 'form' ? docs[doc.body.entity] : undefined;
    if (owner?.kind === 'entity') add(owner.id, 'entity', textOf(owner.body.name), id);
    else add(id, doc.kind, textOf(doc.body.name) || (doc.kind === 'app' ? t('build.kind.app') : id), id);
  }
  return [...out.values()];
}

/** What publishing would change, then the publishing itself. */
export function PublishDialog({ onClose }: { onClose: () => void }) {
  const { app, store, base } = useBuilder();
  const docs = useDocs();
  const client = useQueryClient();
  const changed = useDraftState((s) => s.changed);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [note, setNote] = useState('');
  const [done, setDone] = useState<number | null>(null);
  const [sql, setSql] = useState(false);
  // What was read and agreed to: another plan has to be read anew.
  const [agreed, setAgreed] = useState('');
  const publish = usePublish(app.id);

  // The list stays as it was when the dialog opened: publishing empties the other one.
  const [opened] = useState(() => ({ changed, docs }));
  const chosen = useMemo(() => [...opened.changed].filter((id) => !left.has(id)), [opened, left]);
  const all = left.size === 0;
  const plan = useQuery({
    queryKey: ['app', app.id, 'publish-plan', all ? null : chosen],
    enabled: chosen.length > 0 && done === null,
    gcTime: 0,
    retry: false,
    queryFn: async () => {
      await store.flush();
      const made = await planPublish(app.id, all ? undefined : chosen);
      if (all) store.setFaults(made.faults ?? []);
      return made;
    },
  });
  const groups = groupsOf(opened.changed, opened.docs, plan.data);
  const faults = placeMissing(plan.data?.faults ?? []);
  const changes = plan.data?.changes ?? [];
  const hints = plan.data?.hints ?? [];
  const danger = changes.some((c) => c.severity === 'danger');
  const sure = !danger || agreed === plan.data?.hash;
  const extra = (plan.data as { docs?: string[] } | undefined)?.docs?.filter((id) => !chosen.includes(id)) ?? [];

  async function go() {
    if (!plan.data) return;
    try {
      const answer = await publish.mutateAsync({
        docs: all ? undefined : chosen,
        hash: plan.data.hash,
        note: note.trim() || undefined,
      });
      await store.reload();
      client.invalidateQueries({ queryKey: ['app', app.id] });
      setDone(answer.version);
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status === 409) {
        toast(t('build.pub.moved'), { tone: 'info' });
        plan.refetch();
      }
    }
  }

  if (done !== null) {
    return (
      <Dialog
        opened
        onClose={onClose}
        title={t('build.pub.title')}
        footer={
          <>
            <LinkButton to={base.replace(/\/edit$/, '')}>{t('build.pub.open')}</LinkButton>
            <Button variant="primary" onClick={onClose}>
              {t('build.pub.goOn')}
            </Button>
          </>
        }
      >
        <EmptyState
          icon="check"
          tone="success"
          title={t('build.pub.done', { n: done })}
          help={t('build.pub.doneHelp')}
        />
      </Dialog>
    );
  }

  return (
    <Dialog
      opened
      onClose={onClose}
      size="lg"
      sticky={publish.isPending}
      title={t('build.pub.titleApp', { name: textOf(info(docs).name) || textOf(app.name) })}
      footer={
        <>
          <span className={styles.foot}>
            {publish.isPending && (
              <span className={styles.busy} role="status">
                <Spinner size={14} /> {t('build.pub.running')}
              </span>
            )}
          </span>
          <Button onClick={onClose} disabled={publish.isPending}>
            {t('common.cancel')}
          </Button>
          <Button
            variant={danger ? 'danger-solid' : 'primary'}
            disabled={!plan.data || !sure || faults.length > 0 || chosen.length === 0}
            loading={publish.isPending}
            onClick={go}
          >
            {t('build.publish')}
          </Button>
        </>
      }
    >
      {publish.isError && asProblem(publish.error).status !== 409 && (
        <Notice tone="danger">{asProblem(publish.error).message}</Notice>
      )}
      <section>
        <h3 className={styles.heading}>{t('build.pub.what')}</h3>
        <ul className={styles.docs}>
          {groups.map((group) => {
            const on = group.docs.every((id) => !left.has(id));
            return (
              <li key={group.id} className={styles.doc}>
                <Checkbox
                  checked={on}
                  label={
                    <span className={styles.docName}>
                      <Icon name={group.kind ? icons[group.kind] : 'trash'} size={14} />
                      {group.name}
                      {group.kind && <span className={styles.kind}>{lookup(`build.kind.${group.kind}`)}</span>}
                    </span>
                  }
                  onChange={(yes) => {
                    const next = new Set(left);
                    for (const id of group.docs) {
                      if (yes) next.delete(id);
                      else next.add(id);
                    }
                    setLeft(next);
                  }}
                />
              </li>
            );
          })}
        </ul>
        {extra.length > 0 && <p className={styles.quiet}>{t('build.pub.along', { n: extra.length })}</p>}
      </section>
      {chosen.length === 0 ? (
        <p className={styles.quiet}>{t('build.pub.nothing')}</p>
      ) : plan.isPending ? (
        <p className={styles.busy}>
          <Spinner size={14} /> {t('build.pub.planning')}
        </p>
      ) : plan.isError ? (
        <ErrorState compact error={plan.error} onRetry={() => plan.refetch()} />
      ) : (
        <>
          {faults.length > 0 && (
            <section>
              <Notice tone="danger" title={t('build.pub.faults', { n: faults.length })}>
                {t(faults.some((f) => faultTarget(docs, f).to) ? 'build.pub.faultsHelp' : 'build.pub.faultsFix')}
              </Notice>
              <FaultList faults={faults} onJump={onClose} />
            </section>
          )}
          {hints.length > 0 && (
            <section>
              <Notice tone="warning" title={t('build.pub.hints')}>
                {t('build.pub.hintsHelp')}
              </Notice>
              <FaultList
                faults={hints.map((h) => ({ path: `${h.doc}${h.path}`, code: h.kind, message: textOf(h.text) }))}
                onJump={onClose}
              />
            </section>
          )}
          <section>
            <h3 className={styles.heading}>{t('build.pub.changes')}</h3>
            {changes.length === 0 ? (
              <p className={styles.quiet}>{t('build.pub.noChanges')}</p>
            ) : (
              <ul className={styles.changes}>
                {changes.map((change, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a plan does not change while it is shown
                  <li key={i} className={cx(styles.change, styles[change.severity])}>
                    <Icon
                      name={
                        change.severity === 'danger'
                          ? 'alert'
                          : change.severity === 'warn'
                            ? 'info'
                            : change.kind === 'removed'
                              ? 'minus'
                              : change.kind === 'added'
                                ? 'plus'
                                : 'pen'
                      }
                      size={14}
                    />
                    <span>{textOf(change.text)}</span>
                  </li>
                ))}
              </ul>
            )}
            {(plan.data?.sql_actions.length ?? 0) > 0 && (
              <>
                <Button
                  size="sm"
                  variant="plain"
                  className={styles.sqlButton}
                  icon={sql ? 'chevron-down' : 'chevron-right'}
                  aria-expanded={sql}
                  onClick={() => setSql(!sql)}
                >
                  {t('build.pub.sql', { n: plan.data?.sql_actions.length ?? 0 })}
                </Button>
                {sql && (
                  <pre className={styles.sql}>
                    {plan.data?.sql_actions.map((s) => (typeof s === 'string' ? s : JSON.stringify(s))).join(';\n')}
                  </pre>
                )}
              </>
            )}
          </section>
          <Textarea
            label={t('build.pub.note')}
            optional
            minRows={2}
            value={note}
            onChange={setNote}
            placeholder={t('build.pub.notePlaceholder')}
            maxLength={500}
          />
          {danger && faults.length === 0 && (
            <Checkbox
              label={t('build.pub.sure')}
              checked={sure}
              onChange={(yes) => setAgreed(yes ? (plan.data?.hash ?? '') : '')}
            />
          )}
        </>
      )}
    </Dialog>
  );
}
