// A form filled and a list edited by keyboard alone.
import { Api } from './app';
import { choose, tabTo } from './keys';
import { enter, expect, test } from './product';
import { makeCustomers, makeShop } from './shop';

test.use({ productName: 'records' });

test('a form with rows is filled and saved by keyboard alone', async ({ page, product }) => {
  await enter(page, product.admin);
  const api = Api.of(page);
  const app = await makeShop(api, product);
  const [cloud] = await makeCustomers(api, app, ['云图科技', '青禾食品', '北辰物流']);
  await page.goto(`${app.path}/order`);
  await expect(page.getByText('还没有订单')).toBeVisible();

  await tabTo(page, page.getByRole('button', { name: '新增订单' }).first());
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: '主题' })).toBeFocused();
  // What is required is said beside its field, and the focus goes there.
  await tabTo(page, page.getByRole('button', { name: '保存', exact: true }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: '主题' })).toBeFocused();
  await expect(page.getByRole('textbox', { name: '主题' })).toHaveAttribute('aria-invalid', 'true');
  await page.keyboard.type('秋季采购');

  await page.keyboard.press('Tab');
  await choose(page, '云图科技', '云图');
  await expect(page.getByRole('combobox', { name: '客户' })).toHaveText('云图科技');
  await page.keyboard.press('Tab');
  await page.keyboard.type('2026-11-25');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('textbox', { name: '日期' })).toHaveValue('2026-11-25');
  await tabTo(page, page.getByRole('combobox', { name: '状态' }));
  await choose(page, '已成交');
  await expect(page.getByRole('combobox', { name: '状态' })).toHaveText('已成交');

  await tabTo(page, page.getByRole('button', { name: '添加一行' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: '品名 1' })).toBeFocused();
  await page.keyboard.type('榫头');
  await page.keyboard.press('Tab');
  await page.keyboard.type('3');
  await page.keyboard.press('Tab');
  await page.keyboard.type('12.5');
  // Enter on the last row begins another, in the same column.
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: '单价 2' })).toBeFocused();
  await page.keyboard.type('4');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.type('10');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.type('卯眼');
  await expect(page.getByRole('status', { name: '合计' })).toContainText('77.50');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('complementary', { name: '新增订单' })).toBeHidden();

  const [made] = await api.records<{ id: string }>(app, 'order');
  expect(await api.send('GET', `/apps/${app.id}/entities/order/records/${made?.id}`)).toMatchObject({
    subject: '秋季采购',
    customer: cloud?.id,
    day: '2026-11-25',
    status: 'won',
    total: 77.5,
    items: [
      { product: '榫头', qty: 3, price: 12.5, amount: 37.5 },
      { product: '卯眼', qty: 10, price: 4, amount: 40 },
    ],
  });
});

test('a list is edited, taken back and left by keyboard alone', async ({ page, product }) => {
  await enter(page, product.admin);
  const api = Api.of(page);
  const app = await makeShop(api, product);
  const [first] = await makeCustomers(api, app, ['北辰物流', '青禾食品', '云图科技'].reverse());
  const path = `/apps/${app.id}/entities/customer/records/${first?.id}`;
  const saved = (key: string) => expect.poll(async () => (await api.send('GET', path))[key]);
  await page.goto(`${app.path}/customer?sort=created_at`);
  const cell = (row: number, col: number) => page.locator(`[data-row="${row}"] [data-col="${col}"]`);
  await expect(cell(0, 0)).toHaveText('云图科技');

  await tabTo(page, page.getByRole('main').locator('textarea'));
  await page.keyboard.press('Control+Home');
  // Typing replaces, Enter saves and goes down.
  await page.keyboard.type('云图软件');
  await page.keyboard.press('Enter');
  await expect(cell(0, 0)).toHaveText('云图软件');
  await saved('name').toBe('云图软件');
  // F2 edits what is there, Escape gives it up.
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('F2');
  await page.keyboard.type('有限公司');
  await page.keyboard.press('Escape');
  await expect(cell(0, 0)).toHaveText('云图软件');
  // Typing on a choice searches it.
  await page.keyboard.press('ArrowRight');
  await page.keyboard.type('丙');
  await expect(page.locator('[data-combobox-selected]')).toHaveText('丙级');
  await page.keyboard.press('Enter');
  await expect(cell(0, 1)).toHaveText('丙级');
  await page.keyboard.press('Delete');
  await expect(cell(0, 1)).toHaveText('');
  await page.keyboard.press('ArrowLeft');
  // A choice, a phone number and a date; Tab goes on to the next cell.
  await page.keyboard.press('ArrowRight');
  await choose(page, '乙级');
  await expect(cell(0, 1)).toHaveText('乙级');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.type('13800138000');
  await page.keyboard.press('Tab');
  await page.keyboard.type('2026-03-01');
  await page.keyboard.press('Enter');
  await expect(cell(0, 3)).toHaveText('2026-03-01');
  await saved('since').toBe('2026-03-01');
  await saved('level').toBe('b');
  await saved('phone').toContain('13800138000');
  // One step back for each edit.
  await page.keyboard.press('Control+z');
  await saved('since').toBe(null);
  await page.keyboard.press('Control+z');
  await saved('phone').toBe(null);
  await page.keyboard.press('Control+z');
  await saved('level').toBe(null);
  await page.keyboard.press('Control+z');
  await saved('level').toBe('c');
  await page.keyboard.press('Control+z');
  await saved('level').toBe(null);
  await page.keyboard.press('Control+z');
  await saved('name').toBe('云图科技');
  await expect(cell(0, 0)).toHaveText('云图科技');
  // Space opens the record, Escape closes it, and the list has the focus again.
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Space');
  await expect(page.getByRole('complementary').getByRole('heading', { name: '云图科技' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('complementary').getByRole('heading', { name: '云图科技' })).toBeHidden();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.type('青禾');
  await page.keyboard.press('Escape');
  await expect(cell(1, 0)).toHaveText('青禾食品');
});
