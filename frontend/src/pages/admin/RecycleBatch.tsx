// Several things in the recycle bin at once: brought back or, records, deleted for good.
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { asProblem } from '@/api/client';
import { keys } from '@/api/keys';
import type { RecycleItem } from '@/api/types';
import { Button, Dialog, Notice, Progress, toast } from '@/kit';
import { t } from '@/locales';
import { useWorkspace } from '@/runtime/workspace';
import styles from '../inbox/TaskBatch.module.css';

export type BinAct = 'restore' | 'purge';

/** What can be done with the ticked lines. */
export function RecycleBatchBar({
  items,
  all,
  onPick,
  onAct,
}: {
  items: RecycleItem[];
  all: RecycleItem[];
  onPick: (ids: string[]) => void;
  onAct: (act: BinAct) => void;
}) {
  return (
    <section className={styles.bar} aria-label={t('tasks.picked', { n: items.length })}>
      <div className={styles.count}>
        <span role="status">{t('tasks.picked', { n: items.length })}</span>
        {items.length < all.length && (
          <Button size="sm" variant="plain" onClick={() => onPick(all.map((item) => item.id))}>
            {t('common.selectAll')}
          </Button>
        )}
        <Button size="sm" variant="plain" onClick={() => onPick([])}>
          {t('common.cancel')}
        </Button>
      </div>
      <div className={styles.outcomes}>
        <Button variant="primary" onClick={() => onAct('restore')}>
          {t('admin.restore')}
        </Button>
        {/* An app can only be brought back. */}
        {items.every((item) => item.kind === 'record') && (
          <Button variant="danger" onClick={() => onAct('purge')}>
            {t('admin.purge')}
          </Button>
        )}
      </div>
    </section>
  );
}

const named = 6;

/** Asks once, then does one after the other; what is refused stays, with its reason. */
export function RecycleBatchDialog({
  items,
  act,
  run,
  onClose,
}: {
  items: RecycleItem[];
  act: BinAct;
  run: (item: RecycleItem) => Promise<unknown>;
  onClose: () => void;
}) {
  const { workspace } = useWorkspace();
  const client = useQueryClient();
  const [left, setLeft] = useState(items);
  const [done, setDone] = useState<number | null>(null);
  const [refused, setRefused] = useState<Map<string, string>>(new Map());
  const stopped = useRef(false);
  const running = done !== null;

  async function go() {
    stopped.current = false;
    setDone(0);
    const reasons = new Map<string, string>();
    const ended = new Set<string>();
    for (const item of left) {
      try {
        await run(item);
        ended.add(item.id);
      } catch (error) {
        reasons.set(item.id, asProblem(error).message);
      }
      setDone(reasons.size + ended.size);
      if (stopped.current) break;
    }
    const rest = left.filter((item) => !ended.has(item.id));
    setDone(null);
    setLeft(rest);
    setRefused(reasons);
    client.invalidateQueries({ queryKey: keys.workspace(workspace.key) });
    for (const app of new Set(left.flatMap((item) => item.app ?? [])))
      client.invalidateQueries({ queryKey: keys.app(app) });
    if (ended.size > 0)
      toast(t(act === 'restore' ? 'admin.restoredMany' : 'admin.purgedMany', { n: ended.size }), { tone: 'success' });
    if (rest.length === 0) onClose();
  }

  return (
    <Dialog
      opened
      title={t(act === 'restore' ? 'admin.restoreMany' : 'admin.purgeMany', { n: left.length })}
      sticky={running}
      onClose={() => {
        if (!running) onClose();
      }}
      onSubmit={() => void go()}
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
            <Button type="submit" variant={act === 'restore' ? 'primary' : 'danger-solid'}>
              {t(refused.size > 0 ? 'common.retry' : act === 'restore' ? 'admin.restore' : 'admin.purge')}
            </Button>
          </>
        )
      }
    >
      {refused.size > 0 ? (
        <Notice tone="warning">{t('admin.binLeft', { n: left.length })}</Notice>
      ) : (
        act === 'purge' && <p>{t('admin.purgeManyHelp')}</p>
      )}
      <ul className={styles.titles}>
        {(refused.size > 0 ? left : left.slice(0, named)).map((item) => (
          <li key={item.id}>
            {item.name}
            {refused.has(item.id) && <span className={styles.reason}>{refused.get(item.id)}</span>}
          </li>
        ))}
        {refused.size === 0 && left.length > named && (
          <li className={styles.none}>{t('tasks.batchMore', { n: left.length - named })}</li>
        )}
      </ul>
      {running && (
        <div className={styles.progress}>
          <Progress value={done / left.length} label={t('tasks.batchRunning', { done, total: left.length })} />
          <span role="status">{t('tasks.batchRunning', { done, total: left.length })}</span>
        </div>
      )}
    </Dialog>
  );
}
