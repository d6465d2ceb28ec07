import { expect, it } from 'vitest';
import { newId } from '@/api/ids';
import { freshKey, slug, validKey } from './ids';

it.each([
  ['客户名称', 'customer_name'],
  ['巡检记录', 'xun_jian_record'],
  ['Order No. 2', 'order_no_2'],
  ['设备 (A区)', 'device_a_qu'],
  ['备注', 'remark'],
  ['𠮷', ''],
])('names %s %s', (name, key) => {
  expect(slug(name)).toBe(key);
});

it('gives every field a key of its own that the server takes', () => {
  expect(freshKey('记录', 'form', [])).toBe('record_field');
  expect(freshKey('日期', 'field', ['date', 'date_2'])).toBe('date_3');
  expect(freshKey('!!', 'field', ['field'])).toBe('field_2');
  for (const name of ['负责人', 'id', '1', 'a'.repeat(80), '极其'.repeat(40)]) {
    const key = freshKey(name, 'field', ['a'.repeat(40)]);
    expect(validKey(key), key).toBe(true);
  }
});

it('makes ids as the server does', () => {
  expect(newId('ent_')).toMatch(/^ent_[a-z2-7]{10}$/);
});
