import { fireEvent, render, screen } from '@testing-library/react';
import { beforeAll, expect, test, vi } from 'vitest';
import type { RuntimeEntity, RuntimeField } from '@/api/types';
import type { FieldContext } from '@/fields/define';
import { KitProvider } from '@/kit/KitProvider';
import { setLocale } from '@/locales';
import { ConditionEditor } from './ConditionEditor';
import { scopeOf } from './condition';

const name = { id: 'fld_name', key: 'name', name: '名称', type: 'text', kind: 'text', traits: {}, readable: true };
const customer = {
  id: 'ent_customer',
  key: 'customer',
  name: '客户',
  ops: ['read'],
  fields: [{ ...name, writable: true } as RuntimeField],
} as unknown as RuntimeEntity;
const scope = scopeOf({ entity: customer, entityOf: () => undefined });

beforeAll(() => setLocale('zh-CN', ['base', 'record']));

function show(value: string, props: { asked?: boolean; live?: boolean; required?: boolean } = {}) {
  const onUnfinished = vi.fn();
  render(
    <KitProvider>
      <ConditionEditor
        value={value}
        onChange={() => {}}
        scope={scope}
        ctx={{} as FieldContext}
        onUnfinished={onUnfinished}
        {...props}
      />
    </KitProvider>,
  );
  return onUnfinished;
}

test('a row that says nothing yet is told of and, once asked, points at itself', () => {
  const told = show('', { asked: true });
  fireEvent.click(screen.getByRole('button', { name: '添加条件' }));
  expect(told).toHaveBeenLastCalledWith(true);
  expect(screen.getByRole('alert').textContent).toBe('填完这一行，或移除它');
  fireEvent.click(screen.getByRole('button', { name: '移除这个条件' }));
  expect(told).toHaveBeenLastCalledWith(false);
  expect(screen.queryByRole('alert')).toBeNull();
});

test('whoever adds a row goes on in it', () => {
  show('');
  fireEvent.click(screen.getByRole('button', { name: '添加条件' }));
  const row = screen.getByRole('listitem');
  expect(row.contains(document.activeElement)).toBe(true);
  expect(document.activeElement).not.toBe(screen.getByRole('button', { name: '移除这个条件' }));
  fireEvent.click(screen.getByRole('button', { name: '添加公式' }));
  expect(document.activeElement).toBe(screen.getByRole('textbox', { name: '公式' }));
});

test('taken at once, a row with a field but no value says that it does not count', () => {
  show('name == "x"', { live: true });
  expect(screen.queryByRole('alert')).toBeNull();
  fireEvent.change(screen.getByRole('textbox'), { target: { value: '' } });
  fireEvent.blur(screen.getByRole('textbox'));
  expect(screen.getByRole('alert').textContent).toBe('填完这一行，或移除它');
});

test('a group with an unfinished row is unfinished; nobody is told before they asked', () => {
  const told = show('');
  fireEvent.click(screen.getByRole('button', { name: '添加条件组' }));
  expect(told).toHaveBeenLastCalledWith(true);
  expect(screen.queryByRole('alert')).toBeNull();
});

test('where there has to be a condition, none at all is said too', () => {
  show('', { asked: true, required: true });
  expect(screen.getByRole('alert').textContent).toBe('请添加条件');
});
