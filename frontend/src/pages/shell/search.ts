import { createContext, useContext } from 'react';

/** Opens the search over everything; the frame of the workspace provides it. */
export const SearchContext = createContext<() => void>(() => {});

export function useOpenSearch(): () => void {
  return useContext(SearchContext);
}
