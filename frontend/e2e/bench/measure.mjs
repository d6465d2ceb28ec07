// Measures the served product in a browser and prints a report: Lighthouse on
// the pages people start from, and the frames of a grid of many rows while it
// scrolls. `go run ./cmd/dev bench --browser` serves the product, fills it and
// starts this with TENON_BENCH_URL, TENON_BENCH_EMAIL and TENON_BENCH_PASSWORD.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import lighthouse, { desktopConfig } from '../../tools/lighthouse/node_modules/lighthouse/core/index.js';

const { TENON_BENCH_URL: url, TENON_BENCH_EMAIL: email, TENON_BENCH_PASSWORD: password } = process.env;
const rounds = Number(process.env.TENON_BENCH_ROUNDS ?? 3);

const middle = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const port = await freePort();
const profile = await mkdtemp(join(tmpdir(), 'tenon-bench-browser-'));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
  args: [`--remote-debugging-port=${port}`, '--no-sandbox', '--disable-dev-shm-usage'],
  viewport: { width: 1440, height: 900 },
});

try {
  const page = browser.pages()[0] ?? (await browser.newPage());
  await page.goto(`${url}/sign-in`);
  const call = (method, path, body) =>
    page.evaluate(
      async ([method, path, body]) => {
        const answer = await fetch(`/api/v1${path}`, {
          method,
          headers: { 'X-Tenon': '1', 'Content-Type': 'application/json' },
          body: body ? JSON.stringify(body) : undefined,
        });
        if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
        const text = await answer.text();
        return text ? JSON.parse(text) : null;
      },
      [method, path, body],
    );
  await call('POST', '/session', { email, password });
  const workspace = (await call('GET', '/bootstrap')).workspaces[0].key;
  const apps = (await call('GET', `/workspaces/${workspace}/apps`)).items;
  const crm = apps.find((a) => a.key === 'crm');
  const customer = (await call('GET', `/apps/${crm.id}/runtime`)).entities.find((e) => e.key === 'customer');
  const query = { limit: 1, count: 'none' };
  // The sample data comes in while the product already answers.
  let records = [];
  for (let i = 0; i < 60 && records.length === 0; i++) {
    ({ records } = await call('POST', `/apps/${crm.id}/entities/customer/records/query`, query));
    if (records.length === 0) await page.waitForTimeout(1000);
  }
  const base = `${url}/w/${workspace}`;
  await audit({
    home: base,
    list: `${base}/a/crm/customer`,
    record: `${base}/a/crm/customer/r/${records[0].id}`,
    'form designer': `${base}/a/crm/edit/forms/${customer.id}/design`,
  });
  await scroll(page, `${base}/a/bench/customer`);
} finally {
  await browser.close();
  await rm(profile, { recursive: true, force: true });
}

async function audit(pages) {
  console.log(`Lighthouse, desktop, median of ${rounds}`);
  console.log('page           performance  accessibility  FCP ms  LCP ms  TBT ms    CLS');
  for (const [name, at] of Object.entries(pages)) {
    const seen = [];
    const faults = new Set();
    for (let i = 0; i < rounds; i++) {
      const flags = { port, onlyCategories: ['performance', 'accessibility'], disableStorageReset: true };
      let { lhr } = await lighthouse(at, { ...flags, logLevel: 'error' }, desktopConfig);
      // Now and then a trace lacks its beginning, through nobody's fault.
      if (lhr.runtimeError) ({ lhr } = await lighthouse(at, { ...flags, logLevel: 'error' }, desktopConfig));
      if (lhr.runtimeError) throw new Error(`${name}: ${lhr.runtimeError.message}`);
      // An address that asks to sign in would measure another page.
      if (new URL(lhr.finalDisplayedUrl).pathname !== new URL(at).pathname)
        console.log(`  ${name} led to ${lhr.finalDisplayedUrl}`);
      const number = (id) => lhr.audits[id].numericValue;
      seen.push({
        performance: lhr.categories.performance.score * 100,
        accessibility: lhr.categories.accessibility.score * 100,
        fcp: number('first-contentful-paint'),
        lcp: number('largest-contentful-paint'),
        tbt: number('total-blocking-time'),
        cls: number('cumulative-layout-shift'),
      });
      for (const { id } of lhr.categories.accessibility.auditRefs)
        if (lhr.audits[id].score === 0) faults.add(`${id}: ${lhr.audits[id].title}`);
    }
    const figure = (key, width, digits = 0) =>
      middle(seen.map((s) => s[key]))
        .toFixed(digits)
        .padStart(width);
    console.log(
      name.padEnd(14) +
        figure('performance', 12) +
        figure('accessibility', 15) +
        figure('fcp', 8) +
        figure('lcp', 8) +
        figure('tbt', 8) +
        figure('cls', 7, 3),
    );
    for (const fault of faults) console.log(`  ${fault}`);
  }
}

/** Scrolls a long list by the wheel's steps and then by jumps, and measures its frames. */
async function scroll(page, at) {
  await page.goto(at);
  await page.locator('[role=grid] [data-row]').first().waitFor({ timeout: 60_000 });
  await page.waitForTimeout(2000);
  const measured = [];
  for (let i = 0; i < rounds; i++) {
    measured.push(
      await page.evaluate(
        () =>
          new Promise((resolve) => {
            let pane = document.querySelector('[role=grid]');
            while (pane && !(pane.scrollHeight > pane.clientHeight + 1000)) pane = pane.parentElement;
            const frames = [];
            let last = 0;
            let n = 0;
            const step = (now) => {
              if (last) frames.push(now - last);
              last = now;
              if (n++ < 360) {
                pane.scrollTop += 90;
                requestAnimationFrame(step);
              } else {
                frames.sort((a, b) => a - b);
                const part = (share) => frames[Math.floor(frames.length * share)];
                const elements = document.querySelectorAll('*').length;
                resolve({ p50: part(0.5), p95: part(0.95), worst: frames.at(-1), elements, height: pane.scrollHeight });
              }
            };
            requestAnimationFrame(step);
          }),
      ),
    );
  }
  const figure = (key) => middle(measured.map((m) => m[key]));
  const rows = Math.round(figure('height') / 36).toLocaleString('en');
  console.log(
    `\nscrolling about ${rows} rows, 360 frames, median of ${rounds}: p50 ${figure('p50').toFixed(1)} ms, p95 ${figure('p95').toFixed(1)} ms, ` +
      `p95/p50 ${(figure('p95') / figure('p50')).toFixed(2)}, longest ${figure('worst').toFixed(0)} ms, ${figure('elements')} elements`,
  );
}
