// @vitest-environment node
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { sources } from './source';

const css = new Map(sources('.css').map((f) => [f.path, f.text]));
const code = sources('.ts', '.tsx').filter((f) => !/\.test\.tsx?$/.test(f.path));

function classesOf(text: string): Set<string> {
  return new Set([...text.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/\.([a-zA-Z_][\w-]*)/g)].map((m) => m[1] ?? ''));
}

test('every class that a component uses exists in its stylesheet', () => {
  const wrong: string[] = [];
  for (const file of code) {
    for (const [, name = '', path = ''] of file.text.matchAll(/import (\w+) from '([^']+\.module\.css)'/g)) {
      const sheet = path.startsWith('@/') ? path.slice(2) : join(dirname(file.path), path).replaceAll('\\', '/');
      const text = css.get(sheet);
      if (text === undefined) {
        wrong.push(`${file.path}: ${sheet} does not exist`);
        continue;
      }
      const known = classesOf(text);
      for (const [, used = ''] of file.text.matchAll(new RegExp(`(?<![\\w/.])${name}\\.(\\w+)`, 'g'))) {
        if (!known.has(used)) wrong.push(`${file.path}: .${used} is not in ${sheet}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

test('colours are named by tokens only', () => {
  const wrong: string[] = [];
  for (const [path, text] of css) {
    if (path === 'kit/tokens.css') continue;
    for (const [found] of text
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .matchAll(/#[0-9a-f]{3,8}\b(?![^{]*\{)|\b(rgb|hsl|oklch)a?\(/gi))
      wrong.push(`${path}: ${found}`);
  }
  for (const file of code.filter((f) => f.path.endsWith('.tsx'))) {
    for (const [found] of file.text.matchAll(/['"`]#[0-9a-f]{6}['"`]/gi)) wrong.push(`${file.path}: ${found}`);
  }
  expect(wrong).toEqual([]);
});

test('every token that is used exists', () => {
  const defined = new Set([...(css.get('kit/tokens.css') ?? '').matchAll(/(--[\w-]+):/g)].map((m) => m[1] ?? ''));
  const wrong: string[] = [];
  for (const [path, text] of css) {
    const local = new Set([...text.matchAll(/(--[\w-]+):/g)].map((m) => m[1] ?? ''));
    for (const [, name = ''] of text.matchAll(/var\((--[\w-]+)\s*\)/g)) {
      // Set by components: hueVars and the library's own.
      if (/^--(hue|mantine|rgl)-/.test(name) || defined.has(name) || local.has(name)) continue;
      wrong.push(`${path}: ${name}`);
    }
  }
  expect(wrong).toEqual([]);
});
