import type { ReactNode } from 'react';
import { ResizeHandle } from './ResizeHandle';
import styles from './SplitPane.module.css';
import { useStoredSize } from './use-stored-size';

export interface SplitPaneProps {
  /** Remembers the width under this name. */
  name: string;
  first: ReactNode;
  second: ReactNode;
  initial?: number;
  min?: number;
  max?: number;
}

/** Two panes with a movable line; the first has the remembered width. */
export function SplitPane({ name, first, second, initial = 360, min = 240, max = 640 }: SplitPaneProps) {
  const [size, setSize] = useStoredSize(`split.${name}`, initial, min, max);
  return (
    <div className={styles.split}>
      <div className={styles.first} style={{ width: size }}>
        {first}
        <ResizeHandle side="right" size={size} min={min} max={max} onResize={setSize} />
      </div>
      <div className={styles.second}>{second}</div>
    </div>
  );
}
