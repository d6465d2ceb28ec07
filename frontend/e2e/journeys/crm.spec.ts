// The CRM on a new installation: installed from the template centre, fitted with
// a field of its own, filled from a file, worked by a salesperson on a phone.
import type { Page } from '@playwright/test';
import { enter, expect, phone, picture, signIn, test } from './product';

test.use({ productName: 'crm' });

const seller = { name: '李娜', email: 'lina@example.com', password: 'let me in 2026' };

/** Leads from a trade fair; the last column is the field that the journey adds. */
function leadsFile(rows: number) {
  const lines = Array.from({ length: rows }, (_, i) => {
    const n = String(i + 1).padStart(2, '0');
    return `展会线索 ${n},华东样板 ${n} 有限公司,联系人 ${n},139000000${n},lead${n}@example.com,制造业,${10_000 + i * 500},A-${n}`;
  });
  const text = ['线索名称,公司名称,联系人,手机,邮箱,行业,预算,展位号', ...lines].join('\n');
  return { name: '展会线索.csv', mimeType: 'text/csv', buffer: Buffer.from(text) };
}

const appMenu = (page: Page) => page.getByRole('navigation', { name: '应用菜单' });

test('from the template to a won deal and its contract', async ({ page, product, another }) => {
  const dialog = page.getByRole('dialog');

  await test.step('the CRM from the template centre', async () => {
    await signIn(page, product.admin);
    await page.getByRole('button', { name: '新建应用' }).click();
    await page.getByRole('menuitem', { name: /从模板创建/ }).click();
    await page.getByRole('link', { name: /CRM/ }).click();
    await picture(page, 'crm-template.zh.1440');
    await page.getByRole('switch', { name: /带示例数据/ }).click();
    await page.getByRole('button', { name: '安装', exact: true }).click();
    await expect(page.getByRole('heading', { name: '上手清单' })).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText('已完成 1 / 7')).toBeVisible();
    await picture(page, 'crm-checklist.zh.1440');
  });

  const link = await test.step('the checklist leads to an invitation for a salesperson', async () => {
    await page.getByRole('listitem').filter({ hasText: '邀请同事' }).getByRole('link', { name: '去设置' }).click();
    await page.getByRole('button', { name: '新建邀请' }).first().click();
    await dialog.getByRole('combobox', { name: '角色' }).click();
    await page.getByRole('option', { name: /^销售 / }).click();
    await page.keyboard.press('Escape');
    await dialog.getByRole('button', { name: '生成链接' }).click();
    const text = (await dialog.getByText(/\/join\//).innerText()).trim();
    await dialog.getByRole('button', { name: '完成' }).click();
    return text;
  });

  const mobile = await another(phone);
  await test.step('the salesperson joins and finds an empty day', async () => {
    await mobile.goto(new URL(link).pathname);
    await mobile.getByLabel('姓名').fill(seller.name);
    await mobile.getByLabel('邮箱').fill(seller.email);
    await mobile.getByLabel('密码', { exact: true }).fill(seller.password);
    await mobile.getByRole('button', { name: '加入工作区' }).tap();
    await mobile.getByRole('link', { name: /CRM/ }).tap();
    await expect(mobile.getByRole('heading', { name: '今天', exact: true })).toBeVisible();
  });

  await test.step('a new field is dragged into the lead form and published', async () => {
    await page.getByRole('link', { name: 'CRM 客户全生命周期' }).click();
    await page.getByRole('button', { name: '编辑应用' }).click();
    const canvas = page.getByRole('group', { name: '表单画布' });
    await expect(canvas).toBeVisible();
    await page.getByRole('button', { name: '切换表单' }).click();
    await page.getByRole('menuitem', { name: '线索', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: '线索' })).toBeVisible();
    const company = canvas.getByRole('group', { name: '公司名称' }).first();
    const box = await company.boundingBox();
    await page
      .getByRole('complementary', { name: '控件和大纲' })
      .getByRole('button', { name: '单行文本', exact: true })
      .dragTo(company, { targetPosition: { x: (box?.width ?? 0) / 2, y: (box?.height ?? 0) - 4 } });
    await page.getByRole('complementary', { name: '设置' }).getByLabel('字段名称').fill('展位号');
    await page.getByRole('button', { name: /^发布/ }).click();
    await expect(dialog.getByText('新增字段“展位号”（单行文本）')).toBeVisible();
    await picture(page, 'crm-publish.zh.1440');
    await dialog.getByRole('button', { name: '发布', exact: true }).click();
    await expect(dialog.getByText('第 2 版已发布')).toBeVisible({ timeout: 30_000 });
    await dialog.getByRole('link', { name: '打开应用' }).click();
  });

  await test.step('a file of leads comes in, with the rules on', async () => {
    await appMenu(page).getByRole('link', { name: '线索', exact: true }).click();
    await page.getByRole('button', { name: '导入', exact: true }).click();
    const chooser = page.waitForEvent('filechooser');
    await dialog.getByText('选择文件').click();
    await (await chooser).setFiles(leadsFile(40));
    // The column of the new field finds it by its name.
    await expect(dialog.getByRole('combobox', { name: /^展位号/ })).toHaveText('展位号');
    await dialog.getByRole('switch', { name: /触发自动化规则/ }).click();
    await picture(page, 'crm-import.zh.1440');
    await dialog.getByRole('button', { name: '检查数据' }).click();
    await expect(dialog.getByText('线索自动分配：40 次')).toBeVisible({ timeout: 30_000 });
    await dialog.getByRole('button', { name: '导入 40 行' }).click();
    await expect(dialog.getByText('已导入 40 行')).toBeVisible({ timeout: 30_000 });
    await dialog.getByRole('button', { name: '完成' }).click();
    await expect(page.getByText('共 40 条')).toBeVisible();
    await picture(page, 'crm-leads.zh.1440');
  });

  await test.step('the rule gave the leads to the salesperson, who works a to-do', async () => {
    await mobile.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: /待办/ }).tap();
    await mobile.getByRole('link', { name: /首访 展会线索 01/ }).tap();
    await picture(mobile, 'crm-task.zh.390');
    await mobile.getByRole('dialog').getByRole('button', { name: '已联系' }).tap();
    await expect(mobile.getByText('首访 展会线索 01：已联系')).toBeVisible();
    await mobile.getByRole('button', { name: '关闭' }).first().tap();
  });

  await test.step('and converts a lead into a customer with a deal', async () => {
    await mobile.goto(`/w/${product.workspace}/a/crm/today`);
    const fresh = mobile.getByRole('region', { name: /新线索/ });
    await fresh.getByRole('button', { name: '展会线索 02', exact: true }).tap();
    await mobile.getByRole('button', { name: '转为客户' }).tap();
    const form = mobile.getByRole('dialog', { name: '转为客户' });
    await form.getByLabel('预计金额').fill('120000');
    await picture(mobile, 'crm-convert.zh.390');
    await form.getByRole('button', { name: '转为客户' }).tap();
    await expect(mobile.getByRole('heading', { level: 2, name: '华东样板 02 有限公司' })).toBeVisible();
    await picture(mobile, 'crm-customer.zh.390');
  });

  await test.step('the administrator adds a product', async () => {
    await page.getByRole('button', { name: '显示全部功能' }).click();
    await appMenu(page).getByRole('link', { name: '产品', exact: true }).click();
    await page.getByRole('button', { name: '新增产品' }).first().click();
    const form = page.getByRole('complementary', { name: '新增产品' });
    await form.getByLabel('产品编码').fill('STD');
    await form.getByLabel('产品名称').fill('标准版');
    await form.getByLabel('标准价').fill('60000');
    await form.getByRole('button', { name: '保存' }).click();
    await expect(page.getByRole('gridcell', { name: '标准版' })).toBeVisible();
  });

  const desk = await another({ viewport: { width: 1440, height: 900 } });
  const panel = desk.getByRole('complementary', { name: '记录详情' });
  await test.step('at the desk: no win without a survey and an accepted quotation', async () => {
    await enter(desk, seller);
    await desk.goto(`/w/${product.workspace}/a/crm/opportunity`);
    await desk.getByRole('gridcell', { name: '展会线索 02' }).hover();
    await desk.getByRole('button', { name: '打开记录' }).click();
    await panel.getByRole('group', { name: '阶段' }).getByRole('button', { name: '赢单' }).click();
    await panel.getByRole('button', { name: '保存', exact: true }).click();
    await expect(panel.getByText('先完成需求调研（提交后）再进入方案阶段。').first()).toBeVisible();
    // Going to the mistake scrolls the panel, and the page stays where it is.
    expect(await desk.evaluate(() => document.scrollingElement?.scrollTop)).toBe(0);
    await picture(desk, 'crm-gate.zh.1440');
    await panel.getByRole('button', { name: '放弃修改' }).click();
  });

  await test.step('a need survey and a quotation of the deal', async () => {
    await panel.getByRole('tab', { name: /^调研/ }).click();
    await panel.getByRole('tabpanel', { name: /^调研/ }).getByRole('button', { name: '新增' }).click();
    const survey = desk.getByRole('dialog', { name: '新增需求调研' });
    // The customer of the deal comes along.
    await expect(survey.getByRole('combobox', { name: '客户' })).toHaveText(/华东样板 02/);
    await survey.getByRole('tab', { name: '状态' }).click();
    await survey.getByRole('radio', { name: '已提交' }).click();
    await survey.getByRole('button', { name: '保存' }).click();
    await expect(survey).toBeHidden();

    await panel.getByRole('tab', { name: /^报价/ }).click();
    const quotations = panel.getByRole('tabpanel', { name: /^报价/ });
    await quotations.getByRole('button', { name: '新增' }).click();
    const quotation = desk.getByRole('dialog', { name: '新增报价单' });
    await expect(quotation.getByRole('combobox', { name: '客户' })).toHaveText(/华东样板 02/);
    await quotation.getByRole('button', { name: '添加一行' }).click();
    await quotation.getByRole('combobox', { name: '产品 1' }).click();
    await desk.getByRole('option', { name: /标准版/ }).click();
    await expect(quotation.getByRole('textbox', { name: '单价 1' })).toHaveValue('60,000.00');
    await picture(desk, 'crm-quotation.zh.1440');
    await quotation.getByRole('button', { name: '保存' }).click();
    await expect(quotation).toBeHidden();
    await quotations.getByRole('button', { name: /^BJ/ }).click();
    await desk.getByRole('button', { name: '客户接受' }).click();
    await expect(desk.getByText('报价已接受，可以把商机标为赢单。')).toBeVisible();
  });

  await test.step('the deal is won', async () => {
    await desk
      .getByRole('button', { name: '展会线索 02' })
      .or(desk.getByRole('link', { name: '展会线索 02' }))
      .first()
      .click();
    await desk.getByRole('group', { name: '阶段' }).getByRole('button', { name: '赢单' }).click();
    const save = desk.getByRole('button', { name: '保存', exact: true });
    await save.click();
    await expect(save).toBeHidden();
    await expect(desk.getByText('没有保存')).toHaveCount(0);
    await picture(desk, 'crm-won.zh.1440');
  });

  await test.step('the contract waits on the phone, with two hours to send it', async () => {
    await mobile.goto(`/w/${product.workspace}/a/crm/today`);
    const contracts = mobile.getByRole('region', { name: '两小时内要发的合同' });
    await expect(contracts.getByRole('button', { name: '展会线索 02' })).toBeVisible();
    await expect(contracts.getByText('¥63,600.00')).toBeVisible();
    await contracts.scrollIntoViewIfNeeded();
    await picture(mobile, 'crm-contract.zh.390');
    await mobile.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: /待办/ }).tap();
    await expect(mobile.getByRole('link', { name: /两小时内发送合同：展会线索 02/ })).toBeVisible();
  });

  await test.step('the dashboard of the eight stages shows it all', async () => {
    await appMenu(page).getByRole('link', { name: '八阶段' }).click();
    await expect(page.getByRole('region', { name: /新线索/ })).toContainText('40');
    await expect(page.getByRole('region', { name: /报价接受率/ })).toContainText('100%');
    await expect(page.getByRole('region', { name: '客户在八阶段的分布' })).toContainText(/签约成交\s*1/);
    await picture(page, 'crm-stages.zh.1440');
  });

  await test.step('and the same in English', async () => {
    for (const one of [page, mobile]) {
      await one.goto(`/w/${product.workspace}/me`);
      await one.getByRole('radio', { name: 'English' }).click();
      await expect(one.getByRole('heading', { name: 'Profile' })).toBeVisible();
    }
    await page.goto(`/w/${product.workspace}/a/crm/stages`);
    await expect(page.getByRole('region', { name: /new leads/ })).toContainText('40');
    await picture(page, 'crm-stages.en.1440');
    await page.goto(`/w/${product.workspace}/a/crm/lead`);
    await expect(page.getByText('40 records')).toBeVisible();
    await picture(page, 'crm-leads.en.1440');
    await mobile.goto(`/w/${product.workspace}/a/crm/today`);
    await expect(mobile.getByRole('heading', { name: 'Today', exact: true })).toBeVisible();
    await expect(mobile.getByText('展会线索 03').first()).toBeVisible();
    await picture(mobile, 'crm-today.en.390');
  });
});
