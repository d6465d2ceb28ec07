import { expect, type Locator, type Page } from '@playwright/test';

/** Goes on with Tab until something has the focus, as somebody without a mouse does. */
export async function tabTo(page: Page, target: Locator, steps = 80) {
  await expect(target).toBeVisible();
  for (let i = 0; i < steps; i++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not come to ${target}`);
}

/** Opens the list of a select that has the focus and takes an option: by searching for it, else by arrows. */
export async function choose(page: Page, option: string, search?: string) {
  const marked = page.locator('[data-combobox-selected]').filter({ hasText: option });
  await page.keyboard.press('Enter');
  await expect(page.getByRole('option').filter({ hasText: option })).toBeVisible();
  if (search) {
    // Until the search field has the focus, letters go nowhere.
    await expect(page.locator('input:focus')).toBeVisible();
    await page.keyboard.type(search);
  } else for (let i = 0; i < 20 && (await marked.count()) === 0; i++) await page.keyboard.press('ArrowDown');
  await expect(marked).toBeVisible();
  await page.keyboard.press('Enter');
}
