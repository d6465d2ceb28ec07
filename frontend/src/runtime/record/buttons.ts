// The buttons that rules put on a record.
import type { Field, RecordData, Rule, Runtime, RuntimeEntity, RuntimeField } from '@/api/types';
import { holds, type Tree } from '@/expr';

/** The buttons of an entity whose condition holds for a record; conditions that only the server can judge count as true. */
export function buttonsFor(runtime: Runtime, entity: RuntimeEntity, record: RecordData, zone: string): Rule[] {
  return runtime.buttons.filter((rule) => {
    if (rule.entity !== entity.id && rule.entity !== entity.key) return false;
    const tree = runtime.trees[`button:${rule.id}`] as Tree | undefined;
    if (!tree) return true;
    try {
      const settings = runtime.params as Record<string, unknown>;
      return holds(tree, {
        record,
        old: record,
        now: new Date(),
        zone,
        me: runtime.me.member_id,
        roles: runtime.me.roles,
        settings,
      });
    } catch {
      return true;
    }
  });
}

/** A field of a button's input form as forms expect fields: anybody who presses may fill it in. */
export function inputField(field: Field): RuntimeField {
  const target = field.options?.entity;
  return {
    ...field,
    id: field.id || field.key,
    kind: '',
    traits: {},
    readable: true,
    writable: true,
    link: typeof target === 'string' ? { entity: target, many: false } : undefined,
    fields: field.fields?.map(inputField),
  };
}

/** The entity that a button's inputs make: a form of its own. */
export function inputEntity(rule: Rule, entity: RuntimeEntity): RuntimeEntity {
  return {
    ...entity,
    id: `button:${rule.id}`,
    fields: (rule.trigger.inputs ?? []).map(inputField),
    checks: [],
    ops: ['create'],
  };
}
