// Apps for journeys that begin with one: defined and published over the API.
import type { APIRequestContext, Page } from '@playwright/test';
import { enter, expect, type Person, type Product } from './product';

interface Field {
  id: string;
  key: string;
  name: string;
  type: string;
  [more: string]: unknown;
}

interface Definition {
  name: string;
  menu: { id: string; name: string; entity: string }[];
  entities: { id: string; key: string; name: string; title: string; fields: Field[] }[];
  forms?: { id: string; key: string; entity: string; [more: string]: unknown }[];
  /** The key of the role that others join by is `staff`. */
  roles?: { id: string; key: string; [more: string]: unknown }[];
  views?: { id: string; key: string; entity: string; [more: string]: unknown }[];
}

export interface MadeApp {
  id: string;
  key: string;
  /** Where its pages are. */
  path: string;
}

/** Requests of the person whose browser a page is; they fail loudly. */
export class Api {
  constructor(private request: APIRequestContext) {}

  static of(page: Page): Api {
    return new Api(page.context().request);
  }

  async send<T = Record<string, unknown>>(method: string, path: string, data?: unknown, headers = {}): Promise<T> {
    const answer = await this.request.fetch(`/api/v1${path}`, {
      method,
      data,
      headers: { 'X-Tenon': '1', ...headers },
    });
    const text = await answer.text();
    expect(answer.ok(), `${method} ${path}: ${answer.status()} ${text}`).toBe(true);
    return (text ? JSON.parse(text) : undefined) as T;
  }

  /** How many records there are, by the server's own count. */
  async count(app: MadeApp, entity: string, filter?: string): Promise<number> {
    const page = await this.send<{ count: number }>('POST', `/apps/${app.id}/entities/${entity}/records/query`, {
      filter,
      count: 'exact',
      limit: 1,
    });
    return page.count;
  }

  async records<T = Record<string, unknown>>(app: MadeApp, entity: string, query: object = {}): Promise<T[]> {
    const page = await this.send<{ records: T[] }>('POST', `/apps/${app.id}/entities/${entity}/records/query`, query);
    return page.records;
  }
}

/** Makes an app and publishes it. */
export async function makeApp(api: Api, product: Product, definition: Definition): Promise<MadeApp> {
  const made = await api.send<{ id: string; key: string }>('POST', `/workspaces/${product.workspace}/apps`, {
    name: definition.name,
    icon: 'users',
    hue: 'blue',
  });
  const draft = await api.send<{ docs: { id: string; kind: string; rev: number; body: object }[] }>(
    'GET',
    `/apps/${made.id}/draft`,
  );
  const root = draft.docs.find((doc) => doc.kind === 'app');
  if (!root) throw new Error('a new app has no document of its own');
  const put = (kind: string, id: string, body: object, rev = '*') =>
    api.send('PUT', `/apps/${made.id}/draft/${id}?kind=${kind}`, body, { 'If-Match': rev === '*' ? rev : `"${rev}"` });
  for (const entity of definition.entities) await put('entity', entity.id, entity);
  for (const form of definition.forms ?? []) await put('form', form.id, form);
  for (const role of definition.roles ?? []) await put('role', role.id, role);
  for (const view of definition.views ?? []) await put('view', view.id, view);
  await put('app', root.id, { ...root.body, menu: definition.menu }, String(root.rev));
  await api.send('POST', `/apps/${made.id}/publish`, {});
  return { ...made, path: `/w/${product.workspace}/a/${made.key}` };
}

/** Lets another person in with a role of an app: a page of their own, signed in. */
export async function join(api: Api, product: Product, page: Page, person: Person & { name: string }, app: MadeApp) {
  const made = await api.send<{ token: string }>('POST', `/workspaces/${product.workspace}/invitations`, {
    roles: [{ app: app.id, role: 'staff' }],
    expires_days: 1,
  });
  await Api.of(page).send('POST', `/invitations/${made.token}/accept`, person);
  await enter(page, person);
}
