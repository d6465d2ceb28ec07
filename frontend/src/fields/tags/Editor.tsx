import { useState } from 'react';
import { textOf } from '@/locales/text';
import type { EditorProps } from '../define';
import { TagPicker } from './TagPicker';

export function Editor({ value, field, initialText, onCommit }: EditorProps<string[]>) {
  const [chosen, setChosen] = useState(value ?? []);
  return (
    <TagPicker
      bare
      autoOpen
      initialSearch={initialText}
      size="sm"
      aria-label={textOf(field.name)}
      field={field}
      value={chosen}
      onChange={setChosen}
      onClose={() => onCommit(chosen.length > 0 ? chosen : null)}
    />
  );
}
