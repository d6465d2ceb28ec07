import { useRef } from 'react';
import { textOf } from '@/locales/text';
import type { EditorProps } from '../define';
import { PeoplePicker } from '../PeoplePicker';

export function Editor({ value, field, ctx, onCommit, onCancel }: EditorProps<string>) {
  const chosen = useRef(false);
  return (
    <PeoplePicker
      kind="member"
      many={false}
      bare
      autoOpen
      size="sm"
      aria-label={textOf(field.name)}
      field={field}
      ctx={ctx}
      value={value ? [value] : []}
      onChange={(ids) => {
        chosen.current = true;
        onCommit(ids[0] ?? null);
      }}
      onClose={() => {
        if (!chosen.current) onCancel();
      }}
    />
  );
}
