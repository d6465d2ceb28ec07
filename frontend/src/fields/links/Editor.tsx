import { useState } from 'react';
import { textOf } from '@/locales/text';
import type { EditorProps } from '../define';
import { type LinkValue, linkIds } from '../links-values';
import { RecordPicker } from '../RecordPicker';

export function Editor({ value, field, ctx, initialText, onCommit, record }: EditorProps<LinkValue[]>) {
  const [chosen, setChosen] = useState(linkIds(value));
  return (
    <RecordPicker
      many
      bare
      autoOpen
      initialSearch={initialText}
      size="sm"
      aria-label={textOf(field.name)}
      {...{ field, ctx, record }}
      value={chosen}
      onChange={setChosen}
      onClose={() => onCommit(chosen.length > 0 ? chosen : null)}
    />
  );
}
