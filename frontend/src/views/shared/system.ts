// The fields that every record has, in the shape of the others, so that lists
// and filters treat all fields alike.
import type { RuntimeEntity, RuntimeField } from '@/api/types';
import { lookup, t } from '@/locales';
import { textOf } from '@/locales/text';

type SystemKey = 'owner' | 'created_at' | 'created_by' | 'updated_at' | 'updated_by';

const systemKeys: SystemKey[] = ['owner', 'created_at', 'created_by', 'updated_at', 'updated_by'];

function systemField(entity: RuntimeEntity, key: SystemKey): RuntimeField {
  const time = key.endsWith('_at');
  const name = (key === 'owner' ? entity.owner_name : undefined) ?? lookup(`list.system.${key}`) ?? key;
  // Of two fields with one name, this one says that it comes with every record.
  const taken = entity.fields.some((f) => f.readable && textOf(f.name) === textOf(name));
  const writable = key === 'owner' && entity.ops.includes('update');
  return {
    id: key,
    key,
    name: taken ? t('list.systemName', { name: textOf(name) }) : name,
    type: time ? 'datetime' : 'member',
    kind: time ? 'time' : 'ref',
    traits: { groupable: true, filterable: true, sortable: true, holds_member: !time },
    readable: true,
    writable,
  };
}

/** Owner, and who made and changed a record when. */
export function systemFields(entity: RuntimeEntity): RuntimeField[] {
  return systemKeys.filter((key) => !entity.fields.some((f) => f.key === key)).map((key) => systemField(entity, key));
}

/** The fields of an entity that the member may read, system fields last. */
export function allFields(entity: RuntimeEntity): RuntimeField[] {
  return [...entity.fields.filter((f) => f.readable), ...systemFields(entity)];
}

/** A field by id or key, own or system. */
export function findField(entity: RuntimeEntity, idOrKey: string | undefined): RuntimeField | undefined {
  if (!idOrKey) return undefined;
  return (
    entity.fields.find((f) => f.id === idOrKey) ??
    entity.fields.find((f) => f.key === idOrKey) ??
    systemFields(entity).find((f) => f.id === idOrKey)
  );
}
