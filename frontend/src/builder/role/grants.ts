// What a role may do with a form, as people choose it.
import type { EntityOp, FieldRule, Grant, Role } from '@/api/types';
import type { MutableDocs } from '../commands/fields';
import { bodyOf } from '../model';

/** In the order of the matrix. */
export const ops: EntityOp[] = ['create', 'read', 'update', 'delete', 'import', 'export'];

export type Preset = 'none' | 'submit' | 'own' | 'view' | 'manage' | 'all';
export const presets: Preset[] = ['none', 'submit', 'own', 'view', 'manage', 'all'];

/** A member's own records: those they are responsible for, and those they made. */
export const ownFilter = 'owner == me() or created_by == me()';

const presetOps: Record<Preset, EntityOp[]> = {
  none: [],
  submit: ['create'],
  own: ['create', 'read', 'update', 'delete'],
  view: ['read'],
  manage: ['create', 'read', 'update', 'delete'],
  all: ['create', 'read', 'update', 'delete', 'import', 'export'],
};

export const grantOf = (role: Role, entity: string): Grant | undefined => role.grants.find((g) => g.entity === entity);

/** Which of the usual sets a grant is; undefined for one of its own kind. */
export function presetOf(grant: Grant | undefined): Preset | undefined {
  const have = [...(grant?.ops ?? [])].sort().join();
  const filtered = !!grant?.filter;
  return presets.find(
    (p) =>
      [...presetOps[p]].sort().join() === have &&
      (p === 'own') === filtered &&
      (p !== 'own' || grant?.filter === ownFilter),
  );
}

export function withPreset(grant: Grant | undefined, entity: string, preset: Preset): Grant | null {
  if (preset === 'none') return null;
  const { filter: _filter, ...rest } = grant ?? { entity, ops: [] };
  return { ...rest, entity, ops: presetOps[preset], ...(preset === 'own' ? { filter: ownFilter } : {}) };
}

/** Adds or takes away one right; what needs reading brings it along. */
export function withOp(grant: Grant | undefined, entity: string, op: EntityOp, on: boolean): Grant | null {
  const have = new Set(grant?.ops ?? []);
  if (on) {
    have.add(op);
    if (op === 'update' || op === 'delete' || op === 'export') have.add('read');
    if (op === 'import') have.add('create');
  } else {
    have.delete(op);
    if (op === 'read') for (const gone of ['update', 'delete', 'export'] as const) have.delete(gone);
    if (op === 'create') have.delete('import');
  }
  if (have.size === 0) return null;
  return { ...(grant ?? { entity }), entity, ops: ops.filter((o) => have.has(o)) };
}

/** Puts a grant into a role; null takes it out. */
export function setGrant(docs: MutableDocs, roleId: string, entity: string, grant: Grant | null): void {
  const role = bodyOf(docs, 'role', roleId);
  if (!role) return;
  const at = role.grants.findIndex((g) => g.entity === entity);
  if (grant === null) {
    if (at >= 0) role.grants.splice(at, 1);
  } else if (at >= 0) role.grants[at] = grant;
  else role.grants.push(grant);
}

/** One rule per field: the last word wins; "visible" without hiding the rest is no rule. */
export function withFieldRule(grant: Grant, field: string, rule: FieldRule | null): Grant {
  const rest = (grant.fields ?? []).filter((f) => f.field !== field);
  const fields = rule ? [...rest, rule] : rest;
  const next = { ...grant, fields };
  if (fields.length === 0) delete (next as Partial<Grant>).fields;
  return next;
}
