import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, fireEvent, render, screen } from '@testing-library/react';
import { MemoryRouter } from 'react-router';
import { beforeAll, expect, test, vi } from 'vitest';
import type { Task } from '@/api/types';
import { KitProvider } from '@/kit/KitProvider';
import { setLocale } from '@/locales';
import { WorkspaceProvider } from '@/runtime/workspace';
import { TaskDialog } from './TaskDialog';

let answer: ((task: object) => void) | undefined;
vi.mock('@/api/client', async (original) => ({
  ...(await original<typeof import('@/api/client')>()),
  get: () => new Promise(() => {}),
  post: () =>
    new Promise((resolve) => {
      answer = resolve;
    }),
}));

const task = {
  id: 'tsk_1',
  title: '处理工单',
  state: 'open',
  assignees: [{ id: 'mem_1', name: '林晓' }],
  outcomes: [{ key: 'pending', label: '等客户' }],
  created_at: '2026-11-22T02:00:00Z',
} as unknown as Task;

beforeAll(() => setLocale('zh-CN', ['base']));

test('an outcome is confirmed though the news of it closes the dialog first', async () => {
  const done = vi.fn();
  const client = new QueryClient();
  const shown = (open: boolean) => (
    <QueryClientProvider client={client}>
      <KitProvider>
        <MemoryRouter>
          <WorkspaceProvider workspace={{ key: 'w', member_id: 'mem_1' } as never} workspaces={[]} me={{} as never}>
            {open && <TaskDialog task={task} onClose={() => {}} onDone={done} />}
          </WorkspaceProvider>
        </MemoryRouter>
      </KitProvider>
    </QueryClientProvider>
  );
  const { rerender } = render(shown(true));
  fireEvent.click(screen.getByRole('button', { name: '等客户' }));
  await vi.waitFor(() => expect(answer).toBeDefined());
  rerender(shown(false));
  await act(async () => answer?.({ ...task, state: 'done' }));
  expect(await screen.findByText(/处理工单.*等客户/)).toBeDefined();
  expect(done).toHaveBeenCalledOnce();
});

function show(one: Task) {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <KitProvider>
        <MemoryRouter>
          <WorkspaceProvider workspace={{ key: 'w', member_id: 'mem_2' } as never} workspaces={[]} me={{} as never}>
            <TaskDialog task={one} onClose={() => {}} onDone={() => {}} />
          </WorkspaceProvider>
        </MemoryRouter>
      </KitProvider>
    </QueryClientProvider>,
  );
}

test('who asked sees with whom a task is and cannot decide it', () => {
  show(task);
  expect(screen.getByText('由林晓处理')).toBeDefined();
  expect(screen.queryByRole('button', { name: '等客户' })).toBeNull();
  expect(screen.queryByRole('textbox')).toBeNull();
});

test('a finished task says who decided, what and why', () => {
  const completed = { completed_by: { id: 'mem_1', name: '林晓' }, completed_at: '2026-11-22T03:00:00Z' };
  show({ ...task, state: 'done', outcome: 'pending', comment: '等回信', ...completed } as Task);
  expect(screen.getByText('等客户')).toBeDefined();
  expect(screen.getByText('等回信')).toBeDefined();
  expect(screen.getByText(/^林晓 处理于/)).toBeDefined();
});
