import { beforeAll, describe, expect, it } from 'vitest';
import type { RuntimeEntity, RuntimeField } from '@/api/types';
import { loadMessages, setLocale } from '@/locales';
import { textOf } from '@/locales/text';
import { findField, systemFields } from './system';

beforeAll(async () => {
  await setLocale('zh-CN');
  await loadMessages('record');
});

const entity = (fields: Partial<RuntimeField>[], owner?: string) =>
  ({
    ops: ['read'],
    owner_name: owner && { 'zh-CN': owner },
    fields: fields.map((f) => ({ readable: true, traits: {}, ...f })),
  }) as unknown as RuntimeEntity;
const named = (e: RuntimeEntity) => systemFields(e).map((f) => textOf(f.name));

describe('fields that every record has', () => {
  it('say so where one of the form has their name', () => {
    const own = entity([{ id: 'fld_1', key: 'manager', name: { 'zh-CN': '负责人' } }]);
    expect(named(own)).toEqual(['负责人（系统）', '创建时间', '创建人', '更新时间', '更新人']);
    expect(textOf(findField(own, 'owner')?.name)).toBe('负责人（系统）');
    expect(textOf(findField(own, 'manager')?.name)).toBe('负责人');
  });

  it('keep their names otherwise', () => {
    expect(named(entity([{ id: 'fld_1', key: 'manager', name: '经理' }]))[0]).toBe('负责人');
    expect(named(entity([{ id: 'fld_1', key: 'manager', name: '负责人' }], '归属人'))[0]).toBe('归属人');
    expect(named(entity([{ id: 'fld_1', key: 'manager', name: '负责人', readable: false }]))[0]).toBe('负责人');
  });
});
