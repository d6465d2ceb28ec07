import { Icon } from '@/kit';
import styles from './Canvas.module.css';
import { useFieldFault } from './canvas-context';

/** Says on the canvas that a field has to be corrected, and why. */
export function FaultMark({ field }: { field: string }) {
  const fault = useFieldFault(field);
  return fault ? <FaultSign words={fault} /> : null;
}

export function FaultSign({ words }: { words: string }) {
  return (
    <span className={styles.fault} title={words}>
      <Icon name="error" size={14} label={words} />
    </span>
  );
}
