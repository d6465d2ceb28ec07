// The product as a fixture: the real binary, an empty data folder, one
// administrator. A spec file asks for a product of its own by
// `test.use({ productName: 'expense' })`; files of one name share one.
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BrowserContext, test as base, expect, type Page } from '@playwright/test';

export interface Person {
  email: string;
  password: string;
}

export interface Product {
  url: string;
  admin: Person;
  /** The key of the workspace the administrator starts in. */
  workspace: string;
}

/** A phone as the runtime knows it: narrow, and touched. */
export const phone = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
} as const;

interface TestFixtures {
  /** Opens a browser of another person; its pages' faults count like the first's. */
  another: (options?: Parameters<import('@playwright/test').Browser['newContext']>[0]) => Promise<Page>;
}

interface WorkerFixtures {
  productName: string;
  product: Product;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  productName: ['product', { scope: 'worker', option: true }],
  product: [
    async ({ productName }, use) => {
      const running = await start(productName);
      await use(running.product);
      await running.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  baseURL: async ({ product }, use) => use(product.url),
  context: async ({ context }, use) => {
    const faults = watch(context);
    await use(context);
    expect(faults, 'uncaught errors in the page').toEqual([]);
  },
  another: async ({ browser, product, locale, timezoneId }, use) => {
    const opened: { context: BrowserContext; faults: string[] }[] = [];
    await use(async (options) => {
      const context = await browser.newContext({ baseURL: product.url, locale, timezoneId, ...options });
      opened.push({ context, faults: watch(context) });
      return context.newPage();
    });
    for (const { context } of opened) await context.close();
    expect(
      opened.flatMap(({ faults }) => faults),
      'uncaught errors in the page',
    ).toEqual([]);
  },
});

export { expect };

function watch(context: BrowserContext): string[] {
  const faults: string[] = [];
  context.on('weberror', (error) => faults.push(String(error.error())));
  return faults;
}

/** Signs in by the form, as a person does, and waits for the first screen. */
export async function signIn(page: Page, person: Person) {
  await page.goto('/sign-in');
  await page.getByLabel(/^(邮箱|Email)$/).fill(person.email);
  await page.getByLabel(/^(密码|Password)$/).fill(person.password);
  await page.getByRole('button', { name: /^(登录|Sign in)$/ }).click();
  await expect(page).toHaveURL(/\/w\/[^/]+/);
}

/** Signs a page's browser in without the form, for journeys that begin later. */
export async function enter(page: Page, { email, password }: Person) {
  const answer = await page
    .context()
    .request.post('/api/v1/session', { data: { email, password }, headers: { 'X-Tenon': '1' } });
  expect(answer.ok(), `signing in as ${email}`).toBe(true);
}

/** Keeps a picture for people to look at; nothing is compared with it. */
export async function picture(page: Page, name: string) {
  const file = fileURLToPath(new URL(`../../gallery/journeys/${name}.png`, import.meta.url));
  await page.screenshot({ path: file, animations: 'disabled', caret: 'initial' });
}

async function start(name: string) {
  const binary = process.env.TENON_E2E_BINARY;
  if (!binary) throw new Error('TENON_E2E_BINARY is not set');
  const folder = mkdtempSync(join(tmpdir(), `tenon-journey-${name}-`));
  const log = join(folder, 'product.log');
  const port = await freePort();
  const admin = { email: 'admin@example.com', password: 'correct horse battery' };
  const out = createWriteStream(log);
  const process_ = spawn(binary, ['serve'], {
    env: {
      ...process.env,
      TENON_ADDR: `127.0.0.1:${port}`,
      TENON_DATA_DIR: join(folder, 'data'),
      TENON_RATE_LIMIT: '0',
      TENON_ADMIN_EMAIL: admin.email,
      TENON_ADMIN_PASSWORD: admin.password,
      DATABASE_URL: '',
      REDIS_URL: '',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  process_.stdout.pipe(out);
  process_.stderr.pipe(out);
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    await end(process_);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ready(url, process_);
    const workspace = await firstWorkspace(url, admin);
    return { product: { url, admin, workspace }, stop };
  } catch (error) {
    const text = readFileSync(log, 'utf8');
    await stop();
    throw new Error(`the product did not start: ${error}\n${text}`);
  }
}

/** A port of the loopback interface that nobody listens on. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

async function ready(url: string, process_: ChildProcess) {
  const until = Date.now() + 90_000;
  while (Date.now() < until) {
    if (process_.exitCode !== null) throw new Error(`it ended with ${process_.exitCode}`);
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('it is not ready after 90 s');
}

async function firstWorkspace(url: string, admin: Person): Promise<string> {
  const session = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Tenon': '1' },
    body: JSON.stringify(admin),
  });
  const cookie = session.headers.getSetCookie().map((line) => line.split(';')[0]);
  const boot = await fetch(`${url}/api/v1/bootstrap`, { headers: { Cookie: cookie.join('; ') } });
  const { workspaces } = (await boot.json()) as { workspaces: { key: string }[] };
  const [first] = workspaces;
  if (!first) throw new Error('the administrator has no workspace');
  return first.key;
}

/** Asks the process to end, and ends it when it does not. */
async function end(process_: ChildProcess) {
  if (process_.exitCode !== null) return;
  const gone = new Promise<void>((resolve) => process_.once('exit', () => resolve()));
  process_.kill('SIGTERM');
  const hard = setTimeout(() => process_.kill('SIGKILL'), 20_000);
  await gone;
  clearTimeout(hard);
}
