// Departments as a tree in reading order.
import type { Department } from '@/api/types';
import { compareText } from '@/locales/format';

export interface DepartmentNode {
  department: Department;
  depth: number;
}

/** Parents before children; a department whose parent is gone stands at the root. */
export function inTreeOrder(all: Department[]): DepartmentNode[] {
  const known = new Set(all.map((d) => d.id));
  const below = new Map<string, Department[]>();
  for (const d of all) {
    const parent = d.parent && known.has(d.parent) ? d.parent : '';
    below.set(parent, [...(below.get(parent) ?? []), d]);
  }
  const out: DepartmentNode[] = [];
  const walk = (parent: string, depth: number) => {
    for (const department of [...(below.get(parent) ?? [])].sort((a, b) => compareText(a.name, b.name))) {
      out.push({ department, depth });
      walk(department.id, depth + 1);
    }
  };
  walk('', 0);
  return out;
}

/** A department and everything below it: none of them can become its parent. */
export function withBelow(all: Department[], id: string): Set<string> {
  const out = new Set([id]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const d of all) {
      if (d.parent && out.has(d.parent) && !out.has(d.id)) {
        out.add(d.id);
        grown = true;
      }
    }
  }
  return out;
}
