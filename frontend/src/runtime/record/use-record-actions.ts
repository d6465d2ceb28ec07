// What can be done with a record as a whole.
import { asProblem } from '@/api/client';
import { useDeleteRecord, useRestoreRecord } from '@/api/queries/records';
import type { RecordData, RuntimeEntity } from '@/api/types';
import { toast, toastUndo } from '@/kit/toast';
import { t } from '@/locales';
import { useApp } from '@/runtime/app/context';

/** The address of a record's own page. */
export function recordPath(base: string, menu: string, id: string): string {
  return `${base}/${menu}/r/${id}`;
}

export function useRecordActions(entity: RuntimeEntity, menu: string) {
  const { appId, base } = useApp();
  const ref = { app: appId, entity: entity.key };
  const remove = useDeleteRecord(ref);
  const restore = useRestoreRecord(ref);
  return {
    copyLink: async (record: RecordData) => {
      try {
        await navigator.clipboard.writeText(new URL(recordPath(base, menu, record.id), location.href).href);
        toast(t('record.linkCopied'), { tone: 'success' });
      } catch {
        toast(t('record.linkNotCopied'));
      }
    },
    /** Puts the record into the recycle bin at once; the message takes it back. */
    remove: async (record: RecordData, onGone: () => void) => {
      const name = record._title || t('fields.untitled');
      try {
        await remove.mutateAsync({ id: record.id, rev: record.rev });
        onGone();
        toastUndo(t('record.deleted', { name }), t('common.undo'), () => {
          restore.mutateAsync(record.id).then(
            () => toast(t('record.restored', { name }), { tone: 'success' }),
            (error) => toast(asProblem(error).message, { tone: 'danger' }),
          );
        });
      } catch (error) {
        toast(t('record.deleteFailed', { reason: asProblem(error).message }), { tone: 'danger' });
      }
    },
  };
}
