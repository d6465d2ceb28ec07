// Ten thousand rows from a spreadsheet: pasted into a list and brought in by the
// import; each is one operation, undone also after a reload.
import type { Page } from '@playwright/test';
import { Api, join } from './app';
import { enter, expect, picture, test } from './product';
import { makeShop } from './shop';

test.use({ productName: 'records' });
// Twenty thousand records go in and out again.
test.slow();

const total = 10_000;
/** What a spreadsheet puts on the clipboard: names, levels, phones, dates, amounts. */
const table = (from: number) =>
  Array.from({ length: total }, (_, i) => {
    const n = from + i;
    const day = `2026-${String((n % 12) + 1).padStart(2, '0')}-${String((n % 28) + 1).padStart(2, '0')}`;
    return `客户${n}\t${['甲级', '乙级', '丙级'][n % 3]}\t\t${day}\t第 ${n} 行\t${n}.5`;
  }).join('\n');

async function paste(page: Page, text: string) {
  // The clipboard of the browser, as a spreadsheet fills it.
  await page.evaluate((words) => navigator.clipboard.writeText(words), text);
  await page.keyboard.press('Control+v');
}

test('ten thousand rows are pasted into a list and undone after a reload', async ({
  page,
  another,
  context,
  product,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await enter(page, product.admin);
  const api = Api.of(page);
  const app = await makeShop(api, product);
  const hers = await another();
  await join(api, product, hers, { name: '周末', email: 'zhou@example.com', password: 'a fine long word' }, app);
  await api.send('POST', `/apps/${app.id}/entities/customer/records`, { name: '老客户' });
  await page.goto(`${app.path}/customer`);
  await page.locator('[data-row="0"] [data-col="0"]').click();
  await page.keyboard.press('ArrowDown');
  await paste(page, table(0));
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('10,000');
  await dialog.getByRole('button', { name: '粘贴' }).click();
  const progress = dialog.getByRole('progressbar');
  await expect(progress).toBeVisible();
  await expect(dialog).toBeHidden({ timeout: 180_000 });
  await expect(page.getByText('已写入 10,000 条记录')).toBeVisible();
  expect(await api.count(app, 'customer')).toBe(total + 1);
  expect(await api.count(app, 'customer', 'level == "a" and since >= date("2026-01-01")')).toBe(3334);
  expect(await api.records(app, 'customer', { filter: 'name == "客户9999"' })).toMatchObject([
    { level: 'a', since: '2026-04-04', note: '第 9999 行', credit: 9999.5 },
  ]);

  // A colleague changes three of them; then the page is loaded anew.
  const changed = await api.records<{ id: string; name: string }>(app, 'customer', {
    filter: 'name in ["客户5", "客户50", "客户500"]',
  });
  for (const one of changed)
    await Api.of(hers).send('PATCH', `/apps/${app.id}/entities/customer/records/${one.id}`, { note: '她写的' });
  await page.reload();
  await page.getByRole('button', { name: '操作记录' }).click();
  const list = page.getByRole('list', { name: '操作记录' });
  // One act, whatever number of requests it took.
  await expect(list.getByRole('listitem').filter({ hasText: '10,000' })).toHaveCount(1);
  await list.getByRole('button', { name: '撤销：新增客户' }).click();
  const kept = page.getByRole('list', { name: '保持现状的记录' });
  await expect(kept.getByRole('listitem')).toHaveCount(3, { timeout: 180_000 });
  await expect(page.getByText('已撤销，恢复了 9,997 条记录')).toBeVisible();
  await picture(page, 'operations');
  await expect(kept.getByRole('listitem').filter({ hasText: '之后又被修改' })).toHaveCount(3);
  for (const one of changed) await expect(kept.getByRole('link', { name: one.name, exact: true })).toBeVisible();
  await expect(list.getByRole('listitem').filter({ hasText: '10,000' })).toContainText('已撤销');
  expect(await api.count(app, 'customer')).toBe(4);
  expect(await api.count(app, 'customer', 'note == "她写的"')).toBe(3);
});

test('ten thousand rows are put right, imported with progress and undone', async ({ page, context, product }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await enter(page, product.admin);
  const api = Api.of(page);
  const app = await makeShop(api, product);
  await page.goto(`${app.path}/customer`);
  await page.getByRole('button', { name: '导入', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('或粘贴表格').click();
  // One date is no date.
  const broken = table(0).replace('\t2026-03-03\t第 2 行', '\t三月三\t第 2 行');
  await paste(page, `名称\t级别\t电话\t合作日期\t备注\t信用额度\n${broken}`);
  await dialog.getByRole('button', { name: '下一步' }).click();
  await expect(dialog.getByText('共 10,000 行')).toBeVisible();
  // The columns are matched by their names.
  await expect(dialog.getByRole('combobox', { name: '合作日期' })).toHaveText('合作日期');
  await dialog.getByRole('button', { name: '检查数据' }).click();
  await expect(dialog.getByText('1 行有问题')).toBeVisible({ timeout: 120_000 });
  const bad = dialog.getByRole('list', { name: '有问题' }).getByRole('listitem');
  await expect(bad).toHaveCount(1);
  await expect(bad).toContainText('第 4 行');
  await bad.getByRole('textbox', { name: '合作日期' }).fill('2026-03-03');
  await dialog.getByRole('button', { name: '重新检查' }).click();
  await expect(dialog.getByText('所有行都可以导入')).toBeVisible({ timeout: 120_000 });
  expect(await api.count(app, 'customer')).toBe(0);
  await dialog.getByRole('button', { name: '导入 10,000 行' }).click();
  await expect(dialog.getByRole('progressbar')).toBeVisible();
  await expect(dialog.getByText(/正在导入 [\d,]+ \/ 10,000 行/)).toBeVisible();
  await expect(dialog.getByText('已导入 10,000 行')).toBeVisible({ timeout: 180_000 });
  expect(await api.count(app, 'customer')).toBe(total);
  expect(await api.count(app, 'customer', 'level == "b" and credit > 5000')).toBe(1666);
  expect(await api.count(app, 'customer', 'note == "第 2 行" and since == date("2026-03-03")')).toBe(1);
  await dialog.getByRole('button', { name: '撤销这次导入' }).click();
  await expect(dialog.getByText('已撤销 10,000 条')).toBeVisible({ timeout: 180_000 });
  expect(await api.count(app, 'customer')).toBe(0);
});
