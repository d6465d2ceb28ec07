// Pictures of every screen for review: screen × language × theme × size. Run one
// screen with GALLERY=home, one variant with VARIANT=zh.light.1440.
import { test } from '@playwright/test';
import { bootstrap } from './fixtures/data';
import { screens } from './fixtures/screens';
import { freezeClock, mockApi, pending } from './fixtures/server';

const variants = [
  { name: 'zh.light.1440', locale: 'zh-CN', theme: 'light', width: 1440, height: 900 },
  { name: 'zh.dark.1440', locale: 'zh-CN', theme: 'dark', width: 1440, height: 900 },
  { name: 'en.light.1280', locale: 'en-US', theme: 'light', width: 1280, height: 800 },
  { name: 'zh.light.390', locale: 'zh-CN', theme: 'light', width: 390, height: 844 },
  { name: 'en.dark.390', locale: 'en-US', theme: 'dark', width: 390, height: 844 },
] as const;

for (const screen of screens) {
  if (process.env.GALLERY && !new RegExp(`^(${process.env.GALLERY})$`).test(screen.name)) continue;
  for (const variant of variants) {
    if (process.env.VARIANT && !variant.name.includes(process.env.VARIANT)) continue;
    test(`${screen.name} ${variant.name}`, async ({ browser }) => {
      const phone = variant.width < 768;
      const context = await browser.newContext({
        viewport: { width: variant.width, height: variant.height },
        locale: variant.locale,
        timezoneId: 'Asia/Shanghai',
        colorScheme: variant.theme,
        reducedMotion: 'reduce',
        hasTouch: phone,
        isMobile: phone,
        deviceScaleFactor: phone ? 2 : 1,
      });
      const page = await context.newPage();
      await page.addInitScript(
        ([locale, theme, storage]) => {
          localStorage.setItem('tenon.locale', locale as string);
          localStorage.setItem('tenon.theme', theme as string);
          for (const [key, value] of Object.entries(storage as Record<string, string>))
            localStorage.setItem(key, value);
        },
        [variant.locale, variant.theme, screen.storage ?? {}] as const,
      );
      await freezeClock(page);
      await mockApi(page, {
        'GET /bootstrap': { ...bootstrap, me: { ...bootstrap.me, locale: variant.locale, theme: variant.theme } },
        ...screen.api,
      });
      const waits = Object.values(screen.api ?? {}).includes(pending);
      await page.goto(screen.path, { waitUntil: waits ? 'load' : 'networkidle' });
      await page.waitForTimeout(waits ? 900 : 150);
      await screen.act?.(page, phone);
      await page.waitForTimeout(screen.act ? 250 : 0);
      await page.screenshot({ path: `gallery/${screen.name}.${variant.name}.png` });
      await context.close();
    });
  }
}
