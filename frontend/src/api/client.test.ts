import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { setLocale } from '@/locales';
import { apiUrl, get, listOf, onUnauthorized, Problem, patch, post } from './client';

function answer(body: unknown, init: ResponseInit = {}) {
  const fetch = vi.fn(
    async (_url: string, _init?: RequestInit) =>
      new Response(body === null ? null : JSON.stringify(body), {
        headers: { 'Content-Type': 'application/json' },
        ...init,
      }),
  );
  vi.stubGlobal('fetch', fetch);
  return fetch;
}

/** What a failing request throws. */
async function refusal(promise: Promise<unknown>): Promise<Problem> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Problem) return error;
  }
  throw new Error('not refused');
}

beforeEach(() => setLocale('en-US'));
afterEach(() => vi.unstubAllGlobals());

test('a read sends language and query, and no guard header', async () => {
  const fetch = answer({ ok: true });
  await get('/tasks', { tab: 'todo', empty: '', none: undefined, fields: ['a', 'b'] });
  const [url, init] = fetch.mock.calls[0] ?? [];
  expect(url).toBe('/api/v1/tasks?tab=todo&fields=a%2Cb');
  const headers = init?.headers as Record<string, string>;
  expect(headers['Accept-Language']).toBe('en-US');
  expect(headers['X-Tenon']).toBeUndefined();
});

test('a change carries the guard, its revision and its key', async () => {
  const fetch = answer({ id: '1' });
  await patch('/x', { a: 1 }, { ifMatch: 3, idempotencyKey: 'k' });
  const headers = fetch.mock.calls[0]?.[1]?.headers as Record<string, string>;
  expect(headers).toMatchObject({
    'X-Tenon': '1',
    'If-Match': '"3"',
    'Idempotency-Key': 'k',
    'Content-Type': 'application/json',
  });
});

test('a refusal becomes a problem with the faults of its paths', async () => {
  answer(
    {
      title: 'Invalid',
      status: 422,
      code: 'record.invalid',
      request_id: 'r1',
      errors: [{ path: 'items[0].qty', code: 'number.min', message: 'At least 1' }],
    },
    { status: 422, headers: { 'Content-Type': 'application/problem+json' } },
  );
  const error = await refusal(post('/x'));
  expect(error).toBeInstanceOf(Problem);
  expect(error.code).toBe('record.invalid');
  expect(error.requestId).toBe('r1');
  expect(error.at('items')).toBe('At least 1');
  expect(error.at('item')).toBeUndefined();
});

test('an answer that is no JSON is a problem too', async () => {
  vi.stubGlobal(
    'fetch',
    async () => new Response('<html>bad gateway</html>', { status: 502, headers: { 'Content-Type': 'text/html' } }),
  );
  const error = await refusal(get('/x'));
  expect(error.status).toBe(502);
  expect(error.title).toContain('502');
});

test('no network is a problem that says so', async () => {
  vi.stubGlobal('fetch', async () => {
    throw new TypeError('Failed to fetch');
  });
  const error = await refusal(get('/x'));
  expect(error.offline).toBe(true);
});

test('an ended session is announced, a refused sign-in is not', async () => {
  const ended = vi.fn();
  const stop = onUnauthorized(ended);
  answer({ title: 'No session', status: 401, code: 'session' }, { status: 401 });
  await get('/tasks').catch(() => {});
  expect(ended).toHaveBeenCalledTimes(1);
  await post('/session').catch(() => {});
  expect(ended).toHaveBeenCalledTimes(1);
  stop();
});

test('an empty answer is nothing', async () => {
  answer(null, { status: 204 });
  expect(await post('/x')).toBeUndefined();
});

test('lists come bare or in an envelope', () => {
  expect(listOf([1, 2])).toEqual([1, 2]);
  expect(listOf({ next_cursor: null, members: [1] })).toEqual([1]);
  expect(listOf(null)).toEqual([]);
  expect(apiUrl('/x', {})).toBe('/api/v1/x');
});
