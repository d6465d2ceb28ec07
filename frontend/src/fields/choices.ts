// Choices of selects and tags.
import type { Choice, RuntimeField } from '@/api/types';
import type { Option } from '@/kit/Select';
import { textOf } from '@/locales/text';
import { choicesOf } from './define';

export function choiceOf(field: RuntimeField, key: string): Choice | undefined {
  return choicesOf(field).find((c) => c.key === key);
}

/** The words of a key; the key itself when the choice is gone. */
export function choiceText(field: RuntimeField, key: string): string {
  const choice = choiceOf(field, key);
  return choice ? textOf(choice.label) : key;
}

/** What may be chosen: retired choices only while they are chosen already. */
export function offered(field: RuntimeField, chosen: readonly string[]): Option[] {
  return choicesOf(field)
    .filter((c) => !c.retired || chosen.includes(c.key))
    .map((c) => ({
      value: c.key,
      label: textOf(c.label),
      hue: c.hue ?? 'gray',
      keywords: [c.key, ...(c.aliases ?? [])].join(' '),
    }));
}

/** The choice that a typed text names: by key, label in any language, or alias. */
export function readChoice(text: string, field: RuntimeField): string | undefined {
  const wanted = fold(text);
  const found = choicesOf(field).filter(
    (c) =>
      fold(c.key) === wanted ||
      [textOf(c.label, 'zh-CN'), textOf(c.label, 'en-US'), ...(c.aliases ?? [])].some((name) => fold(name) === wanted),
  );
  return (found.find((c) => c.key === text.trim()) ?? found[0])?.key;
}

/** Typed names of several choices: 甲、乙; commas of both widths separate. */
export function splitNames(text: string): string[] {
  return text
    .split(/[,，、;；\n\t]/)
    .map((part) => part.trim())
    .filter(Boolean);
}

const fold = (text: string): string => text.normalize('NFKC').trim().toLowerCase();

/** Typed names as keys: null for blank, undefined when one is unknown and new ones may not be made. */
export function readChoices(text: string, field: RuntimeField, free: boolean): string[] | null | undefined {
  if (text.trim() === '') return null;
  // A label may contain a comma: the whole text is tried first.
  const whole = readChoice(text, field);
  if (whole) return [whole];
  const keys: string[] = [];
  for (const name of splitNames(text)) {
    const key = readChoice(name, field) ?? (free ? name : undefined);
    if (key === undefined) return undefined;
    if (!keys.includes(key)) keys.push(key);
  }
  return keys.length > 0 ? keys : null;
}
