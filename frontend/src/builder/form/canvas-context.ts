import { createContext, useContext } from 'react';
import type { RuntimeField } from '@/api/types';
import type { FieldContext } from '@/fields';

/** What the nodes of the canvas share. */
export interface CanvasSurroundings {
  /** Fields by id, system fields included. */
  fields: ReadonlyMap<string, RuntimeField>;
  ctx: FieldContext;
}

export const CanvasContext = createContext<CanvasSurroundings | null>(null);

export function useCanvas(): CanvasSurroundings {
  const value = useContext(CanvasContext);
  if (!value) throw new Error('useCanvas outside the canvas');
  return value;
}
