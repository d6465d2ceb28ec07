// Chinese by an input method: in a cell of the list, in a form, in a search of options.
import type { CDPSession, Page } from '@playwright/test';
import { Api } from './app';
import { enter, expect, test } from './product';
import { makeCustomers, makeShop } from './shop';

test.use({ productName: 'records' });

/** An input method as the browser sees one: letters under composition, a key it keeps to itself, the words. */
class InputMethod {
  private constructor(private client: CDPSession) {}

  static async of(page: Page): Promise<InputMethod> {
    return new InputMethod(await page.context().newCDPSession(page));
  }

  /** Letter by letter, as they are typed. */
  async compose(letters: string) {
    for (let n = 1; n <= letters.length; n++) {
      await this.client.send('Input.imeSetComposition', {
        text: letters.slice(0, n),
        selectionStart: n,
        selectionEnd: n,
      });
    }
  }

  /** A key that the input method takes: the page sees it as number 229. */
  async key(key: 'Enter' | 'ArrowDown' | 'Escape' | 'Tab') {
    for (const type of ['keyDown', 'keyUp'] as const)
      await this.client.send('Input.dispatchKeyEvent', { type, key, code: key, windowsVirtualKeyCode: 229 });
  }

  async commit(words: string) {
    await this.client.send('Input.insertText', { text: words });
  }
}

test('an input method composes in a cell from the first letter on', async ({ page, product }) => {
  await enter(page, product.admin);
  const api = Api.of(page);
  const app = await makeShop(api, product);
  const [first] = await makeCustomers(api, app, ['北辰物流', '青禾食品']);
  const path = `/apps/${app.id}/entities/customer/records/${first?.id}`;
  const ime = await InputMethod.of(page);
  const cell = (row: number, col: number) => page.locator(`[data-row="${row}"] [data-col="${col}"]`);
  const entry = page.getByRole('main').locator('textarea');
  await page.goto(`${app.path}/customer?sort=created_at`);
  await cell(0, 0).click();
  await ime.compose('yuntu');
  await expect(entry).toHaveValue('yuntu');
  // Choosing among the candidates is not leaving the cell.
  await ime.key('ArrowDown');
  await ime.key('Enter');
  await expect(entry).toHaveValue('yuntu');
  expect(await api.send('GET', path)).toMatchObject({ rev: 1, name: '北辰物流' });
  await ime.commit('云图');
  await expect(entry).toHaveValue('云图');
  await ime.compose('keji');
  await ime.commit('科技');
  await expect(entry).toHaveValue('云图科技');
  await page.keyboard.press('Enter');
  await expect(cell(0, 0)).toHaveText('云图科技');
  await expect.poll(async () => (await api.send('GET', path)).name).toBe('云图科技');
  // One edit, one revision: nothing was saved half way.
  expect((await api.send('GET', path)).rev).toBe(2);
  // Composed on a choice, the words search its list.
  await cell(0, 1).click();
  await ime.compose('yi');
  await ime.key('Enter');
  await ime.commit('乙');
  await expect(page.locator('[data-combobox-selected]')).toHaveText('乙级');
  await page.keyboard.press('Enter');
  await expect(cell(0, 1)).toHaveText('乙级');
  await expect.poll(async () => (await api.send('GET', path)).level).toBe('b');
});

test('an input method composes in a form; its Enter saves nothing', async ({ page, product }) => {
  await enter(page, product.admin);
  const api = Api.of(page);
  const app = await makeShop(api, product);
  await makeCustomers(api, app, ['云图科技', '青禾食品']);
  const ime = await InputMethod.of(page);
  await page.goto(`${app.path}/order?new=1`);
  const subject = page.getByRole('textbox', { name: '主题' });
  await expect(subject).toBeFocused();
  await ime.compose('qiuji');
  await ime.key('Enter');
  await expect(subject).toHaveValue('qiuji');
  await expect(subject).toBeFocused();
  await ime.commit('秋季采购');
  await expect(subject).toHaveValue('秋季采购');

  // The picker searches for the words, not for the letters below them.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('option', { name: '云图科技' })).toBeVisible();
  await ime.compose('qinghe');
  await ime.key('Enter');
  await expect(page.getByRole('combobox', { name: '客户' })).not.toHaveText('云图科技');
  await ime.commit('青禾');
  await expect(page.locator('[data-combobox-selected]')).toContainText('青禾食品');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox', { name: '客户' })).toHaveText('青禾食品');

  // Enter of the input method in a row's cell does not go down a row.
  await page.getByRole('button', { name: '添加一行' }).click();
  const product1 = page.getByRole('textbox', { name: '品名 1' });
  await expect(product1).toBeFocused();
  await ime.compose('suntou');
  await ime.key('Enter');
  await expect(page.getByRole('textbox', { name: '品名 2' })).toBeHidden();
  await ime.commit('榫头');
  await expect(product1).toHaveValue('榫头');
  expect(await api.count(app, 'order')).toBe(0);
  await page.keyboard.press('Control+Enter');
  await expect.poll(() => api.count(app, 'order')).toBe(1);
  expect(await api.records(app, 'order')).toMatchObject([{ subject: '秋季采购' }]);
});
