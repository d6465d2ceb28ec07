// What is dragged in the designer. The same data comes from the palette, the
// canvas and the outline, so that each can drop on the others.
import type { Key, LayoutKind } from './designer';

export type Dragged =
  | { kind: 'new'; type: string }
  | { kind: 'layout'; layout: LayoutKind }
  | { kind: 'field'; id: string }
  | { kind: 'keys'; keys: readonly Key[] };

const mark = Symbol('designer');

export const dragData = (what: Dragged): Record<string | symbol, unknown> => ({ [mark]: true, what });

export function dragged(data: Record<string | symbol, unknown>): Dragged | null {
  return data[mark] === true ? (data.what as Dragged) : null;
}
