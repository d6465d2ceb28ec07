// The fields that every record has: who owns it, who made and changed it, when.
import type { RuntimeEntity, RuntimeField } from '@/api/types';
import { t } from '@/locales';

/** System fields as layouts and panels show them; the owner can be changed, the rest is history. */
export function systemFields(entity: RuntimeEntity, isNew: boolean): RuntimeField[] {
  const person = { kind: 'ref', traits: { holds_member: true }, readable: true, type: 'member' };
  const moment = { kind: 'time', traits: { generated: true }, readable: true, writable: false, type: 'datetime' };
  return [
    {
      ...person,
      id: 'owner',
      key: 'owner',
      name: entity.owner_name ?? t('record.owner'),
      writable: entity.ops.includes(isNew ? 'create' : 'update'),
    },
    { ...moment, id: 'created_at', key: 'created_at', name: t('record.createdAt') },
    {
      ...person,
      id: 'created_by',
      key: 'created_by',
      name: t('record.createdBy'),
      traits: { ...person.traits, generated: true },
      writable: false,
    },
    { ...moment, id: 'updated_at', key: 'updated_at', name: t('record.updatedAt') },
    {
      ...person,
      id: 'updated_by',
      key: 'updated_by',
      name: t('record.updatedBy'),
      traits: { ...person.traits, generated: true },
      writable: false,
    },
  ];
}
