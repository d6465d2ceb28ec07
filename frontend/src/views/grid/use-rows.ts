import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { Rows } from './rows';

/**
 * The rows of a query. While the answer to another query is on its way, the
 * rows before it stay: the grid does not go blank with every letter of a search.
 */
export function useRows(make: () => Rows, key: string): { rows: Rows; waiting: boolean } {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what the rows depend on
  const next = useMemo(make, [key]);
  const [shown, setShown] = useState(next);
  useEffect(() => {
    const settle = () => {
      if (next.total !== null || next.error) setShown(next);
    };
    const off = next.subscribe(settle);
    const timer = setTimeout(() => setShown(next), 800);
    next.start();
    settle();
    return () => {
      off();
      clearTimeout(timer);
      next.close();
    };
  }, [next]);
  useSyncExternalStore(shown.subscribe, shown.version);
  return { rows: shown, waiting: shown !== next };
}
