import { useState } from 'react';
import { Button } from '@/kit/Button';
import { Calendar } from '@/kit/DateInput';
import { TextInput } from '@/kit/TextInput';
import { t } from '@/locales';
import { civilDate, instantToWall, timeZone, wallToInstant } from '@/locales/format';
import { textOf } from '@/locales/text';
import { readDateTime } from '../dates';
import { type EditorProps, option } from '../define';
import styles from '../editors.module.css';

/** A line to type the time in, and a month below that changes its day. */
export function Editor({ value, field, initialText, onCommit, onCancel }: EditorProps<string>) {
  const seconds = option<string>(field, 'precision', 'minute') === 'second';
  const shown = (at: string) => instantToWall(at).slice(0, seconds ? 19 : 16);
  const [text, setText] = useState(initialText ?? (value ? shown(value) : ''));
  const read = text.trim() === '' ? null : readDateTime(text, civilDate(new Date()), timeZone());
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys that its controls leave over
    <div
      className={styles.pop}
      onKeyDown={(e) => {
        if (e.key === 'Escape') onCancel();
        if (e.key === 'Tab' && read !== undefined && e.target instanceof HTMLInputElement) {
          e.preventDefault();
          onCommit(read, e.shiftKey ? 'left' : 'right');
        }
      }}
    >
      <TextInput
        autoFocus
        size="sm"
        aria-label={textOf(field.name)}
        placeholder={t('common.chooseTime')}
        value={text}
        error={read === undefined}
        onChange={setText}
        onEnter={() => {
          if (read !== undefined) onCommit(read, 'down');
        }}
      />
      <Calendar
        value={read ? instantToWall(read).slice(0, 10) : null}
        onChange={(day) => {
          if (day) setText(shown(wallToInstant(`${day} ${read ? instantToWall(read).slice(11) : '09:00:00'}`)));
        }}
      />
      <div className={styles.actions}>
        <Button size="sm" variant="plain" onClick={() => setText(shown(new Date().toISOString()))}>
          {t('common.now')}
        </Button>
        <Button size="sm" variant="primary" disabled={read === undefined} onClick={() => onCommit(read ?? null)}>
          {t('common.confirm')}
        </Button>
      </div>
    </div>
  );
}
