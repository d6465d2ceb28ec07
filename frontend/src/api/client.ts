// The one place that speaks HTTP. Every failure becomes a Problem, so callers
// never look at status codes or bodies.
import { locale, t } from '@/locales';
import type { FaultItem, ProblemBody } from './types';

/** A failed request: what happened, in words, with its place and an id to quote. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly requestId: string | undefined;
  readonly errors: FaultItem[];

  constructor(body: ProblemBody) {
    super(body.detail || body.title);
    this.name = 'Problem';
    this.status = body.status;
    this.code = body.code;
    this.title = body.title;
    this.detail = body.detail ?? '';
    this.requestId = body.request_id;
    this.errors = body.errors ?? [];
  }

  /** The request never reached the server, or the answer never came back. */
  get offline(): boolean {
    return this.status === 0;
  }

  /** The first fault message of a path, for showing it beside its control. */
  at(path: string): string | undefined {
    return this.errors.find((e) => e.path === path || e.path.startsWith(`${path}.`) || e.path.startsWith(`${path}[`))
      ?.message;
  }
}

/** Any thrown value as a Problem. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem({
    title: t('errors.unexpected'),
    detail: error instanceof Error ? error.message : String(error),
    status: -1,
    code: 'client.unexpected',
  });
}

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as JSON unless it is FormData. */
  body?: unknown;
  query?: Record<string, string | number | boolean | string[] | undefined | null>;
  /** The revision the change was made on; a mismatch is answered with 409 or 412. */
  ifMatch?: number | string;
  /** Makes a repeated request harmless. */
  idempotencyKey?: string;
  signal?: AbortSignal;
  headers?: Record<string, string>;
}

const root = '/api/v1';

/** The address of an API path, with its query. */
export function apiUrl(path: string, query?: RequestOptions['query']): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === null || value === '') continue;
    params.set(name, Array.isArray(value) ? value.join(',') : String(value));
  }
  const search = params.toString();
  return root + path + (search ? `?${search}` : '');
}

const unauthorized = new Set<() => void>();

/** Calls back when the server says that the session has ended. */
export function onUnauthorized(listener: () => void): () => void {
  unauthorized.add(listener);
  return () => unauthorized.delete(listener);
}

/** Sends a request and returns the raw answer, or throws a Problem. */
export async function send(path: string, options: RequestOptions = {}): Promise<Response> {
  const method = options.method ?? 'GET';
  const headers: Record<string, string> = {
    Accept: 'application/json',
    'Accept-Language': locale(),
    ...options.headers,
  };
  // A header that no foreign page can set without asking: the server refuses a
  // cookie-borne change without it.
  if (method !== 'GET') headers['X-Tenon'] = '1';
  let body: BodyInit | undefined;
  if (options.body instanceof FormData) body = options.body;
  else if (options.body !== undefined) {
    headers['Content-Type'] = 'application/json';
    body = JSON.stringify(options.body);
  }
  if (options.ifMatch !== undefined) headers['If-Match'] = options.ifMatch === '*' ? '*' : `"${options.ifMatch}"`;
  if (options.idempotencyKey) headers['Idempotency-Key'] = options.idempotencyKey;

  let response: Response;
  try {
    response = await fetch(apiUrl(path, options.query), { method, headers, body, signal: options.signal });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem({
      title: t('errors.offline'),
      detail: t('errors.offlineHelp'),
      status: 0,
      code: 'client.offline',
    });
  }
  if (response.ok) return response;
  const problem = await readProblem(response);
  if (response.status === 401 && path !== '/session') for (const listener of unauthorized) listener();
  throw problem;
}

async function readProblem(response: Response): Promise<Problem> {
  const fallback: ProblemBody = {
    title: t('errors.server', { status: String(response.status) }),
    status: response.status,
    code: 'http.error',
    request_id: response.headers.get('X-Request-Id') ?? undefined,
  };
  if (!response.headers.get('Content-Type')?.includes('json')) return new Problem(fallback);
  try {
    return new Problem({ ...fallback, ...((await response.json()) as Partial<ProblemBody>) });
  } catch {
    return new Problem(fallback);
  }
}

/** Sends a request and reads the JSON answer. */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(path, options);
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

export const get = <T>(path: string, query?: RequestOptions['query'], signal?: AbortSignal) =>
  request<T>(path, { query, signal });
export const post = <T>(path: string, body?: unknown, options: Omit<RequestOptions, 'body' | 'method'> = {}) =>
  request<T>(path, { ...options, method: 'POST', body: body ?? {} });
export const patch = <T>(path: string, body: unknown, options: Omit<RequestOptions, 'body' | 'method'> = {}) =>
  request<T>(path, { ...options, method: 'PATCH', body });
export const put = <T>(path: string, body: unknown, options: Omit<RequestOptions, 'body' | 'method'> = {}) =>
  request<T>(path, { ...options, method: 'PUT', body });
export const del = <T = void>(path: string, options: Omit<RequestOptions, 'body' | 'method'> = {}) =>
  request<T>(path, { ...options, method: 'DELETE' });

/** Uploads with progress, which fetch cannot report. */
export function upload<T>(
  path: string,
  form: FormData,
  onProgress?: (share: number) => void,
  signal?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open('POST', apiUrl(path));
    xhr.setRequestHeader('X-Tenon', '1');
    xhr.setRequestHeader('Accept', 'application/json');
    xhr.setRequestHeader('Accept-Language', locale());
    xhr.upload.onprogress = (e) => {
      if (e.lengthComputable) onProgress?.(e.loaded / e.total);
    };
    xhr.onload = () => {
      const answer = new Response(xhr.responseText || null, {
        status: xhr.status,
        headers: { 'Content-Type': xhr.getResponseHeader('Content-Type') ?? '' },
      });
      if (answer.ok) answer.json().then(resolve as (value: unknown) => void, reject);
      else readProblem(answer).then(reject, reject);
    };
    xhr.onerror = () =>
      reject(
        new Problem({ title: t('errors.offline'), detail: t('errors.offlineHelp'), status: 0, code: 'client.offline' }),
      );
    xhr.onabort = () => reject(new DOMException('aborted', 'AbortError'));
    signal?.addEventListener('abort', () => xhr.abort());
    xhr.send(form);
  });
}

/** The items of a list answer: a bare array, or the one array of its envelope. */
export function listOf<T>(body: T[] | object | null | undefined): T[] {
  if (Array.isArray(body)) return body;
  const inner = Object.values(body ?? {}).find(Array.isArray);
  return (inner as T[] | undefined) ?? [];
}
