import { createContext, useContext } from 'react';

/** What pages may ask of the frame around them. */
export interface FrameActions {
  newForm: () => void;
  publish: () => void;
  /** Whether the form's preview is open; the bar's button switches it. */
  preview: boolean;
  setPreview: (open: boolean) => void;
}

export const FrameContext = createContext<FrameActions>({
  newForm: () => {},
  publish: () => {},
  preview: false,
  setPreview: () => {},
});

export const useFrame = (): FrameActions => useContext(FrameContext);
