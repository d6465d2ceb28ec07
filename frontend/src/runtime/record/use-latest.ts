import { useRef } from 'react';

/** The newest value behind a reference that never changes: for callbacks that must keep their identity. */
export function useLatest<T>(value: T): { readonly current: T } {
  const ref = useRef(value);
  ref.current = value;
  return ref;
}
