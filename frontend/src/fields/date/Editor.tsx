import { useState } from 'react';
import { Calendar } from '@/kit/DateInput';
import { TextInput } from '@/kit/TextInput';
import { t } from '@/locales';
import { civilDate } from '@/locales/format';
import { textOf } from '@/locales/text';
import { readDate } from '../dates';
import type { EditorProps } from '../define';
import styles from '../editors.module.css';

/** A line to type the date in, and a month below to pick it from. */
export function Editor({ value, field, ctx, initialText, onCommit, onCancel }: EditorProps<string>) {
  const [text, setText] = useState(initialText ?? value ?? '');
  const today = civilDate(new Date(), ctx.zone);
  const read = text.trim() === '' ? null : readDate(text, today);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys that its controls leave over
    <div
      className={styles.pop}
      onKeyDown={(e) => {
        if (e.key === 'Escape') onCancel();
        if (e.key === 'Tab' && read !== undefined) {
          e.preventDefault();
          onCommit(read, e.shiftKey ? 'left' : 'right');
        }
      }}
    >
      <TextInput
        autoFocus
        size="sm"
        aria-label={textOf(field.name)}
        placeholder={t('common.chooseDate')}
        value={text}
        error={read === undefined}
        onChange={setText}
        onEnter={() => {
          if (read !== undefined) onCommit(read, 'down');
        }}
      />
      <Calendar value={read ?? null} onChange={(day) => onCommit(day)} />
    </div>
  );
}
