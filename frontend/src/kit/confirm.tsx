import { type ReactNode, useSyncExternalStore } from 'react';
import { t } from '@/locales';
import { Button } from './Button';
import { Dialog } from './Dialog';

export interface ConfirmOptions {
  /** A question: what will happen to what. */
  title: string;
  /** The consequences, and whether it can be undone. */
  body?: ReactNode;
  /** A verb: 删除, 发布. */
  action: string;
  danger?: boolean;
}

interface Asked extends ConfirmOptions {
  answer: (yes: boolean) => void;
}

let asked: Asked | null = null;
let open = false;
const listeners = new Set<() => void>();
const notify = () => {
  for (const listener of listeners) listener();
};

/** Asks before something that is hard to take back. Resolves to the answer. */
export function confirm(options: ConfirmOptions): Promise<boolean> {
  return new Promise((resolve) => {
    asked?.answer(false);
    asked = {
      ...options,
      answer: (yes) => {
        open = false;
        notify();
        resolve(yes);
      },
    };
    open = true;
    notify();
  });
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Where the question appears; once per page. */
export function ConfirmHost() {
  const shown = useSyncExternalStore(subscribe, () => open);
  // The words stay while the dialog fades out.
  const current = useSyncExternalStore(subscribe, () => asked);
  if (!current) return null;
  return (
    <Dialog
      size="sm"
      opened={shown}
      onClose={() => current.answer(false)}
      title={current.title}
      footer={
        <>
          <Button onClick={() => current.answer(false)}>{t('common.cancel')}</Button>
          <Button
            variant={current.danger ? 'danger-solid' : 'primary'}
            data-autofocus
            onClick={() => current.answer(true)}
          >
            {current.action}
          </Button>
        </>
      }
    >
      {current.body}
    </Dialog>
  );
}
