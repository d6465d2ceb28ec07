import type { EditorProps } from '../define';
import { PersonEditor } from '../PersonEditor';

export function Editor(props: EditorProps<string>) {
  return <PersonEditor {...props} kind="department" />;
}
