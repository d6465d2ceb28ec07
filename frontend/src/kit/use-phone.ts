import { useSyncExternalStore } from 'react';

const query = typeof matchMedia === 'undefined' ? undefined : matchMedia('(max-width: 767px)');

/** Whether this is a phone now. */
export function isPhone(): boolean {
  return query?.matches ?? false;
}

/** True below 768 px, where lists are cards and actions sit at the bottom. */
export function usePhone(): boolean {
  return useSyncExternalStore((listener) => {
    query?.addEventListener('change', listener);
    return () => query?.removeEventListener('change', listener);
  }, isPhone);
}
