// What the expressions of a form depend on.
import type { ExprTree } from '@/api/types';
import type { Tree } from '@/expr';

export type Trees = Record<string, ExprTree>;

export function treeOf(
  trees: Trees,
  kind: 'formula' | 'rule' | 'required' | 'default' | 'check' | 'filter',
  id: string,
): Tree | undefined {
  return trees[`${kind}:${id}`] as Tree | undefined;
}

/** The keys of the record that a tree reads; of the row's parent with `root` parent. */
export function reads(tree: Tree, root: 'record' | 'parent' = 'record', into = new Set<string>()): Set<string> {
  if (tree.o === 'field' && tree.r === root && tree.p?.[0]) into.add(tree.p[0]);
  for (const part of tree.a ?? []) reads(part, root, into);
  return into;
}
