import './tokens.css';
import './mantine.css';
import './base.css';
import { MantineProvider } from '@mantine/core';
import type { ReactNode } from 'react';
import { ConfirmHost } from './confirm';
import { ToastHost } from './ToastHost';
import { theme, variables } from './theme';
import { useTheme } from './theme-store';

/** Tokens, theme, and the places where messages and questions appear. */
export function KitProvider({ children }: { children: ReactNode }) {
  const { scheme } = useTheme();
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} forceColorScheme={scheme} deduplicateCssVariables={false} withGlobalClasses={false}>
      {children}
      <ConfirmHost />
      <ToastHost />
    </MantineProvider>
  );
}
