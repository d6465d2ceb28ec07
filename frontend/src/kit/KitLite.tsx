import './tokens.css';
import './base.css';
import type { ReactNode } from 'react';
import { ToastHost } from './ToastHost';

/** What a small page needs: tokens and messages. Library components bring their own context. */
export function KitLite({ children }: { children: ReactNode }) {
  return (
    <>
      {children}
      <ToastHost />
    </>
  );
}
