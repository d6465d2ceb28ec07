import { useState } from 'react';
import type { Problem } from '@/api/client';
import type { RuntimeEntity } from '@/api/types';
import { Button, Dialog, Notice, Progress } from '@/kit';
import { t } from '@/locales';
import { formatList } from '@/locales/format';
import { textOf } from '@/locales/text';
import type { RecordEdits, WriteResult } from '../shared/edits';
import { faultText, sayChanged, sayRefused } from '../shared/say';
import type { PasteRequest } from './copy-paste';
import styles from './grid.module.css';

export interface PasteDialogProps {
  request: PasteRequest;
  edits: RecordEdits;
  entity: RuntimeEntity;
  onClose: () => void;
}

/** Says what pasting will do before it does it, and how far it is. */
export function PasteDialog({ request, edits, entity, onClose }: PasteDialogProps) {
  const [share, setShare] = useState<number | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const { updates, creates, faults, locked, beyond } = request;
  const total = updates.length + creates.length;

  async function run() {
    setProblem(null);
    setShare(0);
    const weight = total === 0 ? 0 : updates.length / total;
    const operations: string[] = [];
    let done = 0;
    let refused: WriteResult | undefined;
    if (updates.length > 0) {
      const result = await edits.set(
        updates.map(({ record, values }) => ({ id: record.id, values })),
        (part) => setShare(part * weight),
      );
      operations.push(...result.operations);
      done += result.ids.length;
      // What is wrong with single records stays marked in their cells.
      if (result.problem && result.ids.length + (result.refused?.size ?? 0) === updates.length) refused = result;
      else if (result.problem) return fail(result.problem, operations, done);
    }
    if (creates.length > 0) {
      const result = await edits.create(creates, (part) => setShare(weight + part * (1 - weight)), operations[0]);
      operations.push(...result.operations.filter((o) => !operations.includes(o)));
      done += result.ids.length;
      if (result.problem) return fail(result.problem, operations, done);
    }
    edits.join(operations, done);
    onClose();
    if (done > 0) sayChanged(edits, done, 'pasted');
    if (refused) sayRefused(edits, refused, entity);
  }

  function fail(error: Problem, operations: string[], done: number) {
    setShare(null);
    setProblem(error);
    edits.join(operations, done);
  }

  return (
    <Dialog
      opened
      size="md"
      sticky={share !== null}
      title={t('grid.pasteTitle')}
      onClose={onClose}
      onSubmit={() => void run()}
      footer={
        <>
          <Button onClick={onClose} disabled={share !== null}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" variant="primary" loading={share !== null} disabled={total === 0} data-autofocus>
            {t('grid.paste')}
          </Button>
        </>
      }
    >
      <ul className={styles.planList}>
        {updates.length > 0 && <li>{t('grid.pasteUpdates', { n: updates.length })}</li>}
        {creates.length > 0 && <li>{t('grid.pasteCreates', { n: creates.length, name: textOf(entity.name) })}</li>}
        {total === 0 && <li>{t('grid.pasteNothing')}</li>}
      </ul>
      {faults.length > 0 && (
        <Notice tone="warning" title={t('grid.pasteFaults', { n: faults.length })}>
          <ul className={styles.faultList}>
            {faults.slice(0, 5).map((f) => (
              <li key={`${f.row} ${f.field.id}`}>
                {t('grid.pasteFault', { row: f.row + 1, name: textOf(f.field.name), text: f.text })}
              </li>
            ))}
            {faults.length > 5 && <li>{t('grid.pasteMoreFaults', { n: faults.length - 5 })}</li>}
          </ul>
        </Notice>
      )}
      {locked.length > 0 && (
        <Notice>{t('grid.pasteLocked', { names: formatList(locked.map((f) => textOf(f.name))) })}</Notice>
      )}
      {beyond > 0 && <Notice>{t('grid.pasteBeyond', { n: beyond })}</Notice>}
      {share !== null && <Progress value={share} label={t('grid.pasting')} />}
      {problem && (
        <Notice tone="danger" title={problem.title}>
          {problem.errors[0] ? faultText(problem.errors[0], entity) : problem.detail}
        </Notice>
      )}
    </Dialog>
  );
}
