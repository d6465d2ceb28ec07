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

/**
 * What is wrong with the fields, by their ids. Apart from the rest: it changes with every save,
 * and only the marks are drawn again then.
 */
export const FieldFaults = createContext<ReadonlyMap<string, string>>(new Map());

export function useFieldFault(field: string): string | undefined {
  return useContext(FieldFaults).get(field);
}

export function useCanvas(): CanvasSurroundings {
  const value = useContext(CanvasContext);
  if (!value) throw new Error('useCanvas outside the canvas');
  return value;
}
