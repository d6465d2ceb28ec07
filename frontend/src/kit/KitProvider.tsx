import './tokens.css';
import './base.css';
import type { ReactNode } from 'react';
import { ConfirmHost } from './confirm';
import { MantineScope } from './MantineScope';
import { ToastHost } from './ToastHost';

/** What a full page needs: tokens, library context, messages and questions. */
export function KitProvider({ children }: { children: ReactNode }) {
  return (
    <MantineScope>
      {children}
      <ConfirmHost />
      <ToastHost />
    </MantineScope>
  );
}
