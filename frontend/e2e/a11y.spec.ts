// What every screen is held to, in English on a desktop and in Chinese on a phone:
// no serious accessibility fault in either theme, no sideways scrolling and nothing
// out of reach at 1280, 1024 and 390, no word that was not translated, no word cut
// off when it is longer, no error in the console (the security policy included).
import { expect, type Page } from '@playwright/test';
import { cut, lengthen, literals, outOfReach, sideways } from './fixtures/checks';
import { type Screen, screens } from './fixtures/screens';
import { settled } from './fixtures/server';
import { visit } from './fixtures/visit';
import { test } from './fixtures/windows';

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
    const options = { runOnly: only, resultTypes: ['violations'], preload: false };
    return (await axe.run(document, options)).violations;
  }, runOnly);
  return violations
    .filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target} ${n.failureSummary?.split('\n')[1] ?? ''}`).join(' | ')}`);
}

/** Opens a screen in its state and collects what the console complains of. */
async function show(page: Page, screen: Screen, locale: string, phone: boolean): Promise<string[]> {
  const complaints: string[] = [];
  page.on('console', (message) => {
    // Refused requests of error screens are meant to be.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  const rests = await visit(page, screen, { locale, phone, storage: { 'tenon.pseudo': 'marked' } });
  expect(rests, 'the screen comes to rest').toBe(true);
  // Colours are judged as they end, not on their way.
  await page.addStyleTag({ content: '*, ::before, ::after { transition: none !important }' });
  await page.addScriptTag({ url: '/test/axe.js' });
  return complaints;
}

/** Accessibility in both themes, by day first. */
async function accessible(page: Page): Promise<void> {
  expect.soft(await faultsOf(page, everyRule), 'by day').toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect(page.locator('html[data-mantine-color-scheme=dark]')).toBeAttached();
  expect.soft(await faultsOf(page, colourRules), 'in the dark').toEqual([]);
}

/** Nothing lies where no eye or hand gets to. */
async function within(page: Page, where: string): Promise<void> {
  expect.soft(await sideways(page), `scrolls sideways ${where}`).toBeLessThanOrEqual(0);
  expect.soft(await outOfReach(page), `out of reach ${where}`).toEqual([]);
}

// How a screen waits, fails or stands empty is drawn by the same few parts
// everywhere: such a state is looked at once, on a desktop, and of waiting and
// failing a few stand for the others. The gallery has them all.
const isState = (screen: Screen) => /-(loading|error|empty|denied|missing|gone|refused|closed)$/.test(screen.name);
const standsForOthers = (screen: Screen) =>
  !/-(loading|error)$/.test(screen.name) || /^(home|list|record|dashboard|tasks|public)-/.test(screen.name);

// Screens share nothing: they are looked at side by side.
test.describe.configure({ mode: 'parallel' });

for (const screen of screens.filter(standsForOthers)) {
  const own = [Object.values(screen.storage ?? {}), String(screen.act)];

  test(`${screen.name} on a desktop`, async ({ open }) => {
    const page = await open({ width: 1280, height: 800, locale: 'en-US', phone: false });
    const complaints = await show(page, screen, 'en-US', false);
    await accessible(page);
    expect.soft(await literals(page, own), 'words of no language').toEqual([]);
    await within(page, 'at 1280');
    await lengthen(page);
    expect.soft(await cut(page), 'cut at 1280').toEqual([]);
    await within(page, 'with longer words at 1280');
    for (const width of screen.desktop ? [1024] : [1024, 390]) {
      await page.setViewportSize({ width, height: 800 });
      await settled(page, 1000);
      await within(page, `at ${width}`);
      await lengthen(page);
      expect.soft(await cut(page), `cut at ${width}`).toEqual([]);
      await within(page, `with longer words at ${width}`);
    }
    expect.soft(complaints).toEqual([]);
  });

  if (screen.desktop || isState(screen)) continue;
  test(`${screen.name} on a phone`, async ({ open }) => {
    const page = await open({ width: 390, height: 800, locale: 'zh-CN', phone: true });
    const complaints = await show(page, screen, 'zh-CN', true);
    await accessible(page);
    expect.soft(await literals(page, own), 'words of no language').toEqual([]);
    await within(page, 'at 390');
    expect.soft(complaints).toEqual([]);
  });
}
