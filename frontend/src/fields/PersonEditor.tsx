import { useRef } from 'react';
import { textOf } from '@/locales/text';
import type { EditorProps } from './define';
import { PeoplePicker } from './PeoplePicker';

/** One person or department over a cell; choosing commits, Escape leaves. */
export function PersonEditor({
  value,
  field,
  ctx,
  initialText,
  onCommit,
  onCancel,
  kind,
}: EditorProps<string> & { kind: 'member' | 'department' }) {
  const chosen = useRef(false);
  return (
    <PeoplePicker
      kind={kind}
      many={false}
      bare
      autoOpen
      initialSearch={initialText}
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
