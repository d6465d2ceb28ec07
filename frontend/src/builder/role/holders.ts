// Who has a role: people it was given to, and those of departments it was given to.
import type { Department, Member } from '@/api/types';

interface Held {
  app: string;
  role: string;
}

export type Unit = Department & { roles?: Held[] };

const has = (list: Held[] | undefined, app: string, role: string) =>
  (list ?? []).some((r) => r.app === app && r.role === role);

/** The departments that a role was given to, with all below them. */
function unitsWith(units: Unit[], app: string, role: string): Set<string> {
  const out = new Set(units.filter((u) => has(u.roles, app, role)).map((u) => u.id));
  for (let size = -1; size !== out.size; ) {
    size = out.size;
    for (const u of units) if (u.parent && out.has(u.parent)) out.add(u.id);
  }
  return out;
}

/** The people who have a role, by themselves or by their department. */
export function holdersOf<P extends Pick<Member, 'departments'> & { roles?: Held[] }>(
  people: P[],
  units: Unit[],
  app: string,
  role: string,
): P[] {
  const inside = unitsWith(units, app, role);
  return people.filter((p) => has(p.roles, app, role) || p.departments.some((d) => inside.has(d)));
}
