import type { Parts } from '../parts';
import type { Scope } from './refs';

/** One fault of an expression, by its place in the text. */
export interface CodeFault {
  from: number;
  to: number;
  message: string;
}

/** What others may do with an editor. */
export interface CodeHandle {
  /** Writes at the caret; `caret` is where it stands in what was written. */
  insert: (text: string, caret?: number) => void;
  format: () => void;
  focus: () => void;
}

export interface CodeProps {
  value: string;
  onChange: (text: string) => void;
  scope: Scope;
  parts: Parts;
  /** A text with expressions in braces. */
  template?: boolean;
  /** one: Enter ends the input. */
  lines?: 'one' | 'many';
  faults?: CodeFault[];
  placeholder?: string;
  disabled?: boolean;
  autoFocus?: boolean;
  label?: string;
  id?: string;
  invalid?: boolean;
  describedBy?: string;
  onEnter?: () => void;
  onFocus?: () => void;
  onBlur?: () => void;
  onReady?: (handle: CodeHandle) => void;
}
