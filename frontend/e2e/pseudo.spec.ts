// Every route in the pseudo-locale, whose words are marked and longer than any
// language's: none of them is cut off where nothing else says it.
import { expect, type Page, test } from '@playwright/test';
import { outOfReach, sideways } from './fixtures/checks';
import { bootstrap } from './fixtures/data';
import { type Screen, screens } from './fixtures/screens';
import { freezeClock, mockApi } from './fixtures/server';

// One screen of every address; states and what is opened on it look the same here.
const routes = new Map<string, Screen>();
for (const screen of screens) {
  const path = screen.path.split('?')[0] ?? '';
  if (!screen.act && !/-(loading|error|empty|denied|missing|gone|refused|closed)$/.test(screen.name))
    if (!routes.has(path)) routes.set(path, screen);
}

/** Words of the product that are cut off and said nowhere else. */
const cut = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const out: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.nodeValue ?? '';
      const element = node.parentElement;
      if (!/⟦/.test(text) || !element?.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const words = range.getBoundingClientRect();
      for (let around: HTMLElement | null = element; around; around = around.parentElement) {
        const style = getComputedStyle(around);
        const edge = around.getBoundingClientRect();
        if (edge.width <= 1 || /auto|scroll/.test(style.overflowX)) break;
        if (!/hidden|clip/.test(style.overflowX) || words.right <= edge.right + 1) continue;
        const said =
          around.closest<HTMLElement>('[title]')?.title ?? around.closest('[aria-label]')?.getAttribute('aria-label');
        if (!said?.includes(text.trim())) out.push(text.trim());
        break;
      }
    }
    return out;
  });

test.describe.configure({ mode: 'parallel' });

for (const screen of routes.values()) {
  test(`${screen.name} is whole in the pseudo-locale`, async ({ page }) => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.addInitScript(
      (storage) => {
        for (const [key, value] of Object.entries(storage)) localStorage.setItem(key, value);
      },
      { 'tenon.locale': 'en-US', 'tenon.pseudo': 'shown', ...screen.storage },
    );
    await freezeClock(page);
    await mockApi(page, {
      'GET /bootstrap': { ...bootstrap, me: { ...bootstrap.me, locale: 'en-US' } },
      ...screen.api,
    });
    await page.goto(screen.path, { waitUntil: 'networkidle' });
    await expect(page.locator('body')).toContainText('⟦');
    for (const width of screen.desktop ? [1280, 1024] : [1280, 1024, 390]) {
      await page.setViewportSize({ width, height: 800 });
      await page.waitForTimeout(100);
      expect(await cut(page), `cut at ${width}`).toEqual([]);
      expect(await sideways(page), `at ${width}`).toBeLessThanOrEqual(0);
      expect(await outOfReach(page), `at ${width}`).toEqual([]);
    }
  });
}
