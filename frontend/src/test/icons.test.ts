// @vitest-environment node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { definitionIconNames } from '@/kit/icons';
import { root, sources } from './source';

const sprite = readFileSync(join(root, 'kit/icons.svg'), 'utf8');
const drawn = new Set([...sprite.matchAll(/<symbol id="([^"]+)"/g)].map((m) => m[1]));

test('every icon of a definition is drawn and named', async () => {
  const { icons } = await import('@/locales/zh/names');
  expect(definitionIconNames.filter((name) => !drawn.has(name))).toEqual([]);
  expect(definitionIconNames.filter((name) => !(name in icons))).toEqual([]);
});

test('every icon written in a component is drawn', () => {
  const wrong: string[] = [];
  for (const file of sources('.tsx')) {
    for (const [, name = ''] of file.text.matchAll(/<Icon(?:Button)?\b[^>]*?\b(?:name|icon)="([^"]+)"/g)) {
      if (!drawn.has(name)) wrong.push(`${file.path}: ${name}`);
    }
  }
  expect(wrong).toEqual([]);
});
