import { type ClipboardEvent, type KeyboardEvent, type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { cx } from '@/kit';
import styles from './grid.module.css';

export interface EntryHandle {
  focus: () => void;
  fill: (text: string) => void;
  clear: () => void;
  insert: (text: string) => void;
  value: () => string;
}

export interface EntryProps {
  ref: Ref<EntryHandle>;
  /** The active cell. */
  place: { top: number; left: number; width: number; height: number; frozen: boolean } | null;
  /** The text is being edited here; otherwise it only waits for the first key. */
  editing: boolean;
  align: 'left' | 'right' | 'center';
  label: string;
  activeId: string | undefined;
  invalid: boolean;
  onKeyDown: (e: KeyboardEvent<HTMLTextAreaElement>) => void;
  /** Text arrived while nothing was edited. */
  onText: (text: string, composing: boolean) => void;
  /** An input method has finished its words. */
  onComposed: (text: string) => void;
  onLeave: (text: string) => void;
  onFocus: () => void;
  onCopy: (e: ClipboardEvent) => void;
  onCut: (e: ClipboardEvent) => void;
  onPaste: (e: ClipboardEvent) => void;
}

/**
 * The one place that has the focus: a text box over the active cell, unseen
 * until somebody types. Input methods thus compose from the first key on, in
 * the cell and not beside it.
 */
export function Entry({
  ref,
  place,
  editing,
  align,
  label,
  activeId,
  invalid,
  onKeyDown,
  onText,
  onComposed,
  onLeave,
  onFocus,
  onCopy,
  onCut,
  onPaste,
}: EntryProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(ref, () => ({
    focus: () => area.current?.focus({ preventScroll: true }),
    fill: (text) => {
      const box = area.current;
      if (!box) return;
      box.value = text;
      box.setSelectionRange(text.length, text.length);
    },
    clear: () => {
      if (area.current) area.current.value = '';
    },
    insert: (text) => {
      const box = area.current;
      box?.setRangeText(text, box.selectionStart, box.selectionEnd, 'end');
    },
    value: () => area.current?.value ?? '',
  }));
  useEffect(() => {
    if (!editing && area.current) area.current.value = '';
  }, [editing]);
  return (
    <div className={styles.editorHolder} data-frozen={place?.frozen || undefined}>
      <textarea
        ref={area}
        rows={1}
        spellCheck={false}
        autoComplete="off"
        className={cx(
          styles.entry,
          editing && styles.editing,
          align === 'right' && styles.right,
          invalid && styles.invalid,
        )}
        style={
          place
            ? {
                top: place.top,
                left: place.left,
                minWidth: place.width,
                minHeight: place.height,
                ...(editing ? {} : { width: place.width, height: place.height }),
              }
            : { top: 0, left: 0 }
        }
        aria-label={label}
        aria-activedescendant={activeId}
        aria-invalid={invalid || undefined}
        onKeyDown={onKeyDown}
        onInput={(e) => {
          if (!editing) onText(e.currentTarget.value, (e.nativeEvent as InputEvent).isComposing);
        }}
        onCompositionStart={() => {
          if (!editing) onText('', true);
        }}
        onCompositionEnd={(e) => onComposed(e.currentTarget.value)}
        onFocus={onFocus}
        onBlur={(e) => {
          if (editing) onLeave(e.currentTarget.value);
        }}
        onCopy={onCopy}
        onCut={onCut}
        onPaste={onPaste}
      />
    </div>
  );
}
