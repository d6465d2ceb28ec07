import { useState } from 'react';
import { textOf } from '@/locales/text';
import type { EditorProps } from './define';
import { PeoplePicker } from './PeoplePicker';

/** Several people over a cell; what is chosen when the list closes is committed. */
export function PeopleEditor({
  value,
  field,
  ctx,
  initialText,
  onCommit,
  kind,
}: EditorProps<string[]> & { kind: 'member' | 'department' }) {
  const [chosen, setChosen] = useState(value ?? []);
  return (
    <PeoplePicker
      kind={kind}
      many
      bare
      autoOpen
      initialSearch={initialText}
      size="sm"
      aria-label={textOf(field.name)}
      field={field}
      ctx={ctx}
      value={chosen}
      onChange={setChosen}
      onClose={() => onCommit(chosen.length > 0 ? chosen : null)}
    />
  );
}
