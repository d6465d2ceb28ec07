import type { EditorProps } from '../define';
import { PeopleEditor } from '../PeopleEditor';

export function Editor(props: EditorProps<string[]>) {
  return <PeopleEditor {...props} kind="member" />;
}
