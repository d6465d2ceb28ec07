// An app is made, published and used by keyboard alone.
import type { Locator, Page } from '@playwright/test';
import { tabTo } from './keys';
import { enter, expect, test } from './product';

test.use({ productName: 'keyboard' });
// Tab goes through everything that is on the way.
test.slow();

/** Goes to something and presses it. */
async function press(page: Page, target: Locator) {
  await tabTo(page, target, 250);
  await page.keyboard.press('Enter');
}

/** Writes over what a text box holds. */
async function write(page: Page, target: Locator, words: string) {
  await tabTo(page, target, 250);
  await page.keyboard.press('Control+a');
  await page.keyboard.type(words);
}

/** Takes an item of the menu that is open. */
async function take(page: Page, item: Locator) {
  await expect(item).toBeVisible();
  for (let i = 0; i < 40; i++) {
    if (await item.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press('ArrowDown');
  }
  await expect(item).toBeFocused();
  await page.keyboard.press('Enter');
}

test('an app is built, published and used by keyboard alone', async ({ page, product }) => {
  await enter(page, product.admin);
  await page.goto('/');
  const dialog = page.getByRole('dialog');
  const settings = page.getByRole('complementary', { name: '设置' });
  const canvas = page.getByRole('group', { name: '表单画布' });
  const search = page.getByRole('textbox', { name: '搜索控件' }).or(page.getByRole('searchbox', { name: '搜索控件' }));

  await test.step('a new app and its form', async () => {
    await press(page, page.getByRole('button', { name: '新建应用' }));
    await take(page, page.getByRole('menuitem', { name: /空白应用/ }));
    await expect(dialog.getByLabel('应用名称')).toBeFocused();
    await page.keyboard.type('采购');
    await page.keyboard.press('Enter');
    await press(page, page.getByRole('button', { name: '新建表单' }).first());
    await expect(dialog.getByLabel('表单名称')).toBeFocused();
    await page.keyboard.type('采购单');
    await page.keyboard.press('Enter');
    await expect(canvas).toBeVisible();
  });

  await test.step('fields by their names, and a formula', async () => {
    for (const [type, words] of [
      ['单行文本', '品名'],
      ['金额', '单价'],
      ['数字', '数量'],
      ['公式', '合计'],
    ] as const) {
      await write(page, search, type);
      await page.keyboard.press('Enter');
      await write(page, settings.getByLabel('字段名称'), words);
      await expect(canvas.getByRole('group', { name: words, exact: true })).toBeVisible();
    }
    await press(page, settings.getByRole('button', { name: '打开公式编辑器' }));
    await expect(dialog.getByRole('textbox', { name: '公式' })).toBeFocused();
    await page.keyboard.type('单价 * 数量');
    // Tab takes what is offered for the last word, else it goes on.
    await page.keyboard.press('Tab');
    await expect(dialog.getByRole('status')).toHaveText('结果是数字');
    await press(page, dialog.getByRole('button', { name: '完成' }));
    await expect(dialog).toBeHidden();
  });

  await test.step('its fields are moved and taken back', async () => {
    const field = canvas.getByRole('group', { name: '品名', exact: true });
    // Tab comes to what is selected; arrows go on from there.
    await tabTo(page, canvas.getByRole('group', { name: '合计', exact: true }), 250);
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowUp');
    await expect(field).toBeFocused();
    await page.keyboard.press('Delete');
    await expect(field).toBeHidden();
    await page.keyboard.press('Control+z');
    await expect(field).toBeVisible();
  });

  await test.step('a dashboard with a total', async () => {
    await tabTo(page, page.getByRole('tab', { name: '字段与布局' }), 250);
    await page.keyboard.press('ArrowRight');
    await expect(page.getByRole('tab', { name: '视图' })).toHaveAttribute('aria-selected', 'true');
    await press(page, page.getByRole('link', { name: '仪表盘' }));
    const boards = page.getByRole('region', { name: '仪表盘' });
    await press(page, boards.getByRole('button', { name: '新建仪表盘' }).last());
    await expect(dialog.getByLabel('仪表盘名称')).toBeFocused();
    await page.keyboard.type('采购总览');
    await page.keyboard.press('Enter');
    await press(page, boards.getByRole('button', { name: '指标卡' }));
    await write(page, settings.getByLabel('标题'), '采购单数');
  });

  await test.step('it is published and used', async () => {
    await press(page, page.getByRole('button', { name: /^发布/ }));
    await press(page, dialog.getByRole('button', { name: '发布', exact: true }));
    await expect(dialog.getByText('第 1 版已发布')).toBeVisible();
    await press(page, dialog.getByRole('link', { name: '打开应用' }));
    await press(page, page.getByRole('button', { name: '新增采购单' }).first());
    await expect(page.getByRole('textbox', { name: '品名' })).toBeFocused();
    await page.keyboard.type('卯眼机');
    await page.keyboard.press('Tab');
    await page.keyboard.type('12.5');
    await page.keyboard.press('Tab');
    await page.keyboard.type('4');
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('complementary', { name: '新增采购单' })).toBeHidden();
    await expect(page.getByRole('grid').getByText('50', { exact: true })).toBeVisible();
    await press(page, page.getByRole('link', { name: '采购总览' }));
    await expect(page.getByText('采购单数')).toBeVisible();
  });
});
