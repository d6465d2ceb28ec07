import type { IconProps } from '@/kit';

/** The pages of one form, in the order of their tabs. */
export const formTabs = ['design', 'views', 'rules', 'roles', 'data'] as const;
export type FormTab = (typeof formTabs)[number];

/** The pages that are about the whole app. */
export const appPages = [
  { value: 'menu', icon: 'list' },
  { value: 'dashboards', icon: 'chart' },
  { value: 'rules', icon: 'bolt' },
  { value: 'roles', icon: 'shield' },
  { value: 'params', icon: 'variable' },
  { value: 'versions', icon: 'history' },
  { value: 'settings', icon: 'gear' },
] as const satisfies { value: string; icon: IconProps['name'] }[];
export type AppPage = (typeof appPages)[number]['value'];
