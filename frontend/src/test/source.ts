// Reads our own source for the tests that hold laws over it.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseSync } from 'rolldown/utils';

export const root = join(process.cwd(), 'src');

export interface SourceFile {
  /** Path below src, with forward slashes. */
  path: string;
  text: string;
}

/** Every file below src with one of the endings. */
export function sources(...endings: string[]): SourceFile[] {
  const out: SourceFile[] = [];
  const walk = (folder: string) => {
    for (const name of readdirSync(folder).sort()) {
      const file = join(folder, name);
      if (statSync(file).isDirectory()) walk(file);
      else if (endings.some((e) => name.endsWith(e))) {
        out.push({ path: relative(root, file).replaceAll('\\', '/'), text: readFileSync(file, 'utf8') });
      }
    }
  };
  walk(root);
  return out;
}

export interface Node {
  type: string;
  start: number;
  [key: string]: unknown;
}

/** The syntax tree of a file. */
export function parse(file: SourceFile): Node {
  const { program, errors } = parseSync(file.path, file.text, { lang: file.path.endsWith('x') ? 'tsx' : 'ts' });
  if (errors.length > 0) throw new Error(`${file.path}: ${errors[0]?.message}`);
  return program as unknown as Node;
}

/** Calls back for every node below one, with its parent. */
export function visit(
  node: unknown,
  each: (node: Node, parent: Node | null) => void,
  parent: Node | null = null,
): void {
  if (Array.isArray(node)) {
    for (const one of node) visit(one, each, parent);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const current = node as Node;
  const isNode = typeof current.type === 'string';
  if (isNode) each(current, parent);
  for (const [key, value] of Object.entries(current)) {
    if (key !== 'parent' && typeof value === 'object') visit(value, each, isNode ? current : parent);
  }
}

/** "path:line" of a place in a file. */
export function place(file: SourceFile, offset: number): string {
  return `${file.path}:${file.text.slice(0, offset).split('\n').length}`;
}
