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
          <WorkspaceProvider workspace={{ key: 'w' } as never} workspaces={[]} me={{} as never}>
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
