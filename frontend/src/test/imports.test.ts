// @vitest-environment node
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { sources } from './source';

// Lower layers never import higher ones: a field knows no page.
const layers: Record<string, number> = {
  api: 0,
  locales: 0,
  expr: 0,
  kit: 1,
  fields: 2,
  views: 3,
  charts: 3,
  runtime: 4,
  builder: 5,
  pages: 6,
};

const files = sources('.ts', '.tsx').filter((f) => !f.path.startsWith('test/') && !/\.test\.tsx?$/.test(f.path));

function importsOf(text: string): string[] {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((m) => m[1] ?? '');
}

function layerOf(path: string): string {
  return path.split('/')[0] ?? '';
}

test('imports point downwards', () => {
  const wrong: string[] = [];
  for (const file of files) {
    const from = layerOf(file.path);
    if (layers[from] === undefined) continue; // entries
    for (const target of importsOf(file.text)) {
      const path = target.startsWith('@/')
        ? target.slice(2)
        : target.startsWith('.')
          ? join(dirname(file.path), target).replaceAll('\\', '/')
          : null;
      if (path === null) continue;
      const to = layerOf(path);
      const allowed =
        from === to || (layers[to] ?? 99) < (layers[from] ?? 0) || (layers[to] === 0 && layers[from] === 0);
      if (!allowed) wrong.push(`${file.path} imports ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('the public entry loads neither pages nor the builder', () => {
  const wrong = files
    .filter((f) => f.path.startsWith('public/'))
    .flatMap((f) =>
      importsOf(f.text)
        .filter((i) => /@\/(pages|builder)|\.\.\/(pages|builder)/.test(i))
        .map((i) => `${f.path} imports ${i}`),
    );
  expect(wrong).toEqual([]);
});

test('the component library is imported only in the kit', () => {
  const wrong = files
    .filter((f) => !f.path.startsWith('kit/') && importsOf(f.text).some((i) => i.startsWith('@mantine/')))
    .map((f) => f.path);
  expect(wrong).toEqual([]);
});

test('only the api layer reaches for the network', () => {
  const wrong = files
    .filter(
      (f) =>
        !f.path.startsWith('api/') &&
        /(?:[=(,:]|await|return|=>|void)\s*fetch\(|new XMLHttpRequest|new EventSource/.test(f.text),
    )
    .map((f) => f.path);
  expect(wrong).toEqual([]);
});
