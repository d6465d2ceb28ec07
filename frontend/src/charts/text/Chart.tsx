import type { Text } from '@/api/types';
import { textOf } from '@/locales/text';
import type { ChartProps } from '../define';
import styles from './text.module.css';

export interface TextConfig {
  text: Text;
}

/** A note: paragraphs as they were written. */
export function Chart({ config }: ChartProps<TextConfig>) {
  return <div className={styles.text}>{textOf(config.text)}</div>;
}
