import { useEffect, useState } from 'react';
import { get } from '@/api/client';
import type { Regions } from './values';

let loading: Promise<Regions> | undefined;

/** The list of places, downloaded once per page. */
export function loadRegions(): Promise<Regions> {
  loading ??= get<{ provinces: Regions }>('/geo/regions').then(
    (answer) => answer.provinces,
    (error) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

/** The list of places; null while it is on its way or cannot be had. */
export function useRegions(): { regions: Regions | null; failed: boolean; retry: () => void } {
  const [regions, setRegions] = useState<Regions | null>(null);
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt asks again
  useEffect(() => {
    let gone = false;
    setFailed(false);
    loadRegions().then(
      (list) => !gone && setRegions(list),
      () => !gone && setFailed(true),
    );
    return () => {
      gone = true;
    };
  }, [attempt]);
  return { regions, failed, retry: () => setAttempt(attempt + 1) };
}
