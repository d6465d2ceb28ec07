import { useLayoutEffect, useRef } from 'react';
import { composing } from '@/kit';
import styles from './Canvas.module.css';
import { finishRename, type Key, useDesigner } from './designer';

/** The name of a node while it is being typed, in its place on the canvas. */
export function InlineName({ nodeKey, value, label }: { nodeKey: Key; value: string; label: string }) {
  const designer = useDesigner();
  const ref = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  // Focused before the key press that started it arrives, so that its letter lands here.
  useLayoutEffect(() => {
    ref.current?.focus();
    ref.current?.select();
  }, []);
  const finish = (words: string) => {
    if (done.current) return;
    done.current = true;
    finishRename(designer, nodeKey, words);
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>(`[data-node="${CSS.escape(nodeKey)}"]`)?.focus({ preventScroll: true }),
    );
  };
  return (
    <input
      ref={ref}
      className={styles.rename}
      defaultValue={value}
      aria-label={label}
      onClick={(e) => e.stopPropagation()}
      onBlur={(e) => finish(e.target.value)}
      onKeyDown={(e) => {
        e.stopPropagation();
        if (composing(e)) return;
        if (e.key === 'Enter' || e.key === 'Tab') {
          e.preventDefault();
          finish(e.currentTarget.value);
        } else if (e.key === 'Escape') {
          e.preventDefault();
          finish('');
        }
      }}
    />
  );
}
