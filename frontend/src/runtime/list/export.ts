import { lazy } from 'react';

/** The dialog of a download, loaded when somebody asks for one. */
export const ExportDialog = lazy(async () => ({ default: (await import('./ExportDialog')).ExportDialog }));
