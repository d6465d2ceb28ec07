import './mantine.css';
import { MantineProvider } from '@mantine/core';
import { createContext, type ReactNode, useContext } from 'react';
import { theme, variables } from './theme';
import { useTheme } from './theme-store';

const Inside = createContext(false);

/**
 * The library's context. Components that wrap the library bring it themselves
 * where it is missing, so that a page can start without the library and load
 * such a component later: public forms do.
 */
export function MantineScope({ children }: { children: ReactNode }) {
  return useContext(Inside) ? children : <Provider>{children}</Provider>;
}

function Provider({ children }: { children: ReactNode }) {
  const { scheme } = useTheme();
  return (
    <Inside value>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={variables}
        forceColorScheme={scheme}
        withGlobalClasses={false}
      >
        {children}
      </MantineProvider>
    </Inside>
  );
}
