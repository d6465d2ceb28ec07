import { useState, useSyncExternalStore } from 'react';
import { useOperations } from '@/api/queries/records';
import type { Operation, UndoResult } from '@/api/types';
import { Button, Drawer, EmptyState, ErrorState, Notice, SkeletonRows, Tag } from '@/kit';
import { t } from '@/locales';
import { formatDateTime, formatRelative } from '@/locales/format';
import { textOf } from '@/locales/text';
import { sayProblem } from '@/views/shared/say';
import { KeptRecords } from './KeptRecords';
import styles from './list.module.css';
import { UndonePeople } from './UndonePeople';
import { useListState } from './use-list';

/** What was changed in many records at once, to take it back: also after a reload. */
export function OperationsDrawer() {
  const { edits } = useListState();
  useSyncExternalStore(edits.subscribe, edits.version);
  return (
    <Drawer opened={edits.reviewing !== null} onClose={() => edits.closeReview()} title={t('list.operations')}>
      <Operations />
    </Drawer>
  );
}

function Operations() {
  const { appId, edits, store } = useListState();
  const list = useOperations(appId);
  const [busy, setBusy] = useState<string | null>(null);
  const result = edits.reviewing?.result;

  async function undo(operation: Operation) {
    setBusy(operation.id);
    try {
      const done = await edits.undo({ operations: [operation.id], count: operation.count });
      if (done) edits.review(done);
    } catch (error) {
      sayProblem(error);
      void list.refetch();
    } finally {
      setBusy(null);
    }
  }

  return (
    <>
      {result && <Outcome result={result} />}
      {list.isError ? (
        <ErrorState error={list.error} onRetry={() => list.refetch()} />
      ) : list.isPending ? (
        <SkeletonRows columns={2} rowHeight={56} inset={0} />
      ) : list.data.length === 0 ? (
        <EmptyState icon="history" title={t('list.operationsEmpty')} help={t('list.operationsHelp')} />
      ) : (
        <ul className={styles.operations} aria-label={t('list.operations')}>
          {list.data.map((operation) => (
            <li key={operation.id} className={styles.operation}>
              <div className={styles.operationText}>
                <span className={styles.operationName}>
                  {textOf(operation.label) || t('list.operationUnnamed')}
                  <span className={styles.quiet}> · {t('list.operationCount', { n: operation.count })}</span>
                </span>
                <span className={styles.operationWho} title={formatDateTime(operation.at, 'second')}>
                  {[operation.by ? store.names[operation.by] : undefined, formatRelative(operation.at)]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </div>
              {operation.undone ? (
                <Tag hue="gray">{t('list.operationUndone')}</Tag>
              ) : (
                <Button
                  size="sm"
                  icon={operation.kind === 'undo' ? 'redo' : 'undo'}
                  loading={busy === operation.id}
                  disabled={busy !== null && busy !== operation.id}
                  aria-label={t('list.operationUndo', { name: textOf(operation.label) })}
                  onClick={() => void undo(operation)}
                >
                  {operation.kind === 'undo' ? t('common.redo') : t('common.undo')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** What came back, and what stayed as somebody left it. */
function Outcome({ result }: { result: UndoResult }) {
  return (
    <div className={styles.outcome}>
      <Notice tone={result.kept.length > 0 ? 'warning' : 'success'} title={t('list.undone', { n: result.reverted })}>
        {result.kept.length > 0 && t('list.keptHelp', { n: result.kept.length })}
      </Notice>
      <UndonePeople result={result} />
      <KeptRecords kept={result.kept} />
    </div>
  );
}
