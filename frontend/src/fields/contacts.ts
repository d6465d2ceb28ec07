// Telephone numbers and addresses of the net: as shown, as opened, as read.
import { t } from '@/locales';
import { tidyText } from './text-values';

/** A Chinese mobile number in groups, others as they are stored. */
export function phoneText(value: string | null | undefined): string {
  if (!value) return '';
  return /^1\d{10}$/.test(value) ? `${value.slice(0, 3)} ${value.slice(3, 7)} ${value.slice(7)}` : value;
}

/** The number with its middle hidden, for lists. */
export function maskedPhone(value: string): string {
  return value.length >= 9 ? `${value.slice(0, 3)}****${value.slice(-4)}` : '****';
}

/** Only what a telephone understands; blank for a masked number. */
export function dial(value: string): string | null {
  if (value.includes('*')) return null;
  const digits = value.replace(/[^\d+]/g, '');
  return digits.length >= 5 ? `tel:${digits}` : null;
}

/** A typed number without blanks and dashes where it is a Chinese mobile. */
export function readPhone(text: string): string | null {
  const clean = text.normalize('NFKC').trim();
  const digits = clean.replace(/[\s\-()]/g, '').replace(/^(\+86|0086)(?=1\d{10}$)/, '');
  if (/^1\d{10}$/.test(digits)) return digits;
  return clean === '' ? null : clean;
}

export function mailTo(value: string): string | null {
  return /^[^\s@*]+@[^\s@]+$/.test(value) ? `mailto:${value}` : null;
}

/** An address that may be opened: only the web's own schemes. */
export function webAddress(value: string): string | null {
  const full = /^[a-z][a-z\d+.-]*:/i.test(value) ? value : `https://${value}`;
  try {
    const url = new URL(full);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null;
  } catch {
    return null;
  }
}

/** A web address in few words: no scheme, no slash at the end. */
export function webText(value: string | null | undefined): string {
  return (value ?? '').replace(/^https?:\/\//i, '').replace(/\/$/, '');
}

export function checkEmail(value: string): string | undefined {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value.normalize('NFKC').trim()) ? undefined : t('fields.emailInvalid');
}

export function checkUrl(value: string): string | undefined {
  return webAddress(value) && /[.:]/.test(value) ? undefined : t('fields.urlInvalid');
}

export function checkPhone(value: string): string | undefined {
  const digits = value.normalize('NFKC').replace(/\D/g, '');
  return digits.length >= 5 && digits.length <= 22 ? undefined : t('fields.phoneInvalid');
}

export const readLine = (text: string) => tidyText(text, false);
