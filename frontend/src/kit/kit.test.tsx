import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Problem } from '@/api/client';
import { setLocale } from '@/locales';
import { initials } from './Avatar';
import { confirm } from './confirm';
import { parseDate } from './DateInput';
import { Dialog } from './Dialog';
import { ErrorState } from './ErrorState';
import { KitProvider } from './KitProvider';
import { Menu } from './Menu';
import { NumberInput } from './NumberInput';
import { Popover } from './Popover';
import { MultiSelect, Select } from './Select';
import { Table } from './Table';
import { Tabs } from './Tabs';
import { TextInput } from './TextInput';
import { ToastHost } from './ToastHost';
import { toast, toastUndo } from './toast';

beforeEach(() => setLocale('zh-CN'));

const stages = [
  { value: 'lead', label: '潜在', hue: 'gray' },
  { value: 'won', label: '成交', hue: 'green', keywords: 'deal' },
  { value: 'lost', label: '流失', disabled: true },
];

describe('NumberInput', () => {
  function Numbers({ onChange, ...rest }: Partial<Parameters<typeof NumberInput>[0]>) {
    const [value, setValue] = useState<number | string | null>(rest.value ?? null);
    return (
      <NumberInput
        label="金额"
        {...rest}
        value={value}
        onChange={(next) => {
          setValue(next);
          onChange?.(next);
        }}
      />
    );
  }

  test('reads digits of any width and shows separators when left', async () => {
    const seen = vi.fn();
    render(<Numbers onChange={seen} scale={2} />);
    const input = screen.getByLabelText('金额');
    await userEvent.type(input, '１２３４．５');
    expect(seen).toHaveBeenLastCalledWith(1234.5);
    await userEvent.tab();
    expect(input).toHaveProperty('value', '1,234.50');
  });

  test('keeps what is no number, marked, and does not report it', async () => {
    const seen = vi.fn();
    render(<Numbers onChange={seen} value={5} />);
    const input = screen.getByLabelText('金额');
    await userEvent.clear(input);
    expect(seen).toHaveBeenLastCalledWith(null);
    await userEvent.type(input, 'abc');
    await userEvent.tab();
    expect(input).toHaveProperty('value', 'abc');
    expect(input.getAttribute('aria-invalid')).toBe('true');
    expect(seen).toHaveBeenCalledTimes(1);
  });

  test('emits exact text where a double would round', async () => {
    const seen = vi.fn();
    render(<Numbers onChange={seen} exact />);
    await userEvent.type(screen.getByLabelText('金额'), '12345678901234567890.12');
    expect(seen).toHaveBeenLastCalledWith('12345678901234567890.12');
  });

  test('edits a share in percent', async () => {
    const seen = vi.fn();
    render(<Numbers onChange={seen} percent value={0.07} />);
    const input = screen.getByLabelText('金额');
    expect(input).toHaveProperty('value', '7');
    await userEvent.clear(input);
    await userEvent.type(input, '12.5');
    expect(seen).toHaveBeenLastCalledWith(0.125);
  });
});

describe('TextInput', () => {
  test('ties label, help and error to the control', () => {
    render(<TextInput label="邮箱" help="用于登录" error="格式不对" value="" onChange={() => {}} />);
    const input = screen.getByLabelText('邮箱');
    const described = (input.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent);
    expect(described).toEqual(['格式不对', '用于登录']);
    expect(input.getAttribute('aria-invalid')).toBe('true');
  });

  test('does not take the Enter of an input method', () => {
    const enter = vi.fn();
    render(<TextInput aria-label="名称" value="ni" onChange={() => {}} onEnter={enter} />);
    const input = screen.getByLabelText('名称');
    fireEvent.keyDown(input, { key: 'Enter', keyCode: 229 });
    expect(enter).not.toHaveBeenCalled();
    fireEvent.keyDown(input, { key: 'Enter', keyCode: 13 });
    expect(enter).toHaveBeenCalledTimes(1);
  });
});

describe('Select', () => {
  test('is named by its label and picks by click', async () => {
    const seen = vi.fn();
    render(<Select label="阶段" options={stages} value="lead" onChange={seen} />);
    const target = screen.getByRole('combobox', { name: '阶段' });
    expect(target.textContent).toContain('潜在');
    await userEvent.click(target);
    await userEvent.click(await screen.findByRole('option', { name: '成交', hidden: true }));
    expect(seen).toHaveBeenCalledWith('won');
  });

  test('finds by keyword and offers to create what is not there', async () => {
    const made = vi.fn();
    render(
      <Select
        label="阶段"
        options={stages}
        value={null}
        onChange={() => {}}
        onCreate={made}
        createLabel={(text) => `新建 ${text}`}
      />,
    );
    await userEvent.click(screen.getByRole('combobox', { name: '阶段' }));
    const search = await screen.findByPlaceholderText('搜索');
    await userEvent.type(search, 'deal');
    expect(screen.getAllByRole('option', { hidden: true }).map((o) => o.textContent)).toEqual(['成交', '新建 deal']);
    await userEvent.click(screen.getByRole('option', { name: '新建 deal', hidden: true }));
    expect(made).toHaveBeenCalledWith('deal');
  });

  test('of several adds, removes and clears', async () => {
    function Many() {
      const [value, setValue] = useState<string[]>(['lead']);
      return (
        <>
          <MultiSelect label="标签" options={stages} value={value} onChange={setValue} clearable />
          <output>{value.join()}</output>
        </>
      );
    }
    render(<Many />);
    await userEvent.click(screen.getByRole('combobox', { name: '标签' }));
    await userEvent.click(await screen.findByRole('option', { name: '成交', hidden: true }));
    expect(screen.getByRole('status').textContent).toBe('lead,won');
    await userEvent.click(screen.getByRole('button', { name: '移除 潜在', hidden: true }));
    expect(screen.getByRole('status').textContent).toBe('won');
  });

  test('has the focus back at once and takes it from nobody later', async () => {
    render(
      <>
        <Select label="阶段" options={stages} searchable value="lead" onChange={() => {}} />
        <input aria-label="下一个" />
      </>,
    );
    const target = screen.getByRole('combobox', { name: '阶段' });
    await userEvent.click(target);
    const option = await screen.findByRole('option', { name: '成交', hidden: true });
    fireEvent.click(option);
    expect(document.activeElement).toBe(target);
    screen.getByLabelText('下一个').focus();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(document.activeElement).toBe(screen.getByLabelText('下一个'));
  });

  test('keeps the Escape that closes its list to itself', async () => {
    const left = vi.fn();
    const around = (e: KeyboardEvent) => !e.defaultPrevented && left();
    window.addEventListener('keydown', around);
    render(<Select label="阶段" options={stages} value="lead" onChange={() => {}} />);
    const target = screen.getByRole('combobox', { name: '阶段' });
    await userEvent.click(target);
    expect(target.getAttribute('aria-expanded')).toBe('true');
    await userEvent.keyboard('{Escape}');
    expect(target.getAttribute('aria-expanded')).not.toBe('true');
    expect(left).not.toHaveBeenCalled();
    await userEvent.keyboard('{Escape}');
    expect(left).toHaveBeenCalledOnce();
    window.removeEventListener('keydown', around);
  });

  test('says what holds while nothing is chosen', () => {
    const { rerender } = render(
      <Select label="部门" options={stages} standing="全部部门" value={null} onChange={() => {}} />,
    );
    expect(screen.getByText('全部部门').className).not.toMatch(/placeholder/);
    rerender(<Select label="部门" options={stages} placeholder="选一个" value={null} onChange={() => {}} />);
    expect(screen.getByText('选一个').className).toMatch(/placeholder/);
  });
});

describe.each(['menu', 'popover'])('the focus after a %s', (kind) => {
  const button = () => screen.getByRole('button', { name: '打开' });

  beforeEach(async () => {
    // Nothing is laid out here: what keeps the focus inside takes everything for hidden.
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const target = <button type="button">打开</button>;
    render(
      <KitProvider>
        {kind === 'menu' ? (
          <Menu items={[{ label: '复制' }]}>{target}</Menu>
        ) : (
          <Popover target={target} label="行高">
            <button type="button">紧凑</button>
          </Popover>
        )}
        <input aria-label="单元格" onPointerDown={(e) => e.currentTarget.focus()} />
      </KitProvider>,
    );
    button().focus();
    await userEvent.click(button());
    await screen.findByText(kind === 'menu' ? '复制' : '紧凑');
  });

  afterEach(() => {
    vi.restoreAllMocks();
  });

  test('is at its button when the keyboard closes it', async () => {
    const inside = screen.getByText(kind === 'menu' ? '复制' : '紧凑').closest('button');
    inside?.focus();
    await userEvent.keyboard('{Escape}');
    expect(button().getAttribute('aria-expanded')).toBe('false');
    expect(document.activeElement).toBe(button());
  });

  test('is where somebody pressed, and stays there', async () => {
    await userEvent.click(screen.getByLabelText('单元格'));
    expect(button().getAttribute('aria-expanded')).toBe('false');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(document.activeElement).toBe(screen.getByLabelText('单元格'));
  });
});

test('tabs move by arrow keys', async () => {
  function Two() {
    const [tab, setTab] = useState<'a' | 'b'>('a');
    return (
      <Tabs
        aria-label="页"
        value={tab}
        onChange={setTab}
        tabs={[
          { value: 'a', label: '甲' },
          { value: 'b', label: '乙' },
        ]}
      />
    );
  }
  render(<Two />);
  await userEvent.tab();
  await userEvent.keyboard('{ArrowRight}');
  expect(screen.getByRole('tab', { name: '乙' }).getAttribute('aria-selected')).toBe('true');
  expect(document.activeElement?.textContent).toBe('乙');
});

test('Escape closes a dialog unless it holds unsaved input', async () => {
  const user = userEvent.setup();
  const onClose = vi.fn();
  const { rerender } = render(
    <Dialog opened sticky onClose={onClose} title="公式">
      <input aria-label="内容" />
    </Dialog>,
  );
  await user.type(await screen.findByLabelText('内容'), '1 + 1{Escape}');
  expect(onClose).not.toHaveBeenCalled();
  rerender(
    <Dialog opened onClose={onClose} title="公式">
      <input aria-label="内容" />
    </Dialog>,
  );
  await user.keyboard('{Escape}');
  expect(onClose).toHaveBeenCalledOnce();
});

test('a dialog begins at the field that asks for the focus', async () => {
  render(
    <KitProvider>
      <Dialog opened onClose={() => {}} title="新建表单">
        <input aria-label="图标" />
        <TextInput label="表单名称" autoFocus value="" onChange={() => {}} />
      </Dialog>
    </KitProvider>,
  );
  const name = await screen.findByLabelText('表单名称');
  // What keeps the focus inside looks for this mark, else it takes the first button.
  expect(name.hasAttribute('data-autofocus')).toBe(true);
  await waitFor(() => expect(document.activeElement).toBe(name));
});

test('a question resolves to its answer', async () => {
  render(<KitProvider>{null}</KitProvider>);
  let answer: Promise<boolean> | undefined;
  act(() => {
    answer = confirm({ title: '删除？', action: '删除', danger: true });
  });
  await userEvent.click(await screen.findByRole('button', { name: '删除' }));
  expect(await answer).toBe(true);
  act(() => {
    answer = confirm({ title: '发布？', action: '发布' });
  });
  await userEvent.click(await screen.findByRole('button', { name: '取消' }));
  expect(await answer).toBe(false);
});

test('a message offers undo and keeps three at a time', async () => {
  render(<ToastHost />);
  const undo = vi.fn();
  act(() => {
    for (const n of [1, 2, 3]) toast(`第 ${n} 条`);
    toastUndo('已删除', '撤销', undo);
  });
  expect(screen.queryByText('第 1 条')).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: '撤销' }));
  expect(undo).toHaveBeenCalledTimes(1);
  await waitFor(() => expect(screen.queryByText('已删除')).toBeNull());
});

test('a message that comes again stands there once', () => {
  render(<ToastHost />);
  act(() => {
    toast('连不上服务器', { tone: 'danger' });
    toast('已保存');
    toast('连不上服务器', { tone: 'danger' });
  });
  expect(screen.getAllByText(/连不上|已保存/).map((e) => e.textContent)).toEqual(['已保存', '连不上服务器']);
});

test('dates are read as people type them', () => {
  const today = '2026-11-22';
  expect(parseDate('2026-11-25', today)).toBe('2026-11-25');
  expect(parseDate('20261125', today)).toBe('2026-11-25');
  expect(parseDate('2026年11月5日', today)).toBe('2026-11-05');
  expect(parseDate('11/25', today)).toBe('2026-11-25');
  expect(parseDate('Nov 25, 2026', today)).toBe('2026-11-25');
  expect(parseDate('2026-02-30', today)).toBeNull();
  expect(parseDate('soon', today)).toBeNull();
});

test('initials follow the script of a name', () => {
  expect(initials('林晓')).toBe('林');
  expect(initials('John Smith')).toBe('JS');
  expect(initials(' ')).toBe('');
});

test('a table on its way keeps the places of its columns', async () => {
  const table = (rows: string[] | undefined) => (
    <Table
      label="成员"
      loading={!rows}
      rows={rows}
      rowKey={(row) => row}
      empty="没有人"
      columns={[
        { key: 'name', title: '名称', width: 200, render: (row) => row },
        { key: 'more', title: '', width: 64, render: () => <button type="button">更多</button> },
      ]}
    />
  );
  const { container, rerender } = render(table(undefined));
  expect(screen.getByRole('status', { name: '加载中' })).toBeTruthy();
  const head = await screen.findByText('名称');
  expect(head.style.width).toBe('200px');
  // A column without a name holds buttons: nothing is promised there.
  const cells = [...container.querySelectorAll('tbody tr:first-child td')];
  expect(cells.map((cell) => cell.childElementCount)).toEqual([1, 0]);
  expect(screen.queryByRole('table')).toBeNull();
  rerender(table(['林晓']));
  expect(screen.getByRole('table', { name: '成员' }).querySelectorAll('tbody tr')).toHaveLength(1);
  expect(screen.queryByRole('status')).toBeNull();
});

describe('ErrorState', () => {
  const refused = new Problem({ title: '没有权限', status: 403, code: 'denied' });

  test('a refusal is about the reader and cannot be tried again', () => {
    render(<ErrorState error={refused} onRetry={() => {}} />);
    expect(screen.getByText('没有权限查看')).toBeTruthy();
    expect(screen.queryByRole('button')).toBeNull();
  });

  test('a field that is out of reach is named, not the place', () => {
    const detail = '没有查看“手机”的权限，不能按它筛选、排序或汇总';
    const hidden = new Problem({ title: '没有权限', status: 403, code: 'access.hidden_field', detail });
    render(<ErrorState error={hidden} />);
    expect(screen.getByText('这里用到了你看不到的字段')).toBeTruthy();
    expect(screen.getByText(new RegExp(detail))).toBeTruthy();
  });

  test('under words of the place it is a failed question, to be asked again', async () => {
    const retry = vi.fn();
    render(<ErrorState title="无法查询" error={refused} onRetry={retry} />);
    expect(screen.getByText('无法查询')).toBeTruthy();
    expect(screen.queryByText(/没有权限/)).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: '重试' }));
    expect(retry).toHaveBeenCalled();
  });
});
