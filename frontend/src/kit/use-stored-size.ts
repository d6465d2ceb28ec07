import { useState } from 'react';

/** A size in pixels that this browser remembers under a name. */
export function useStoredSize(
  name: string,
  initial: number,
  min: number,
  max: number,
): [number, (size: number) => void] {
  const key = `tenon.size.${name}`;
  const [size, setSize] = useState(() => {
    const stored = Number(localStorage.getItem(key));
    return stored >= min && stored <= max ? stored : initial;
  });
  return [
    size,
    (next) => {
      const bounded = Math.round(Math.min(max, Math.max(min, next)));
      setSize(bounded);
      localStorage.setItem(key, String(bounded));
    },
  ];
}
