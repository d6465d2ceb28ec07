// A builder makes an expense app from nothing by mouse; a member uses it on a phone.
import { expect, type Locator, type Page } from '@playwright/test';
import { phone, picture, signIn, test } from './product';

test.use({ productName: 'expense' });

const member = { name: '王小明', email: 'xiaoming@example.com', password: 'let me in 2026' };

/** The palette, the canvas and the settings of the form designer. */
function designer(page: Page) {
  const canvas = page.getByRole('group', { name: '表单画布' });
  const settings = page.getByRole('complementary', { name: '设置' });
  const part = (name: string) =>
    page.getByRole('complementary', { name: '控件和大纲' }).getByRole('button', { name, exact: true });
  return {
    canvas,
    settings,
    part,
    node: (name: string) => canvas.getByRole('group', { name, exact: true }).first(),
    async name(words: string) {
      await settings.getByLabel('字段名称').fill(words);
    },
    /** Drags a part to the space below what is there: it goes to the end of the form. */
    async dragToEnd(name: string) {
      const box = await canvas.boundingBox();
      if (!box) throw new Error('the canvas is not in sight');
      await part(name).hover();
      await page.mouse.down();
      await page.mouse.move(box.x + 200, box.y + box.height + 60, { steps: 4 });
      await page.mouse.move(box.x + 200, box.y + box.height + 80, { steps: 2 });
      await page.mouse.up();
    },
    async addColumn(type: string, words: string) {
      await page.getByRole('button', { name: '添加列' }).click();
      await page.getByRole('menuitem', { name: type, exact: true }).click();
      await settings.getByLabel('字段名称').fill(words);
    },
  };
}

async function choose(page: Page, box: Locator, option: string) {
  await box.click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

/** A condition "total above 1000" in a set of condition rows. */
async function totalAbove(page: Page, rows: Locator) {
  await rows.getByRole('button', { name: '添加条件', exact: true }).click();
  await choose(page, rows.getByRole('combobox', { name: '字段' }), '合计');
  await choose(page, rows.getByRole('combobox').nth(1), '大于');
  await rows.getByRole('textbox').fill('1000');
  await rows.getByRole('textbox').press('Tab');
}

test('a builder makes an expense app, a member uses it on a phone', async ({ page, product, another }) => {
  const dialog = page.getByRole('dialog');
  const { canvas, settings, part, node, name, dragToEnd, addColumn } = designer(page);

  await test.step('a new app and its form', async () => {
    await signIn(page, product.admin);
    await page.getByRole('button', { name: '新建应用' }).click();
    await page.getByRole('menuitem', { name: /空白应用/ }).click();
    await dialog.getByLabel('应用名称').fill('费用报销');
    await dialog.getByRole('button', { name: '创建' }).click();
    await page.getByRole('button', { name: '新建表单' }).first().click();
    await dialog.getByLabel('表单名称').fill('报销单');
    await dialog.getByRole('button', { name: '创建' }).click();
    await expect(canvas).toBeVisible();
  });

  await test.step('fields by dragging and clicking', async () => {
    await part('单行文本').dragTo(canvas);
    await name('事由');
    const first = await node('事由').boundingBox();
    await part('单选').dragTo(node('事由'), {
      targetPosition: { x: (first?.width ?? 0) / 2, y: (first?.height ?? 0) - 4 },
    });
    await name('类别');
    await settings.getByRole('button', { name: '批量编辑' }).click();
    await dialog.getByRole('textbox').fill('差旅\n办公用品\n业务招待');
    await dialog.getByRole('button', { name: '完成' }).click();
    await part('成员').click();
    await name('审批人');
    await settings.getByRole('switch', { name: '必填' }).click();
    await picture(page, 'expense-designer.zh.1440');
  });

  await test.step('a sub-form with columns and formulas', async () => {
    await dragToEnd('子表单');
    await name('费用明细');
    await node('名称').click();
    await name('项目');
    await addColumn('金额', '单价');
    await addColumn('数字', '数量');
    await addColumn('公式', '小计');
    await settings.getByRole('button', { name: '打开公式编辑器' }).click();
    const formula = dialog.getByRole('textbox', { name: '公式' });
    await expect(formula).toBeVisible();
    await dialog.getByRole('button', { name: '单价', exact: true }).click();
    await page.keyboard.type(' * ');
    await expect(dialog.getByRole('status')).toHaveText(/公式还没写完/);
    await dialog.getByRole('button', { name: '数量', exact: true }).click();
    await expect(dialog.getByRole('status')).toHaveText('结果是数字');
    await dialog.getByRole('button', { name: '完成' }).click();
    await settings.getByRole('radio', { name: '金额' }).click();

    await dragToEnd('公式');
    await name('合计');
    await settings.getByRole('button', { name: '打开公式编辑器' }).click();
    await expect(formula).toBeVisible();
    await dialog.getByRole('button', { name: 'SUM 求和' }).dblclick();
    await dialog.getByRole('button', { name: '费用明细 › 小计' }).click();
    await expect(dialog.getByRole('status')).toHaveText('结果是数字');
    await picture(page, 'expense-formula.zh.1440');
    await dialog.getByRole('button', { name: '完成' }).click();
    await settings.getByRole('radio', { name: '金额' }).click();
  });

  await test.step('a rule: large claims give the approver a to-do', async () => {
    await page.getByRole('tab', { name: '规则' }).click();
    await page.getByRole('button', { name: '新建规则' }).first().click();
    await dialog.getByLabel('规则名称').fill('大额报销审批');
    await dialog.getByRole('button', { name: '创建' }).click();
    await page.getByRole('button', { name: /^条件/ }).click();
    await totalAbove(page, settings);
    await page.getByRole('button', { name: '添加步骤' }).click();
    await page.getByRole('menuitem', { name: /创建待办/ }).click();
    await settings.getByRole('textbox', { name: '标题' }).click();
    await page.keyboard.type('审批报销：');
    const editors = settings.getByRole('button', { name: '打开公式编辑器' });
    await editors.first().click();
    await dialog.getByRole('button', { name: '事由', exact: true }).first().click();
    await dialog.getByRole('button', { name: '完成' }).click();
    await settings.getByRole('combobox', { name: '给谁' }).click();
    await page.getByRole('option', { name: '审批人', exact: true }).click();
    await page.keyboard.press('Escape');
    await expect(page.getByText('当新增报销单时，如果合计 大于 ¥1,000.00，就创建待办。')).toBeVisible();
    await picture(page, 'expense-rule.zh.1440');
  });

  await test.step('a view, a dashboard, a role', async () => {
    await page.getByRole('tab', { name: '视图' }).click();
    await page.getByRole('button', { name: '新建视图' }).click();
    await dialog.getByLabel('视图名称').fill('大额报销');
    await dialog.getByRole('button', { name: '创建' }).click();
    await settings.getByRole('button', { name: '筛选' }).click();
    await totalAbove(page, dialog);
    await dialog.getByRole('button', { name: '完成' }).click();

    await page.getByRole('link', { name: '仪表盘' }).click();
    const boards = page.getByRole('region', { name: '仪表盘' });
    await boards.getByRole('button', { name: '新建仪表盘' }).last().click();
    await dialog.getByLabel('仪表盘名称').fill('报销总览');
    await dialog.getByRole('button', { name: '创建' }).click();
    await boards.getByRole('button', { name: '指标卡' }).click();
    await settings.getByLabel('标题').fill('报销总额');
    const measure = settings.getByRole('group', { name: '统计' });
    await measure.getByRole('switch').click();
    await choose(page, measure.getByRole('combobox', { name: '统计方式' }), '求和');
    await choose(page, measure.getByRole('combobox', { name: '字段' }), '合计');
    await page.getByRole('button', { name: '添加组件' }).click();
    await page.getByRole('menuitem', { name: /柱状图/ }).click();
    await settings.getByLabel('标题').fill('各类别单数');
    await choose(page, settings.getByRole('group', { name: '横轴' }).getByRole('combobox', { name: '字段' }), '类别');
    await picture(page, 'expense-dashboard-designer.zh.1440');

    await page.getByRole('tab', { name: '角色' }).click();
    await page.getByRole('button', { name: '新建角色' }).first().click();
    await page.getByRole('textbox', { name: '角色名称' }).fill('员工');
    await page.getByRole('button', { name: '报销单 的权限' }).click();
    await page.getByRole('menuitem', { name: /管理本人/ }).click();
  });

  await test.step('publishing shows its plan', async () => {
    await page.getByRole('button', { name: /^发布/ }).click();
    await expect(dialog.getByRole('listitem').filter({ hasText: '新增规则“大额报销审批”' })).toBeVisible();
    await picture(page, 'expense-publish.zh.1440');
    await dialog.getByRole('button', { name: '发布', exact: true }).click();
    await expect(dialog.getByText('第 1 版已发布')).toBeVisible();
    await dialog.getByRole('link', { name: '打开应用' }).click();
    await expect(page.getByRole('heading', { name: '报销单' })).toBeVisible();
  });

  const link = await test.step('an invitation with the role', async () => {
    await page.getByRole('link', { name: '工作台' }).click();
    await page.getByRole('link', { name: '工作区管理' }).click();
    await page.getByRole('link', { name: '邀请', exact: true }).click();
    await page.getByRole('button', { name: '新建邀请' }).first().click();
    await dialog.getByRole('combobox', { name: '角色' }).click();
    await page.getByRole('option', { name: /员工/ }).click();
    await page.keyboard.press('Escape');
    await dialog.getByRole('button', { name: '生成链接' }).click();
    return (await dialog.getByText(/\/join\//).innerText()).trim();
  });

  const mobile = await another(phone);
  await test.step('the member joins and fills it in on a phone', async () => {
    await mobile.goto(new URL(link).pathname);
    await mobile.getByLabel('姓名').fill(member.name);
    await mobile.getByLabel('邮箱').fill(member.email);
    await mobile.getByLabel('密码', { exact: true }).fill(member.password);
    await mobile.getByRole('button', { name: '加入工作区' }).tap();
    await mobile.getByRole('link', { name: /费用报销/ }).tap();
    await mobile.getByRole('button', { name: '新增报销单' }).first().tap();
    const form = mobile.getByRole('complementary', { name: '新增报销单' });
    const row = mobile.getByRole('dialog', { name: /第 \d 行/ });
    await form.getByLabel('事由').fill('上海出差');
    await form.getByRole('combobox', { name: '类别' }).tap();
    await mobile.getByRole('option', { name: '差旅' }).tap();
    await form.getByRole('button', { name: '添加一行' }).tap();
    await row.getByLabel('项目').fill('高铁票');
    await row.getByLabel('单价').fill('553.5');
    await row.getByLabel('数量').fill('2');
    await expect(row.getByRole('status', { name: '小计' })).toHaveText('¥1,107.00');
    await picture(mobile, 'expense-row.zh.390');
    await row.getByRole('button', { name: '再加一行' }).tap();
    await row.getByLabel('项目').fill('住宿');
    await row.getByLabel('单价').fill('400');
    await row.getByLabel('数量').fill('1');
    await row.getByRole('button', { name: '完成' }).tap();
    await expect(form.getByRole('status', { name: '合计' })).toHaveText('¥1,507.00');
    // The approver is missing: the form says so and keeps what was written.
    await form.getByRole('button', { name: '保存' }).tap();
    await expect(form.getByText(/请填写|请选择审批人|必填/).first()).toBeVisible();
    await form.getByRole('combobox', { name: '审批人' }).tap();
    await mobile.getByRole('option', { name: /Administrator/ }).tap();
    await picture(mobile, 'expense-form.zh.390');
    await form.getByRole('button', { name: '保存' }).tap();
    await expect(mobile.getByText('已保存「上海出差」')).toBeVisible();
    await expect(mobile.getByRole('list', { name: '报销单' }).getByText('¥1,507.00')).toBeVisible();
    // Nobody else has made anything.
    await expect(mobile.getByText('条新数据')).toHaveCount(0);
    await picture(mobile, 'expense-list.zh.390');
  });

  await test.step('a small claim starts nothing', async () => {
    await mobile.getByRole('button', { name: '新增报销单' }).first().tap();
    const form = mobile.getByRole('complementary', { name: '新增报销单' });
    await form.getByLabel('事由').fill('订书机');
    await form.getByRole('combobox', { name: '类别' }).tap();
    await mobile.getByRole('option', { name: '办公用品' }).tap();
    await form.getByRole('combobox', { name: '审批人' }).tap();
    await mobile.getByRole('option', { name: /Administrator/ }).tap();
    await form.getByRole('button', { name: '保存' }).tap();
    await expect(mobile.getByText('已保存「订书机」')).toBeVisible();
  });

  await test.step('the dashboard on the phone has the number and the bars', async () => {
    await mobile.getByRole('button', { name: '打开菜单' }).tap();
    await mobile.getByRole('link', { name: '报销总览' }).tap();
    await expect(mobile.getByText('¥1,507', { exact: true })).toBeVisible();
    await expect(mobile.getByRole('img', { name: /各类别单数/ }).locator('svg')).toBeVisible();
    await picture(mobile, 'expense-dashboard.zh.390');
  });

  await test.step('the approver has one to-do, for the large claim', async () => {
    await dialog.getByRole('button', { name: '完成' }).click();
    await page.getByRole('link', { name: '待办' }).click();
    await expect(page.getByRole('link', { name: /审批报销：上海出差/ })).toBeVisible();
    await expect(page.getByText('订书机')).toHaveCount(0);
    await picture(page, 'expense-task.zh.1440');
  });
});
