// Pictures of every screen for review: screen × language × theme × size, and an
// index page that shows them together, with what a ruler finds on each. GALLERY=home,list.*
// narrows the screens by their names, VARIANT=zh.light the pictures.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { measure } from './fixtures/ruler';
import { screens } from './fixtures/screens';
import { visit } from './fixtures/visit';
import { test } from './fixtures/windows';

const folder = 'gallery';
const themes = ['light', 'dark'] as const;
const sizes = [
  { locale: 'zh-CN', width: 1440, height: 900 },
  { locale: 'en-US', width: 1280, height: 800 },
  { locale: 'zh-CN', width: 390, height: 844 },
  { locale: 'en-US', width: 390, height: 844 },
] as const;

const wanted = process.env.GALLERY ? new RegExp(`^(${process.env.GALLERY.replaceAll(',', '|')})$`) : null;
const nameOf = (locale: string, theme: string, width: number) => `${locale.slice(0, 2)}.${theme}.${width}`;
const foundOn = (screen: string, size: (typeof sizes)[number]) =>
  `${screen}.${nameOf(size.locale, 'found', size.width)}.txt`;

/** Inherited colours change one level of the page after the other, so a picture waits for the last. */
const settled = (page: Page) =>
  page.evaluate(async () => {
    for (let still = 0; still < 3; ) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      still = document.getAnimations().some((a) => a instanceof CSSTransition) ? 0 : still + 1;
    }
  });

for (const screen of screens) {
  if (wanted && !wanted.test(screen.name)) continue;
  for (const size of sizes) {
    const phone = size.width < 768;
    if (phone && screen.desktop) continue;
    const shown = themes
      .map((theme) => ({ theme, name: nameOf(size.locale, theme, size.width) }))
      .filter((v) => !process.env.VARIANT || v.name.includes(process.env.VARIANT));
    if (shown.length === 0) continue;
    test(`${screen.name} ${size.locale} ${size.width}`, async ({ open }) => {
      const page = await open({ ...size, phone, scale: phone ? 2 : 1 });
      await page.emulateMedia({ colorScheme: shown[0]?.theme });
      await visit(page, screen, { locale: size.locale, phone });
      // A theme changes colours alone: both pictures are taken of one page.
      for (const { theme, name } of shown) {
        await page.emulateMedia({ colorScheme: theme });
        await settled(page);
        await page.screenshot({ path: `${folder}/${screen.name}.${name}.png` });
      }
      const found = await measure(page, size.locale === 'en-US', phone);
      const file = `${folder}/${foundOn(screen.name, size)}`;
      await (found.length > 0 ? writeFile(file, found.join('\n')) : rm(file, { force: true }));
    });
  }
}

test.afterAll('an index of the pictures', async () => {
  await mkdir(folder, { recursive: true });
  const taken = new Set(await readdir(folder));
  const variants = sizes.flatMap((s) => themes.map((theme) => nameOf(s.locale, theme, s.width)));
  const rows: string[] = [];
  for (const { name } of screens) {
    const pictures = variants
      .map((variant) => `${name}.${variant}.png`)
      .filter((file) => taken.has(file))
      .map((file) => `<a href="${file}"><img loading="lazy" src="${file}" alt="${file}"><span>${file}</span></a>`);
    if (pictures.length === 0) continue;
    rows.push(`<h2 id="${name}">${name}</h2><div>${pictures.join('')}</div>`);
    for (const size of sizes) {
      const file = foundOn(name, size);
      if (!taken.has(file)) continue;
      const found = (await readFile(`${folder}/${file}`, 'utf8')).replaceAll('<', '&lt;');
      rows.push(`<h3>${file}</h3><pre>${found}</pre>`);
    }
  }
  await writeFile(
    `${folder}/index.html`,
    `<!doctype html><meta charset="utf-8"><title>Screens</title><style>
body { font: 13px system-ui; margin: 24px; background: #888; }
div { display: flex; gap: 12px; overflow-x: auto; }
a { display: grid; gap: 4px; color: #000; text-decoration: none; }
img { height: 420px; }
</style>${rows.join('\n')}`,
  );
});
