// Every screen in both themes and on a phone, every state: no serious accessibility
// fault, no sideways scrolling, no error in the console (the security policy included).
// When everything is asked for, also: nothing out of reach at 1280, 1024 and 390, and
// no word that was not translated.
import { createRequire } from 'node:module';
import { expect, type Page, test } from '@playwright/test';
import { literals, outOfReach, sideways } from './fixtures/checks';
import { bootstrap } from './fixtures/data';
import { type Screen, screens } from './fixtures/screens';
import { freezeClock, mockApi, pending, settled } from './fixtures/server';

const { source } = createRequire(import.meta.url)('axe-core') as { source: string };

const everyRule = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21aa'] };
// A theme changes colours and nothing else of a page.
const colourRules = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

interface Violation {
  id: string;
  impact: string;
  nodes: { target: unknown; failureSummary?: string }[];
}

/** The serious and critical faults of the page as it stands. */
async function faultsOf(page: Page, runOnly: typeof everyRule): Promise<string[]> {
  const violations = await page.evaluate(async (only) => {
    const { axe } = window as unknown as {
      axe: { run(at: Document, options: unknown): Promise<{ violations: Violation[] }> };
    };
    return (await axe.run(document, { runOnly: only, resultTypes: ['violations'] })).violations;
  }, runOnly);
  return violations
    .filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target} ${n.failureSummary?.split('\n')[1] ?? ''}`).join(' | ')}`);
}

/** Opens a screen in its state and collects what the console complains of. */
async function open(page: Page, screen: Screen, phone: boolean): Promise<string[]> {
  const complaints: string[] = [];
  page.on('console', (message) => {
    // Refused requests of error screens are meant to be.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.addInitScript(
    (storage) => {
      localStorage.setItem('tenon.locale', 'zh-CN');
      for (const [key, value] of Object.entries(storage)) localStorage.setItem(key, value);
    },
    { 'tenon.theme': 'auto', ...(everything ? { 'tenon.pseudo': 'marked' } : {}), ...screen.storage },
  );
  await freezeClock(page);
  await mockApi(page, { 'GET /bootstrap': { ...bootstrap, me: { ...bootstrap.me, theme: 'auto' } }, ...screen.api });
  const waits = Object.values(screen.api ?? {}).includes(pending);
  await page.goto(screen.path, { waitUntil: 'load' });
  await (waits ? page.waitForTimeout(600) : settled(page));
  await screen.act?.(page, phone);
  await page.waitForTimeout(screen.act ? 300 : 50);
  // Colours are judged as they end, not on their way.
  await page.addStyleTag({ content: '*, ::before, ::after { transition: none !important }' });
  await page.evaluate(source);
  return complaints;
}

// How a screen waits, fails or stands empty is drawn by the same few parts
// everywhere: such a state is looked at once, on a desktop by day, and of waiting
// and failing a few stand for the others, unless everything is asked for. The
// gallery has them all.
const isState = (screen: Screen) => /-(loading|error|empty|denied|missing|gone|refused|closed)$/.test(screen.name);
const everything = Boolean(process.env.TENON_TEST_FULL);
const standsForOthers = (screen: Screen) =>
  everything ||
  !/-(loading|error)$/.test(screen.name) ||
  /^(home|list|record|dashboard|tasks|public)-/.test(screen.name);

// Screens share nothing: they are looked at side by side.
test.describe.configure({ mode: 'parallel' });

for (const screen of screens.filter(standsForOthers)) {
  for (const [device, width] of [
    ['desktop', 1280],
    ['phone', 390],
  ] as const) {
    if (device === 'phone' && (screen.desktop || isState(screen))) continue;
    test(`${screen.name} is accessible on a ${device}`, async ({ browser }) => {
      const phone = device === 'phone';
      const context = await browser.newContext({
        viewport: { width, height: 800 },
        locale: 'zh-CN',
        colorScheme: 'light',
        reducedMotion: 'reduce',
        hasTouch: phone,
        isMobile: phone,
      });
      const page = await context.newPage();
      const complaints = await open(page, screen, phone);
      expect(await faultsOf(page, everyRule)).toEqual([]);
      expect(await sideways(page)).toBeLessThanOrEqual(0);
      if (everything) {
        expect(await literals(page, [Object.values(screen.storage ?? {}), String(screen.act)])).toEqual([]);
        for (const wide of phone ? [width] : [width, 1024]) {
          if (wide !== width) await page.setViewportSize({ width: wide, height: 800 });
          expect(await sideways(page), `at ${wide}`).toBeLessThanOrEqual(0);
          expect(await outOfReach(page), `at ${wide}`).toEqual([]);
        }
      }
      if (!phone && !isState(screen)) {
        await page.emulateMedia({ colorScheme: 'dark' });
        await expect(page.locator('html[data-mantine-color-scheme=dark]')).toBeAttached();
        expect(await faultsOf(page, colourRules)).toEqual([]);
      }
      expect(complaints).toEqual([]);
      // A drag that is left in the air would hold the browser's next page.
      await page.mouse.up();
      await context.close();
    });
  }
}
