// How far an undo of many records has come.
import { get, listOf } from '@/api/client';
import type { Operation } from '@/api/types';
import { dismissToast, retextToast, toast } from '@/kit';
import { t } from '@/locales';
import { formatPercent } from '@/locales/format';

/** An undo that is done sooner needs no message about its progress. */
const patience = 1000;

/** Runs an undo of `total` records and says how many went back while it takes its time. */
export async function withUndoProgress<T>(app: string, total: number, run: () => Promise<T>): Promise<T> {
  let message: number | null = null;
  const look = async () => {
    message ??= toast(t('list.undoing', { share: formatPercent(0) }), { life: 0 });
    // The undo is an operation itself, the latest of its kind, and grows as it goes.
    const all = listOf<Operation>(await get<Operation[] | object>(`/apps/${encodeURIComponent(app)}/operations`));
    const mine = all.find((o) => o.kind === 'undo' || o.kind === 'redo');
    const share = Math.min(1, (mine?.count ?? 0) / Math.max(1, total));
    retextToast(message, t('list.undoing', { share: formatPercent(share) }));
  };
  // A look that fails leaves what was said before.
  const timer = setInterval(() => void look().catch(() => {}), patience);
  try {
    return await run();
  } finally {
    clearInterval(timer);
    if (message !== null) dismissToast(message);
  }
}
