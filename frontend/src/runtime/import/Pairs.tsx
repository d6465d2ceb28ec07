import type { ReactNode } from 'react';
import { Button, IconButton, TextInput } from '@/kit';
import styles from './import.module.css';
import type { Pair } from './mapping';

/** A list of two texts each: values and what they mean, columns and what they must say. */
export function Pairs({
  pairs,
  onChange,
  between,
  words,
  left,
}: {
  pairs: Pair[];
  onChange: (pairs: Pair[]) => void;
  between: ReactNode;
  words: { left: string; right: string; blank?: string; add: string; remove: string };
  /** The control of the left text; a text input by default. */
  left?: (text: string, set: (text: string) => void) => ReactNode;
}) {
  const set = (i: number, pair: Pair) => onChange(pairs.map((old, k) => (k === i ? pair : old)));
  return (
    <div className={styles.pairs}>
      {pairs.map(([from, to], i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pairs being typed have no identity
        <div key={i} className={styles.pair}>
          {left ? (
            left(from, (text) => set(i, [text, to]))
          ) : (
            <TextInput size="sm" aria-label={words.left} value={from} onChange={(text) => set(i, [text, to])} />
          )}
          <span className={styles.quiet}>{between}</span>
          <TextInput
            size="sm"
            aria-label={words.right}
            placeholder={words.blank}
            value={to}
            onChange={(text) => set(i, [from, text])}
          />
          <IconButton
            size="sm"
            icon="x"
            label={words.remove}
            onClick={() => onChange(pairs.filter((_, k) => k !== i))}
          />
        </div>
      ))}
      <Button variant="plain" size="sm" icon="plus" onClick={() => onChange([...pairs, ['', '']])}>
        {words.add}
      </Button>
    </div>
  );
}
