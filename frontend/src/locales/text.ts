// Texts that users wrote into definitions: one string, or one per language.
import type { Text } from '@/api/types';
import { type Locale, locale } from '.';

/** The words of a definition text in a language, falling back to the other one. */
export function textOf(text: Text | undefined | null, language: Locale = locale()): string {
  if (text === undefined || text === null) return '';
  if (typeof text === 'string') return text;
  return text[language] || text['zh-CN'] || text['en-US'] || '';
}

/**
 * A name within a sentence: English begins it with a small letter unless capitals
 * belong to it, as in "IT ticket" or "Purchase Order".
 */
export function inSentence(name: string): string {
  return locale() === 'en-US' && /^\p{Lu}\P{Lu}+$/u.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name;
}

/** A text with one language replaced; collapses to a string when both agree. */
export function withText(text: Text | undefined | null, words: string, language: Locale = locale()): Text {
  if (text === undefined || text === null || typeof text === 'string') {
    const other = typeof text === 'string' ? text : '';
    if (other === '' || other === words) return words;
    return language === 'zh-CN' ? { 'zh-CN': words, 'en-US': other } : { 'zh-CN': other, 'en-US': words };
  }
  const next = { ...text, [language]: words };
  return next['zh-CN'] === next['en-US'] ? words : next;
}
