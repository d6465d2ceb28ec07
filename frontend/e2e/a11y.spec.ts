// Every screen and state in both themes: no serious accessibility fault, no
// sideways scrolling, no error in the console (the security policy included).
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { bootstrap } from './fixtures/data';
import { screens } from './fixtures/screens';
import { freezeClock, mockApi, pending } from './fixtures/server';

for (const screen of screens) {
  for (const [theme, width] of [
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
  ] as const) {
    test(`${screen.name} is accessible in ${theme} at ${width}`, async ({ browser }) => {
      const phone = width < 768;
      const context = await browser.newContext({
        viewport: { width, height: 800 },
        locale: 'zh-CN',
        reducedMotion: 'reduce',
        hasTouch: phone,
        isMobile: phone,
      });
      const page = await context.newPage();
      const faults: string[] = [];
      page.on('console', (message) => {
        // Refused requests of error screens are meant to be.
        if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) faults.push(message.text());
      });
      page.on('pageerror', (error) => faults.push(String(error)));
      await page.addInitScript(
        ([chosen, storage]) => {
          localStorage.setItem('tenon.locale', 'zh-CN');
          localStorage.setItem('tenon.theme', chosen as string);
          for (const [key, value] of Object.entries(storage as Record<string, string>))
            localStorage.setItem(key, value);
        },
        [theme, screen.storage ?? {}] as const,
      );
      await freezeClock(page);
      await mockApi(page, { 'GET /bootstrap': { ...bootstrap, me: { ...bootstrap.me, theme } }, ...screen.api });
      const waits = Object.values(screen.api ?? {}).includes(pending);
      await page.goto(screen.path, { waitUntil: waits ? 'load' : 'networkidle' });
      if (waits) await page.waitForTimeout(600);
      await screen.act?.(page, phone);
      await page.waitForTimeout(screen.act ? 300 : 50);
      const result = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa']).analyze();
      const serious = result.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
      expect(
        serious.map(
          (v) => `${v.id}: ${v.nodes.map((n) => `${n.target} ${n.failureSummary?.split('\n')[1] ?? ''}`).join(' | ')}`,
        ),
      ).toEqual([]);
      const sideways = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(sideways).toBeLessThanOrEqual(0);
      expect(faults).toEqual([]);
      await context.close();
    });
  }
}
