import { lazy } from 'react';
import { loadMessages } from '@/locales';

/** Asks before the samples go, and lists what had to stay. */
export const RemoveSample = lazy(async () => {
  const [module] = await Promise.all([import('./RemoveSampleDialog'), loadMessages('make')]);
  return { default: module.RemoveSampleDialog };
});
