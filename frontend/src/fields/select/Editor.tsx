import { useRef } from 'react';
import { Select } from '@/kit/Select';
import { textOf } from '@/locales/text';
import { offered } from '../choices';
import type { EditorProps } from '../define';

/** Opens its list over the cell at once; choosing commits, Escape leaves. */
export function Editor({ value, field, initialText, onCommit, onCancel }: EditorProps<string>) {
  const chosen = useRef(false);
  return (
    <Select
      bare
      autoOpen
      initialSearch={initialText}
      size="sm"
      clearable={!field.required}
      aria-label={textOf(field.name)}
      value={value ?? null}
      options={offered(field, value ? [value] : [])}
      onChange={(next) => {
        chosen.current = true;
        onCommit(next);
      }}
      onClose={() => {
        if (!chosen.current) onCancel();
      }}
    />
  );
}
