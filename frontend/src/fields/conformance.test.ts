// The browser knows every field type that the server knows, and no other.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fieldOf, fieldTypes } from './index';

const server = join(import.meta.dirname, '../../../schema/field');

function declared(): string[] {
  return readdirSync(server)
    .filter((file) => file.endsWith('.go') && !file.endsWith('_test.go'))
    .map((file) => /Define\(Spec\[[^\]]*\]\{\s*Name:\s*"([a-z_]+)"/.exec(readFileSync(join(server, file), 'utf8'))?.[1])
    .filter((name): name is string => name !== undefined)
    .sort();
}

describe('field types', () => {
  it('are those of the catalogue, one folder each', () => {
    const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
    expect(fieldTypes()).toEqual(declared());
    expect(folders).toEqual(declared());
  });

  it('are complete', () => {
    for (const name of fieldTypes()) {
      const type = fieldOf(name);
      expect(type.Input, name).toBeTypeOf('function');
      expect(type.Cell, name).toBeTypeOf('function');
      expect(
        type.format(
          type.empty,
          { id: 'f', key: 'f', name: 'f', type: name, kind: 'text', traits: {}, readable: true, writable: true },
          { names: {}, locale: 'zh-CN', zone: 'UTC', app: null },
        ),
        name,
      ).toBe('');
    }
  });

  it('are never asked for by name in the rest of the runtime', () => {
    // Kinds and traits say what the rest needs to know; see style.
    for (const folder of ['../runtime/form', '../runtime/record', '../public']) {
      const dir = join(import.meta.dirname, folder);
      if (!existsSync(dir)) continue;
      for (const file of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
        if (!/\.tsx?$/.test(file) || /\.test\./.test(file)) continue;
        expect(readFileSync(join(dir, file), 'utf8'), file).not.toMatch(/field\.type\s*[!=]==/);
      }
    }
  });
});
