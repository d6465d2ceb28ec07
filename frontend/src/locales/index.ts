// The product's texts. Chinese is the source: its shape types the keys and the
// parameters of every message, English must match it. Messages are loaded by
// area, so that a public form never downloads the builder's texts.
import { useSyncExternalStore } from 'react';
import type admin from './zh/admin';
import type base from './zh/base';
import type board from './zh/board';
import type build from './zh/build';
import type make from './zh/make';
import type record from './zh/record';

type Source = typeof base & typeof record & typeof build & typeof admin & typeof board & typeof make;

/** The languages of the product. */
export const locales = ['zh-CN', 'en-US'] as const;
export type Locale = (typeof locales)[number];

/** Each language in its own words. */
export const languageNames: Record<Locale, string> = { 'zh-CN': '简体中文', 'en-US': 'English' };
export type Area = 'base' | 'record' | 'build' | 'admin' | 'board' | 'make';

type Leaves<T> = { [K in keyof T & string]: T[K] extends string ? K : `${K}.${Leaves<T[K]>}` }[keyof T & string];
type At<T, K extends string> = K extends `${infer Head}.${infer Rest}`
  ? Head extends keyof T
    ? At<T[Head], Rest>
    : never
  : K extends keyof T
    ? T[K]
    : never;
type Names<S> = S extends `${string}{${infer N}}${infer Rest}`
  ? (N extends `${infer M}:${string}` ? M : N) | Names<Rest>
  : never;

/** Every key of a message, e.g. "common.save". */
export type MessageKey = Leaves<Source>;
type Params<K extends MessageKey> = [Names<At<Source, K>>] extends [never]
  ? []
  : [Record<Names<At<Source, K>>, string | number>];

/** The shape a translation of T must have: the same keys, other words. */
export type Translation<T> = { [K in keyof T]: T[K] extends string ? string : Translation<T[K]> };

type Tree = { [key: string]: string | Tree };

const sources: Record<Area, Record<Locale, () => Promise<{ default: Tree }>>> = {
  base: { 'zh-CN': () => import('./zh/base'), 'en-US': () => import('./en/base') },
  record: { 'zh-CN': () => import('./zh/record'), 'en-US': () => import('./en/record') },
  build: { 'zh-CN': () => import('./zh/build'), 'en-US': () => import('./en/build') },
  admin: { 'zh-CN': () => import('./zh/admin'), 'en-US': () => import('./en/admin') },
  board: { 'zh-CN': () => import('./zh/board'), 'en-US': () => import('./en/board') },
  make: { 'zh-CN': () => import('./zh/make'), 'en-US': () => import('./en/make') },
};

const storageKey = 'tenon.locale';
let current: Locale = 'zh-CN';
// The language that is being switched to, or the one in use.
let wanted: Locale = current;
/** How texts of the product are told from everything else in tests: to the eye, or by marks that nobody sees. */
let pseudo: 'shown' | 'marked' | null = null;
let messages = new Map<string, string>();
const loaded = new Set<Area>();
const listeners = new Set<() => void>();

function flatten(tree: Tree, prefix: string, into: Map<string, string>) {
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') into.set(prefix + key, value);
    else flatten(value, `${prefix}${key}.`, into);
  }
}

/** The language in use. */
export function locale(): Locale {
  return current;
}

/** Re-renders the caller when the language changes. */
export function useLocale(): Locale {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}

/** The language this browser would choose before anybody signed in. */
export function preferredLocale(): Locale {
  const stored = localStorage.getItem(storageKey);
  if (stored === 'zh-CN' || stored === 'en-US') return stored;
  return /^zh/i.test(navigator.language) ? 'zh-CN' : 'en-US';
}

/** Loads the texts of areas in the current language. Route loaders call it. */
export async function loadMessages(...areas: Area[]): Promise<void> {
  const missing = areas.filter((area) => !loaded.has(area));
  if (missing.length === 0) return;
  const language = wanted;
  const trees = await Promise.all(missing.map((area) => sources[area][language]()));
  if (language !== wanted) return loadMessages(...areas);
  for (const [i, area] of missing.entries()) {
    loaded.add(area);
    flatten(trees[i]?.default ?? {}, '', messages);
  }
}

/** The language in use, or the one that is being switched to. */
export function wantedLocale(): Locale {
  return wanted;
}

let switching = Promise.resolve();

/** Switches the language, remembers it in this browser and redraws. Of two switches at once the later one counts. */
export function setLocale(next: Locale, areas: Area[] = ['base']): Promise<void> {
  wanted = next;
  switching = switchTo(next, areas);
  return switching;
}

async function switchTo(next: Locale, areas: Area[]): Promise<void> {
  let all: Area[];
  let trees: { default: Tree }[];
  try {
    do {
      all = [...new Set<Area>([...loaded, ...areas])];
      trees = await Promise.all(all.map((area) => sources[area][next]()));
      // A route may have loaded an area of its own meanwhile.
    } while ([...loaded].some((area) => !all.includes(area)));
  } catch (error) {
    if (wanted === next) wanted = current;
    throw error;
  }
  if (wanted !== next) return switching;
  const fresh = new Map<string, string>();
  for (const tree of trees) flatten(tree.default, '', fresh);
  for (const area of all) loaded.add(area);
  messages = fresh;
  const wish = localStorage.getItem('tenon.pseudo');
  pseudo = wish === 'shown' || wish === 'marked' ? wish : null;
  const changed = next !== current;
  current = next;
  document.documentElement.lang = next;
  localStorage.setItem(storageKey, next);
  if (changed) for (const listener of listeners) listener();
}

// Made when a text first needs them: a browser takes long to make the first of a kind.
const plurals = new Map<Locale, Intl.PluralRules>();
const numbers = new Map<Locale, Intl.NumberFormat>();

function once<V>(made: Map<Locale, V>, language: Locale, make: () => V): V {
  let found = made.get(language);
  if (found === undefined) {
    found = make();
    made.set(language, found);
  }
  return found;
}

function isOne(count: number, language: Locale): boolean {
  return once(plurals, language, () => new Intl.PluralRules(language)).select(count) === 'one';
}

function grouped(value: number, language: Locale): string {
  return once(numbers, language, () => new Intl.NumberFormat(language)).format(value);
}

/** Fills a template: {name} is a value, {n:record|records} a word that agrees with n. */
export function fill(
  template: string,
  params: Record<string, string | number> | undefined,
  language: Locale = current,
): string {
  if (!params) return template;
  return template.replace(
    /\{(\w+)(?::([^{}|]*)\|([^{}]*))?\}/g,
    (whole, name: string, one?: string, other?: string) => {
      const value = params[name];
      if (value === undefined) return whole;
      if (other !== undefined) return isOne(Number(value), language) ? (one ?? '') : other;
      return typeof value === 'number' ? grouped(value, language) : value;
    },
  );
}

// Accents and brackets show at a glance which text on a screen did not pass
// through this module, and whether a layout survives longer words. The marks that
// nobody sees, a space and a hyphen without width, change nothing else.
function disguise(text: string): string {
  if (pseudo === 'marked') return `\u200b${text}\u00ad`;
  return `⟦${text.replace(/[aeiou]/g, (c) => ({ a: 'á', e: 'é', i: 'í', o: 'ó', u: 'ú' })[c] ?? c)}⟧`;
}

const shown = (text: string): string => (pseudo ? disguise(text) : text);

/** The message of a key in the current language. */
export function t<K extends MessageKey>(key: K, ...params: Params<K>): string {
  return lookup(key, params[0]) ?? key;
}

/** A message whose key is made at run time, e.g. from a field type; undefined when there is none. */
export function lookup(key: string, params?: Record<string, string | number>): string | undefined {
  const template = messages.get(key);
  if (template === undefined) return undefined;
  return shown(fill(template, params));
}

/** A message whose parameter is made of elements: the texts around {name}, in order. */
export function around<K extends MessageKey>(key: K): { name: string | null; text: string }[] {
  const parts: { name: string | null; text: string }[] = [];
  const template = messages.get(key) ?? key;
  let at = 0;
  for (const match of template.matchAll(/\{(\w+)\}/g)) {
    if (match.index > at) parts.push({ name: null, text: shown(template.slice(at, match.index)) });
    parts.push({ name: match[1] ?? '', text: '' });
    at = match.index + match[0].length;
  }
  if (at < template.length) parts.push({ name: null, text: shown(template.slice(at)) });
  return parts;
}
