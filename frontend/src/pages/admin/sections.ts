// The pages of workspace administration, in the order of their menu.
import type { IconName } from '@/kit';
import { t } from '@/locales';

export interface Section {
  path: string;
  icon: IconName;
  label: () => string;
}

export const sections: Section[] = [
  { path: 'members', icon: 'users', label: () => t('admin.members') },
  { path: 'departments', icon: 'department', label: () => t('admin.departments') },
  { path: 'roles', icon: 'shield', label: () => t('admin.roles') },
  { path: 'invitations', icon: 'user-plus', label: () => t('admin.invitations') },
  { path: 'settings', icon: 'gear', label: () => t('admin.settings') },
  { path: 'api', icon: 'key', label: () => t('admin.api') },
  { path: 'webhooks', icon: 'webhook', label: () => t('admin.webhooks') },
  { path: 'audit', icon: 'history', label: () => t('admin.audit') },
  { path: 'recycle-bin', icon: 'trash', label: () => t('admin.recycle') },
];
