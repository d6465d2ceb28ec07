import { QueryClient } from '@tanstack/react-query';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '@/api/client';
import type { RecordData } from '@/api/types';
import { setLocale } from '@/locales';
import { RecordEdits } from './edits';
import { RecordStore } from './record-store';

interface Update {
  id: string;
  values: { amount: number };
}

const server = vi.hoisted(() => vi.fn());
vi.mock('@/api/client', async (real) => ({
  ...(await real<typeof import('@/api/client')>()),
  post: (_path: string, body: unknown) => server(body),
}));

function setUp(ids: string[]) {
  const store = new RecordStore();
  store.put({ records: ids.map((id) => ({ id, rev: 1, amount: 10 }) as unknown as RecordData), _names: {} });
  const edits = new RecordEdits({ app: 'a', entity: 'deal' }, store, new QueryClient(), () => {});
  // Rows are not read again here.
  edits.refresh = () => {};
  return {
    store,
    edits,
    amount: (id: string) => store.get(id)?.amount,
    mark: (id: string) => store.markOf(id, 'amount'),
  };
}

const taken = ({ ops }: { ops: Update[] }) =>
  Promise.resolve({ operation: 'op1', results: ops.map((op) => ({ id: op.id, rev: 2 })) });

const refusing = (bad: (op: Update) => boolean, code = 'field.number.min', status = 422) => {
  server.mockImplementation((body: { ops: Update[] }) => {
    const errors = body.ops.flatMap((op, i) =>
      bad(op) ? [{ path: `ops/${i}/amount`, code, message: '不能小于 0' }] : [],
    );
    if (errors.length === 0) return taken(body);
    return Promise.reject(new Problem({ title: '内容有误', status, code, errors }));
  });
};

const negative = (op: Update) => op.values.amount < 0;

beforeEach(() => {
  setLocale('zh-CN');
  server.mockReset();
});

describe('edits of several records', () => {
  const fill = [
    { id: 'x', values: { amount: 1 } },
    { id: 'y', values: { amount: -1 } },
    { id: 'z', values: { amount: 2 } },
  ];

  it.each([
    ['bounds', 'field.number.min', 422],
    ['what must be unique', 'record.unique', 409],
  ])('save the others when one breaks %s, and say why with that one alone', async (_, code, status) => {
    refusing(negative, code, status);
    const { edits, mark, amount } = setUp(['x', 'y', 'z']);
    const result = await edits.set(fill);
    expect(result.ids).toEqual(['x', 'z']);
    expect([...(result.refused?.keys() ?? [])]).toEqual(['y']);
    expect([mark('x'), mark('z')]).toEqual([undefined, undefined]);
    expect(mark('y')).toMatchObject({ state: 'failed', value: -1, message: '不能小于 0' });
    expect(mark('y')?.again).toBeUndefined();
    expect(amount('y')).toBe(-1);
    expect(server).toHaveBeenCalledTimes(2);
    // What was refused is given up first, what was saved is undone next.
    expect(edits.failedLast).toBe(true);
    expect(edits.discardFailed()).toBe(1);
    expect(amount('y')).toBe(10);
    expect(edits.failedLast).toBe(false);
    expect(edits.last).toEqual({ operations: ['op1'], count: 2 });
  });

  it('leave a refused edit alone once another one was saved', async () => {
    refusing(negative);
    const { edits, mark } = setUp(['x', 'y']);
    await edits.set([{ id: 'y', values: { amount: -1 } }]);
    await edits.set([{ id: 'x', values: { amount: 3 } }]);
    expect(edits.failedLast).toBe(false);
    expect(mark('y')?.state).toBe('failed');
  });

  it('are sent again when the server could not be reached', async () => {
    server.mockRejectedValueOnce(new Problem({ title: '网络不通', status: 0, code: 'client.offline' }));
    const { edits, mark, amount } = setUp(['x']);
    await edits.set([{ id: 'x', values: { amount: 7 } }]);
    expect(mark('x')).toMatchObject({ state: 'failed', value: 7, message: '网络不通', again: true });
    server.mockImplementation(taken);
    const result = await edits.retry();
    expect(result.ids).toEqual(['x']);
    expect([mark('x'), amount('x')]).toEqual([undefined, 7]);
  });

  it('end when each answer names but one more', async () => {
    let n = 0;
    server.mockImplementation(() =>
      Promise.reject(
        new Problem({
          title: '内容有误',
          status: 422,
          code: 'x',
          errors: [{ path: 'ops/0', code: 'x', message: `${++n}` }],
        }),
      ),
    );
    const ids = Array.from({ length: 30 }, (_, i) => `r${i}`);
    const { edits, mark } = setUp(ids);
    const result = await edits.set(ids.map((id) => ({ id, values: { amount: 1 } })));
    expect(result.ids).toEqual([]);
    expect(server).toHaveBeenCalledTimes(10);
    expect(mark('r0')).toMatchObject({ message: '1' });
    expect(mark('r29')).toMatchObject({ state: 'failed', again: true });
  });
});
