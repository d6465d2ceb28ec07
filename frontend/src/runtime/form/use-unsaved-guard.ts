import { useEffect, useRef } from 'react';
import { useBlocker } from 'react-router';
import { confirm } from '@/kit/confirm';
import { t } from '@/locales';

/**
 * Asks before unsaved input is left behind, by link, by the back button or by
 * closing the tab. The returned function lets the next step pass, e.g. the way
 * to a record that was just saved.
 */
export function useUnsavedGuard(dirty: boolean): () => void {
  const pass = useRef(false);
  const blocker = useBlocker(({ currentLocation: from, nextLocation: to }) => {
    if (!dirty || pass.current) {
      pass.current = false;
      return false;
    }
    return (
      from.pathname !== to.pathname ||
      new URLSearchParams(from.search).get('record') !== new URLSearchParams(to.search).get('record')
    );
  });
  const asking = useRef(false);
  useEffect(() => {
    if (blocker.state !== 'blocked' || asking.current) return;
    asking.current = true;
    confirm({ title: t('form.leaveTitle'), body: t('form.leaveBody'), action: t('form.leave'), danger: true }).then(
      (leave) => {
        asking.current = false;
        if (leave) blocker.proceed();
        else blocker.reset();
      },
    );
  }, [blocker]);
  useEffect(() => {
    if (!dirty) return;
    const warn = (e: BeforeUnloadEvent) => e.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [dirty]);
  return () => {
    pass.current = true;
  };
}
