import { useState } from 'react';
import { MultiSelect } from '@/kit/Select';
import { textOf } from '@/locales/text';
import { offered } from '../choices';
import type { EditorProps } from '../define';

/** Opens its list over the cell; what is chosen when it closes is committed. */
export function Editor({ value, field, initialText, onCommit }: EditorProps<string[]>) {
  const [chosen, setChosen] = useState(value ?? []);
  return (
    <MultiSelect
      bare
      autoOpen
      initialSearch={initialText}
      size="sm"
      aria-label={textOf(field.name)}
      options={offered(field, chosen)}
      value={chosen}
      onChange={setChosen}
      onClose={() => onCommit(chosen.length > 0 ? chosen : null)}
    />
  );
}
