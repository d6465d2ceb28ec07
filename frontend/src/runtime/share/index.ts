import { lazy } from 'react';

/** Public links to a form or a record: for people without an account. */
export const ShareLinks = lazy(async () => ({ default: (await import('./ShareLinks')).ShareLinks }));
