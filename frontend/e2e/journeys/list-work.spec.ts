// A morning at a list, by mouse: finding, grouping, keeping the view, changing many
// records and taking it back, taking a file along. And strangers who fill in a form.
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { Api, type MadeApp } from './app';
import { enter, expect, phone, picture, test } from './product';
import { makeShop } from './shop';

test.use({ productName: 'records' });

const cell = (page: Page, row: number, col: number) => page.locator(`[data-row="${row}"] [data-col="${col}"]`);
const chosen = async (page: Page, label: string, option: string) => {
  await page.getByRole('combobox', { name: label }).last().click();
  await page.getByRole('option', { name: option, exact: true }).click();
};

/** Twelve customers: four of each level, with credits from 1,000 to 12,000. */
async function makeLevels(api: Api, app: MadeApp) {
  await api.send('POST', `/apps/${app.id}/entities/customer/records/batch`, {
    ops: Array.from({ length: 12 }, (_, i) => ({
      op: 'create',
      values: {
        name: `${i < 6 ? '江南' : '岭北'}${i + 1}号`,
        level: ['a', 'b', 'c'][i % 3],
        credit: (i + 1) * 1000,
      },
    })),
  });
}

test('a list is narrowed, grouped and kept as a view', async ({ page, product }) => {
  await enter(page, product.admin);
  const api = Api.of(page);
  const app = await makeShop(api, product);
  await makeLevels(api, app);
  await page.goto(`${app.path}/customer`);
  await expect(page.getByText('共 12 条')).toBeVisible();

  // The search looks as one types, and lets go by Escape.
  const search = page.getByRole('searchbox', { name: '搜索客户' });
  await search.pressSequentially('岭北');
  await expect(page.getByText('共 6 条')).toBeVisible();
  await expect(page).toHaveURL(/search=/);
  await search.press('Escape');
  await expect(page.getByText('共 12 条')).toBeVisible();

  // Level A, or both from the south and above 4,000: a group of conditions within the conditions.
  await page.getByRole('button', { name: '筛选', exact: true }).click();
  await page.getByRole('button', { name: '添加条件', exact: true }).click();
  await chosen(page, '字段', '级别');
  await page.getByRole('combobox', { name: '级别 值' }).click();
  await page.getByRole('option', { name: '甲级' }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByText('共 4 条')).toBeVisible();
  await page.getByRole('button', { name: '添加条件组' }).click();
  const group = page.getByRole('group', { name: '条件组' });
  const within = async (row: number, field: string, op: string, value: string) => {
    const line = group.getByRole('listitem').nth(row);
    await line.getByRole('combobox', { name: '字段' }).click();
    await page.getByRole('option', { name: field, exact: true }).click();
    await line.getByRole('combobox', { name: '判断方式' }).click();
    await page.getByRole('option', { name: op, exact: true }).click();
    await line.getByRole('textbox', { name: `${field} 值` }).fill(value);
  };
  await within(0, '名称', '开头是', '江南');
  await within(1, '信用额度', '大于', '4000');
  // A new group asks for any of its own; here both must hold, and any of the two outside.
  await group.getByRole('combobox', { name: '条件之间的关系' }).click();
  await page.getByRole('option', { name: /满足全部条件/ }).click();
  await page.getByRole('combobox', { name: '条件之间的关系' }).first().click();
  await page.getByRole('option', { name: /满足任一条件/ }).click();
  await picture(page, 'list-filter');
  await page.keyboard.press('Escape');
  // 1, 4, 7, 10 by level; 5 and 6 by the group.
  await expect(page.getByText('共 6 条')).toBeVisible();

  // Grouped by level, with a sum for each; a folded group keeps its line.
  await page.getByRole('button', { name: '分组', exact: true }).click();
  await chosen(page, '添加分组', '级别');
  await page.keyboard.press('Escape');
  const heads = page.locator('[data-group]');
  await expect(heads).toHaveCount(3);
  await expect(heads.nth(0)).toContainText('甲级');
  await expect(heads.nth(0)).toContainText('4');
  await expect(page.getByText('江南4号')).toBeVisible();
  await heads.nth(0).click();
  await expect(page.getByText('江南4号')).toBeHidden();
  await expect(heads).toHaveCount(3);
  await heads.nth(0).click();
  await expect(page.getByText('江南4号')).toBeVisible();

  // Kept as a view of one's own, found again after a reload, then changed and saved over.
  await page.getByRole('button', { name: '另存为', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: '视图名称' }).fill('重点客户');
  await dialog.getByRole('button', { name: '保存' }).click();
  await expect(dialog).toBeHidden();
  const views = page.getByRole('navigation', { name: '视图' });
  await expect(views.getByRole('button', { name: '重点客户', exact: false }).first()).toHaveAttribute(
    'aria-current',
    'true',
  );
  await page.goto(`${app.path}/customer`);
  await expect(page.getByText('共 12 条')).toBeVisible();
  await views.getByRole('button', { name: '重点客户' }).first().click();
  await expect(heads).toHaveCount(3);
  await expect(page.getByText('共 6 条')).toBeVisible();
  await page.getByRole('button', { name: '排序', exact: true }).click();
  await chosen(page, '添加排序', '信用额度');
  await page.keyboard.press('Escape');
  await expect(page.getByText('有未保存的调整')).toBeVisible();
  await page.getByRole('button', { name: '保存视图' }).click();
  await expect(page.getByText('视图已保存')).toBeVisible();
  await expect(page.getByText('有未保存的调整')).toBeHidden();
  await page.reload();
  await expect(page.getByRole('button', { name: /^排序/ })).toContainText('1');
  await picture(page, 'list-view');
});

test('many records are changed at once, taken back, and taken along in a file', async ({ page, product }) => {
  await enter(page, product.admin);
  const api = Api.of(page);
  const app = await makeShop(api, product);
  await makeLevels(api, app);
  await page.goto(`${app.path}/customer?sort=created_at`);
  await expect(page.getByText('共 12 条')).toBeVisible();
  const toasts = page.getByRole('status');
  for (const row of [0, 1, 2]) {
    await cell(page, row, 0).hover();
    await page.locator(`[data-row="${row}"] [data-tick]`).click();
  }
  const bar = page.getByRole('toolbar', { name: '已选 3 条' });
  await bar.getByRole('button', { name: '修改字段' }).click();
  await chosen(page, '字段', '级别');
  await page.getByRole('combobox', { name: '改为' }).click();
  await page.getByRole('option', { name: '丙级' }).click();
  await page.getByRole('button', { name: '修改 3 条' }).click();
  await expect.poll(() => api.count(app, 'customer', 'level == "c"')).toBe(6);
  await expect(cell(page, 0, 1)).toHaveText('丙级');
  await toasts.getByRole('button', { name: '撤销' }).first().click();
  await expect.poll(() => api.count(app, 'customer', 'level == "c"')).toBe(4);
  await expect(cell(page, 0, 1)).toHaveText('甲级');

  // All but one are deleted, and come back by the keyboard.
  await page.getByRole('checkbox', { name: '选择全部记录' }).check();
  await cell(page, 4, 0).hover();
  await page.locator('[data-row="4"] [data-tick]').click();
  await page.getByRole('toolbar', { name: '已选 11 条' }).getByRole('button', { name: '删除' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '删除' }).click();
  await expect.poll(() => api.count(app, 'customer')).toBe(1);
  await expect(page.getByText('共 1 条')).toBeVisible();
  await cell(page, 0, 0).click();
  await page.keyboard.press('Control+z');
  await expect.poll(() => api.count(app, 'customer')).toBe(12);
  await expect(page.getByText('共 12 条')).toBeVisible();

  // The file holds what the list shows, in the words that it shows.
  await page.getByRole('searchbox', { name: '搜索客户' }).fill('岭北');
  await expect(page.getByText('共 6 条')).toBeVisible();
  await page.getByRole('button', { name: '导出', exact: true }).click();
  await page.getByRole('menuitem', { name: '导出记录' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'CSV' }).check();
  await expect(dialog.getByRole('radio', { name: /当前筛选和搜索的结果/ })).toBeChecked();
  const coming = page.waitForEvent('download');
  await dialog.getByRole('button', { name: '导出', exact: true }).click();
  const file = await coming;
  const lines = readFileSync(await file.path(), 'utf8')
    .trim()
    .split(/\r?\n/);
  expect(lines).toHaveLength(7);
  expect(lines[0]).toContain('名称,级别,电话,合作日期,备注,信用额度');
  expect(lines.find((line) => line.startsWith('岭北8号'))).toMatch(/^岭北8号,乙级,.*8000/);
});

test('a stranger fills in a form by its link until the link is full', async ({ page, another, product }) => {
  await enter(page, product.admin);
  const api = Api.of(page);
  const app = await makeShop(api, product);
  await page.goto(`${app.path}/order`);
  await page.getByRole('button', { name: '公开填写链接' }).click();
  const links = page.getByRole('dialog');
  await links.getByRole('button', { name: '新建链接' }).click();
  await page.getByRole('textbox', { name: '最多收到' }).fill('2');
  await page.getByRole('dialog').getByRole('button', { name: '创建' }).click();
  const url = await links.getByRole('link').getAttribute('href');
  await expect(links.getByText('已收到 0 份，共 2 份')).toBeVisible();

  const stranger = await another(phone);
  await stranger.goto(String(url));
  await stranger.getByRole('button', { name: '提交' }).click();
  // What is missing is said beside its field, and nothing is sent.
  await expect(stranger.getByText('请填写主题').first()).toBeVisible();
  expect(await api.count(app, 'order')).toBe(0);
  await stranger.getByRole('textbox', { name: '主题' }).fill('来自展会');
  await picture(stranger, 'public-form');
  await stranger.getByRole('button', { name: '提交' }).click();
  await expect(stranger.getByText('已提交')).toBeVisible();
  await stranger.getByRole('button', { name: '再填一份' }).click();
  await expect(stranger.getByRole('textbox', { name: '主题' })).toHaveValue('');
  await stranger.getByRole('textbox', { name: '主题' }).fill('来自朋友');
  await stranger.getByRole('button', { name: '提交' }).click();
  await expect(stranger.getByText('已提交')).toBeVisible();
  // That was the last one: no other is offered, and who comes now is told why.
  await stranger.waitForLoadState('networkidle');
  await expect(stranger.getByRole('button', { name: '再填一份' })).toHaveCount(0);
  await stranger.reload();
  await expect(stranger.getByText('这个链接现在没有开放')).toBeVisible();
  expect((await api.records(app, 'order', { sort: 'created_at' })).map((r) => r.subject)).toEqual([
    '来自展会',
    '来自朋友',
  ]);
  await page.reload();
  await expect(page.getByText('来自朋友')).toBeVisible();
});
