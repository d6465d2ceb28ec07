// Two people at the same records: what one does the other sees, and where they collide they choose.
import type { Page } from '@playwright/test';
import { Api, join } from './app';
import { enter, expect, picture, test } from './product';
import { makeCustomers, makeShop } from './shop';

test.use({ productName: 'records' });

const cell = (page: Page, row: number, col: number) => page.locator(`[data-row="${row}"] [data-col="${col}"]`);

/** Changes a field of a record's page in place, without saving. */
async function change(page: Page, field: string, text: string) {
  await page.getByRole('button', { name: `编辑${field}` }).press('Enter');
  await page.getByRole('textbox', { name: field, exact: true }).fill(text);
}

test('a list follows what a colleague does', async ({ page, another, product }) => {
  await enter(page, product.admin);
  const api = Api.of(page);
  const app = await makeShop(api, product);
  await makeCustomers(api, app, ['北辰物流', '青禾食品']);
  const hers = await another();
  await join(api, product, hers, { name: '林然', email: 'lin@example.com', password: 'a fine long word' }, app);

  await page.goto(`${app.path}/customer?sort=created_at`);
  await hers.goto(`${app.path}/customer?sort=created_at`);
  await expect(cell(page, 1, 0)).toHaveText('青禾食品');
  await expect(cell(hers, 1, 0)).toHaveText('青禾食品');
  await cell(hers, 1, 0).click();
  await hers.keyboard.type('青禾食品集团');
  await hers.keyboard.press('Enter');
  await expect(cell(page, 1, 0)).toHaveText('青禾食品集团');
  // A new record says that it is there, and comes when asked: rows do not jump under the reader.
  await Api.of(hers).send('POST', `/apps/${app.id}/entities/customer/records`, { name: '云图科技' });
  await page.getByRole('button', { name: '1 条新数据' }).click();
  await expect(cell(page, 2, 0)).toHaveText('云图科技');
});

test('two versions of one record are a choice for each field', async ({ page, another, product }) => {
  await enter(page, product.admin);
  const api = Api.of(page);
  const app = await makeShop(api, product);
  const [made] = await makeCustomers(api, app, ['北辰物流']);
  const path = `/apps/${app.id}/entities/customer/records/${made?.id}`;
  const hers = await another();
  await join(api, product, hers, { name: '何青', email: 'he@example.com', password: 'a fine long word' }, app);
  for (const one of [page, hers]) await one.goto(`${app.path}/customer/r/${made?.id}`);
  await change(page, '名称', '北辰供应链');
  await change(page, '备注', '我的备注');
  await change(page, '信用额度', '5000');
  await change(hers, '名称', '北辰运输');
  await change(hers, '备注', '她的备注');
  await change(hers, '电话', '13800138000');
  await hers.getByRole('button', { name: '保存', exact: true }).click();
  await expect(hers.getByRole('heading', { name: '北辰运输', level: 1 })).toBeVisible();

  // The page says so before anything is saved, and keeps what was typed.
  await expect(page.getByText('何青 刚刚修改了这条记录')).toBeVisible();
  await expect(page.getByRole('textbox', { name: '名称', exact: true })).toHaveValue('北辰供应链');
  await page.getByRole('button', { name: '保存', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('你和何青同时修改了这条记录');
  const names = dialog.getByRole('group', { name: '名称' });
  await expect(names).toContainText('北辰运输');
  await expect(names).toContainText('北辰供应链');
  await expect(dialog.getByRole('group')).toHaveCount(2);
  await picture(page, 'conflict');
  // Going back loses nothing either.
  await dialog.getByRole('button', { name: '返回' }).click();
  await expect(page.getByRole('textbox', { name: '名称', exact: true })).toHaveValue('北辰供应链');
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await names.getByRole('radio', { name: '我的' }).check();
  await dialog.getByRole('group', { name: '备注' }).getByRole('radio', { name: '对方的' }).check();
  await dialog.getByRole('button', { name: '保存所选' }).click();
  await expect(dialog).toBeHidden();
  await expect
    .poll(() => api.send('GET', path))
    .toMatchObject({
      name: '北辰供应链',
      note: '她的备注',
      credit: 5000,
      phone: '13800138000',
      rev: 3,
    });
  // She sees the outcome without asking for it.
  await expect(hers.getByRole('heading', { name: '北辰供应链', level: 1 })).toBeVisible();
});

test('a value that a colleague changed meanwhile is not written over unasked', async ({ page, another, product }) => {
  await enter(page, product.admin);
  const api = Api.of(page);
  const app = await makeShop(api, product);
  const [first, second] = await makeCustomers(api, app, ['北辰物流', '青禾食品']);
  const path = (id: string | undefined) => `/apps/${app.id}/entities/customer/records/${id}`;
  const hers = await another();
  await join(api, product, hers, { name: '苏河', email: 'su@example.com', password: 'a fine long word' }, app);
  // News do not come through: the list still shows the old values.
  await page.route(/\/api\/v1\/events/, (route) => route.abort());
  await page.goto(`${app.path}/customer?sort=created_at`);
  await expect(cell(page, 1, 0)).toHaveText('青禾食品');
  for (const one of [first, second])
    await Api.of(hers).send('PATCH', path(one?.id), { name: '她的名称', phone: '13800138000' });

  await cell(page, 0, 0).click();
  await page.keyboard.type('我的名称');
  await page.keyboard.press('Enter');
  const bar = page.getByRole('alert').filter({ hasText: '苏河' });
  await expect(bar).toContainText('她的名称');
  await expect(bar).toContainText('我的名称');
  expect((await api.send('GET', path(first?.id))).name).toBe('她的名称');
  await bar.getByRole('button', { name: '用我的' }).click();
  await expect.poll(async () => (await api.send('GET', path(first?.id))).name).toBe('我的名称');

  // Another field of the same record does not collide: both changes stand.
  await cell(page, 1, 5).click();
  await page.keyboard.type('3000');
  await page.keyboard.press('Enter');
  await expect.poll(() => api.send('GET', path(second?.id))).toMatchObject({ name: '她的名称', credit: 3000 });
  await expect(cell(page, 1, 0)).toHaveText('她的名称');
});
