import { t } from '@/locales';

/** What is wrong with an email, if anything. */
export function emailFault(email: string): string | undefined {
  if (email.trim() === '') return t('auth.emailRequired');
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email.trim()) || /^[^\s@]+@localhost$/.test(email.trim())
    ? undefined
    : t('auth.emailInvalid');
}

/** What is wrong with a new password, if anything. */
export function passwordFault(password: string): string | undefined {
  if (password === '') return t('auth.passwordNewRequired');
  return password.length < 8 ? t('auth.passwordShort') : undefined;
}
