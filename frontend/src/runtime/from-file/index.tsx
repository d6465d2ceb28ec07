import { lazy } from 'react';
import { loadMessages } from '@/locales';

/** A new form, or a new app, made of a spreadsheet. */
export const FormFromFile = lazy(async () => {
  const [module] = await Promise.all([import('./FormFromFile'), loadMessages('make')]);
  return { default: module.FormFromFile };
});
