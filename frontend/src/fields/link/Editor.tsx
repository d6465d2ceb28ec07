import { useRef } from 'react';
import { textOf } from '@/locales/text';
import type { EditorProps } from '../define';
import { type LinkValue, linkId } from '../links-values';
import { RecordPicker } from '../RecordPicker';

export function Editor({ value, field, ctx, initialText, onCommit, onCancel, record }: EditorProps<LinkValue>) {
  const chosen = useRef(false);
  const id = linkId(value);
  return (
    <RecordPicker
      many={false}
      bare
      autoOpen
      initialSearch={initialText}
      size="sm"
      aria-label={textOf(field.name)}
      field={field}
      ctx={ctx}
      record={record}
      value={id ? [id] : []}
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
