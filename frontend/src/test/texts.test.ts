// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { type Node, parse, place, sources, visit } from './source';

type Tree = { [key: string]: string | Tree };

function flatten(tree: Tree, prefix = ''): Map<string, string> {
  const out = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') out.set(prefix + key, value);
    else for (const [k, v] of flatten(value, `${prefix}${key}.`)) out.set(k, v);
  }
  return out;
}

const names = (text: string) => new Set([...text.matchAll(/\{(\w+)(?::[^{}]*)?\}/g)].map((m) => m[1]));

const areas = import.meta.glob<{ default: Tree }>('../locales/*/*.ts', { eager: true });

describe.each(['base', 'record', 'build', 'admin', 'board', 'make'])('area %s', (area) => {
  const zh = flatten(areas[`../locales/zh/${area}.ts`]?.default ?? {});
  const en = flatten(areas[`../locales/en/${area}.ts`]?.default ?? {});

  test('has the same keys in both languages', () => {
    expect([...en.keys()].sort()).toEqual([...zh.keys()].sort());
  });

  test('has no blank text', () => {
    const blank = [...zh, ...en].filter(([, text]) => text.trim() === '').map(([key]) => key);
    expect(blank).toEqual([]);
  });

  test('uses no parameter in English that Chinese does not name', () => {
    const wrong = [...en]
      .filter(([key, text]) => [...names(text)].some((n) => !names(zh.get(key) ?? '').has(n)))
      .map(([key]) => key);
    expect(wrong).toEqual([]);
  });

  test('has no Chinese left in English', () => {
    const wrong = [...en].filter(([, text]) => /\p{Script=Han}/u.test(text)).map(([key]) => key);
    expect(wrong).toEqual([]);
  });

  test('quotes with quotation marks, not with those of a typewriter', () => {
    const wrong = [...zh, ...en].filter(([, text]) => /["']/.test(text)).map(([key]) => key);
    expect(wrong).toEqual([]);
  });

  test('writes no space between Chinese and Latin that the browser adds by itself', () => {
    // Words are set apart with one ordinary space; no-break and thin spaces hide in copies.
    const wrong = [...zh].filter(([, text]) => /[\u2009\u200a\u00a0]/.test(text)).map(([key]) => key);
    expect(wrong).toEqual([]);
  });
});

// Chinese that is no text of the interface: names of languages, readings of characters, and what the
// expression functions write and the parsers of typed values read.
const exempt = new Set([
  'locales/index.ts',
  'builder/pinyin.ts',
  'kit/number.ts',
  'builder/pinyin.ts',
  'expr/format.ts',
  'fields/dates.ts',
  'fields/text-values.ts',
]);
const files = sources('.ts', '.tsx').filter(
  (f) =>
    !f.path.startsWith('locales/zh/') &&
    !f.path.startsWith('locales/en/') &&
    !f.path.startsWith('test/') &&
    !/\.test\.tsx?$|testing\.tsx?$/.test(f.path) &&
    !exempt.has(f.path),
);

const cjk = /[\p{Script=Han}\u3001\u3002\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f\u300a-\u300f]/u;

test('no Chinese stands outside the texts', () => {
  const wrong: string[] = [];
  for (const file of files) {
    if (!cjk.test(file.text)) continue;
    visit(parse(file), (node) => {
      const text =
        node.type === 'Literal' && typeof node.value === 'string'
          ? ((node.raw as string | undefined) ?? node.value)
          : node.type === 'TemplateElement'
            ? (node.value as { raw: string }).raw
            : node.type === 'JSXText'
              ? (node.value as string)
              : '';
      // A lone list mark separates values in copied data.
      if (cjk.test(text) && !/^['"`]?、['"`]?$/.test(text))
        wrong.push(`${place(file, node.start)} ${text.trim().slice(0, 40)}`);
    });
  }
  expect(wrong).toEqual([]);
});

const spoken = new Set(['label', 'title', 'placeholder', 'aria-label', 'alt', 'help', 'description', 'error']);
const word = /\p{Letter}{2,}/u;
const marks = new Set(['Tenon']);

test('no text is written into a component', () => {
  const wrong: string[] = [];
  for (const file of files.filter((f) => f.path.endsWith('.tsx'))) {
    visit(parse(file), (node) => {
      if (node.type === 'JSXText') {
        const text = (node.value as string).trim();
        if (word.test(text) && !marks.has(text)) wrong.push(`${place(file, node.start)} ${text.slice(0, 40)}`);
      }
      if (node.type === 'JSXAttribute') {
        const name = (node.name as Node).name as string;
        const value = node.value as Node | null;
        if (spoken.has(name) && value?.type === 'Literal' && word.test(String(value.value))) {
          wrong.push(`${place(file, node.start)} ${name}="${String(value.value).slice(0, 40)}"`);
        }
      }
    });
  }
  expect(wrong).toEqual([]);
});
