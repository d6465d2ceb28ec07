import { useState } from 'react';
import { Textarea } from '@/kit/Textarea';
import { composing } from '@/kit/TextInput';
import { textOf } from '@/locales/text';
import type { EditorProps } from './define';
import styles from './editors.module.css';
import { tidyText } from './text-values';

/** Several lines over a cell: Enter commits, Shift+Enter or Alt+Enter breaks the line. */
export function LinesEditor({ value, field, initialText, onCommit, onCancel }: EditorProps<string>) {
  const [text, setText] = useState(initialText ?? value ?? '');
  return (
    <div className={`${styles.pop} ${styles.wide}`}>
      <Textarea
        autoFocus
        aria-label={textOf(field.name)}
        value={text}
        onChange={setText}
        minRows={4}
        onFocus={(e) => e.target.setSelectionRange(text.length, text.length)}
        onKeyDown={(e) => {
          if (composing(e)) return;
          if (e.key === 'Escape') {
            e.preventDefault();
            onCancel();
          } else if (e.key === 'Enter' && e.altKey) {
            e.preventDefault();
            setText(`${text}\n`);
          } else if ((e.key === 'Enter' && !e.shiftKey) || e.key === 'Tab') {
            e.preventDefault();
            onCommit(tidyText(text, true), e.key === 'Tab' ? (e.shiftKey ? 'left' : 'right') : 'down');
          }
        }}
        onBlur={() => onCommit(tidyText(text, true))}
      />
    </div>
  );
}
