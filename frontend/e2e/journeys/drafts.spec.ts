// What was typed and not saved is there again after a reload; what was given up is not.
import { Api } from './app';
import { enter, expect, test } from './product';
import { makeCustomers, makeShop } from './shop';

test.use({ productName: 'records' });

test('an unsaved form outlives a reload', async ({ page, product }) => {
  await enter(page, product.admin);
  const api = Api.of(page);
  const app = await makeShop(api, product);
  await page.goto(`${app.path}/order`);
  await page.getByRole('button', { name: '新增订单' }).first().click();
  const subject = page.getByRole('textbox', { name: '主题' });
  await subject.fill('秋季采购');
  await page.getByRole('button', { name: '添加一行' }).click();
  await page.getByRole('textbox', { name: '品名 1' }).fill('榫头');
  page.on('dialog', (asked) => void asked.accept());
  await page.reload();
  await expect(subject).toHaveValue('秋季采购');
  await expect(page.getByRole('textbox', { name: '品名 1' })).toHaveValue('榫头');
  await expect(page.getByText(/已恢复.*未保存的内容/)).toBeVisible();
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await expect.poll(() => api.count(app, 'order')).toBe(1);
  // Saved: the next one begins blank. Given up: so does the one after that.
  await page.getByRole('button', { name: '新增订单' }).first().click();
  await expect(subject).toHaveValue('');
  await subject.fill('不要了');
  await page.getByRole('button', { name: '取消' }).click();
  await page.getByRole('button', { name: '放弃修改' }).click();
  await expect(subject).toBeHidden();
  await page.getByRole('button', { name: '新增订单' }).first().click();
  await expect(subject).toHaveValue('');
});

test('unsaved changes of a record are offered after a reload', async ({ page, product }) => {
  await enter(page, product.admin);
  const api = Api.of(page);
  const app = await makeShop(api, product);
  const [made] = await makeCustomers(api, app, ['北辰物流']);
  await page.goto(`${app.path}/customer/r/${made?.id}`);
  await page.getByRole('button', { name: '编辑名称' }).press('Enter');
  await page.getByRole('textbox', { name: '名称', exact: true }).fill('北辰供应链');
  await expect(page.getByText('1 项修改未保存')).toBeVisible();
  page.on('dialog', (asked) => void asked.accept());
  await page.reload();
  await expect(page.getByText(/有.*未保存的修改/)).toBeVisible();
  await page.getByRole('button', { name: '恢复', exact: true }).click();
  await expect(page.getByText('1 项修改未保存')).toBeVisible();
  await expect(page.getByRole('main').getByText('北辰供应链')).toBeVisible();
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await expect
    .poll(async () => (await api.send('GET', `/apps/${app.id}/entities/customer/records/${made?.id}`)).name)
    .toBe('北辰供应链');
});
