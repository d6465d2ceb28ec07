// Three people live a day in the CRM with its sample data: a salesperson on a
// phone, a sales manager and a service agent at their desks. Every action is
// done by hand, its clicks are counted, and none may take more than it may.
import type { Locator, Page } from '@playwright/test';
import { Api, type MadeApp } from './app';
import { enter, expect, type Person, phone, picture, test } from './product';

test.use({ productName: 'days' });

/** People of the sample data who get accounts. */
const people = {
  seller: { name: '陆南乔', email: 'seller@example.com', password: 'let me in 2026' },
  manager: { name: '余可心', email: 'manager@example.com', password: 'let me in 2026' },
  agent: { name: '程怀瑾', email: 'agent@example.com', password: 'let me in 2026' },
};

/** Counts what a person does by hand; text that is typed is not counted. */
class Day {
  private rows: { action: string; clicks: number; most: number }[] = [];
  private clicks = 0;

  constructor(private touch: boolean) {}

  /** Clicks, or taps where there is a finger. */
  async press(target: Locator) {
    this.clicks++;
    await (this.touch ? target.tap() : target.click());
  }

  /** Could press it; for what leaves the browser, such as a call. */
  async reach(target: Locator) {
    this.clicks++;
    await (this.touch ? target.tap({ trial: true }) : target.click({ trial: true }));
  }

  /** Drags with the mouse: one press. */
  async drag(what: Locator, to: Locator) {
    this.clicks++;
    await what.dragTo(to);
  }

  /** Opens the first record of a grid by the button that its row shows to the mouse. */
  async openFirst(page: Page) {
    const button = page.getByRole('button', { name: '打开记录' }).first();
    await expect(async () => {
      await page.getByRole('gridcell').first().hover();
      await expect(button).toBeVisible({ timeout: 1000 });
    }).toPass();
    await this.press(button);
  }

  /** One action of the day, with the most clicks that it may take. */
  async act(action: string, most: number, does: () => Promise<void>) {
    await test.step(action, async () => {
      this.clicks = 0;
      await does();
      this.rows.push({ action, clicks: this.clicks, most });
      expect(this.clicks, `clicks of: ${action}`).toBeLessThanOrEqual(most);
    });
  }

  /** Prints the day, and makes sure that it was one. */
  end(name: string) {
    console.log(
      [`${name}: ${this.rows.length} actions`, ...this.rows.map((r) => `  ${r.clicks} of ${r.most}  ${r.action}`)].join(
        '\n',
      ),
    );
    expect(this.rows.length).toBeGreaterThanOrEqual(12);
  }
}

/** Picks the first rows of a grid for what is done with several records. */
async function pickRows(page: Page, day: Day, count: number) {
  await expect(page.getByText(/共 \d+ 条/)).toBeVisible();
  // The first row is the head; a row's number becomes a box under the mouse.
  for (let i = 1; i <= count; i++) await day.press(page.getByRole('row').nth(i).locator(':scope > *').first());
  await expect(page.getByRole('toolbar', { name: new RegExp(`已选 ${count} `) })).toBeVisible();
}

/** Chooses one of the buttons of an opened record that stand in its menu. */
async function chooseAction(page: Page, day: Day, name: string) {
  const panel = page.getByRole('complementary', { name: '记录详情' });
  await day.press(panel.getByRole('button', { name: '更多操作' }).last());
  await day.press(page.getByRole('menuitem', { name, exact: true }));
}

let app: MadeApp;

test.beforeAll(async ({ browser, product }) => {
  test.setTimeout(180_000);
  const context = await browser.newContext({ baseURL: product.url });
  const page = await context.newPage();
  await enter(page, product.admin);
  const api = Api.of(page);
  const made = await api.send<{ app: string; job: string }>(
    'POST',
    `/workspaces/${product.workspace}/templates/crm_lifecycle/install`,
    { sample: true, light: true },
  );
  app = { id: made.app, key: 'crm', path: `/w/${product.workspace}/a/crm` };
  await expect
    .poll(async () => (await api.send<{ state: string }>('GET', `/jobs/${made.job}`)).state, { timeout: 120_000 })
    .toBe('done');
  const { items } = await api.send<{ items: { id: string; name: string }[] }>(
    'GET',
    `/workspaces/${product.workspace}/members`,
  );
  for (const person of Object.values(people)) {
    const member = items.find((one) => one.name === person.name);
    const invitation = await api.send<{ token: string }>('POST', `/workspaces/${product.workspace}/invitations`, {
      member_id: member?.id,
      expires_days: 1,
    });
    await api.send('POST', `/invitations/${invitation.token}/accept`, person);
    await enter(page, product.admin);
  }
  await context.close();
});

/** A page of one of the three, at the start of the day: what the app opens with. */
async function start(page: Page, person: Person) {
  await enter(page, person);
  await page.goto(app.path);
}

/** Tomorrow as a date is written. */
function tomorrow(): string {
  return new Intl.DateTimeFormat('sv', { timeZone: 'Asia/Shanghai' }).format(new Date(Date.now() + 86_400_000));
}

test('a salesperson on the phone', async ({ another }) => {
  const page = await another(phone);
  const day = new Day(true);
  const dialog = page.getByRole('dialog');
  const panel = page.getByRole('complementary', { name: '记录详情' });
  const overdue = page.getByRole('region', { name: '逾期未跟进' });
  const fresh = page.getByRole('region', { name: /新线索/ });
  const menu = async (entry: string) => {
    await day.press(page.getByRole('button', { name: '打开菜单' }));
    await day.press(page.getByRole('navigation', { name: '应用菜单' }).getByRole('link', { name: entry, exact: true }));
  };
  await start(page, people.seller);

  await expect(page.getByRole('heading', { name: '今天', exact: true })).toBeVisible();
  await expect(page.getByRole('region', { name: '本月成交 / 目标' })).toContainText(/完成 \d+%，目标/);
  await expect(fresh.getByText(/[剩超] \d+/).first()).toBeVisible();
  await picture(page, 'day-sales-today.zh.390');
  await day.act('打电话', 1, async () => {
    const call = overdue.getByRole('link', { name: '拨打' }).first();
    await expect(call).toHaveAttribute('href', /^tel:\d{11}$/);
    await day.reach(call);
  });
  await day.act('记跟进', 3, async () => {
    await day.press(overdue.getByRole('button', { name: '记跟进' }).first());
    await day.press(dialog.getByRole('radio', { name: '有意向' }));
    await dialog.getByLabel('说了什么').fill('确认预算，下周给方案');
    await picture(page, 'day-sales-follow.zh.390');
    await day.press(dialog.getByRole('button', { name: '记跟进' }));
    await expect(page.getByText('已记录。')).toBeVisible();
  });
  await day.act('改到明天', 3, async () => {
    await expect(dialog).toBeHidden();
    await day.press(overdue.getByRole('button', { name: '改期' }).last());
    await day.press(dialog.getByRole('button', { name: '明天' }));
    await expect(dialog.getByRole('button', { name: '下次跟进' })).toContainText(tomorrow());
    await picture(page, 'day-sales-reschedule.zh.390');
    await day.press(dialog.getByRole('button', { name: '改期' }));
    await expect(dialog).toBeHidden();
  });
  await day.act('新线索记首次联系', 3, async () => {
    await day.press(fresh.getByRole('button', { name: '记跟进' }).first());
    await day.press(dialog.getByRole('radio', { name: '待观察' }));
    await dialog.getByLabel('说了什么').fill('对方在出差，周三再联系');
    await day.press(dialog.getByRole('button', { name: '记跟进' }));
    await expect(dialog).toBeHidden();
  });
  await day.act('线索转为客户并建商机', 3, async () => {
    await day.press(fresh.getByRole('button', { name: '更多操作' }).last());
    await day.press(page.getByRole('menuitem', { name: '转为客户' }));
    await dialog.getByLabel('预计金额').fill('86000');
    await picture(page, 'day-sales-convert.zh.390');
    await day.press(dialog.getByRole('button', { name: '转为客户' }));
    await expect(page.getByRole('group', { name: '销售阶段' })).toBeVisible();
  });
  await day.act('把线索标为无效', 6, async () => {
    await page.goto(`${app.path}/lead`);
    const leads = page.getByRole('list', { name: '线索' }).getByRole('button');
    await day.press(leads.filter({ hasText: /已分配|跟进中/ }).first());
    await day.press(panel.getByRole('button', { name: '更多操作' }).last());
    await picture(page, 'day-sales-lead-actions.zh.390');
    await day.press(page.getByRole('menuitem', { name: '标为无效' }));
    await day.press(dialog.getByRole('combobox', { name: '原因' }));
    await day.press(page.getByRole('option', { name: '联系方式无效' }));
    await day.press(dialog.getByRole('button', { name: '标为无效' }));
    await expect(dialog).toBeHidden();
  });
  await day.act('标记合同已发送', 1, async () => {
    await page.goto(`${app.path}/today`);
    const contracts = page.getByRole('region', { name: '两小时内要发的合同' });
    const marks = contracts.getByRole('button', { name: '标记已发送' });
    await expect(marks.first()).toBeVisible();
    const waiting = await marks.count();
    await day.press(marks.first());
    await expect(marks).toHaveCount(waiting - 1);
  });
  await day.act('从公海领取客户', 6, async () => {
    await menu('客户');
    await day.press(page.getByRole('button', { name: /^视图/ }));
    await day.press(page.getByRole('menuitem', { name: '客户公海' }));
    const first = page.getByRole('list', { name: '客户' }).getByRole('button').first();
    await expect(first).toContainText('****');
    await picture(page, 'day-sales-pool.zh.390');
    await day.press(first);
    await day.press(panel.getByRole('button', { name: '领取' }));
    await expect(panel.getByText(/\*\*\*\*/)).toHaveCount(0);
    await panel.getByRole('button', { name: '关闭' }).tap();
  });
  await day.act('按两个字找到客户并建商机', 5, async () => {
    await page.goto(`${app.path}/customer`);
    await page.getByRole('searchbox').fill('六棱');
    const found = page.getByRole('list', { name: '客户' }).getByRole('button');
    await expect(found.first()).toContainText('六棱');
    await expect(found.filter({ hasNotText: '六棱' })).toHaveCount(0);
    await day.press(found.first());
    await expect(panel.getByRole('heading', { level: 2, name: /六棱/ })).toBeVisible();
    await day.press(panel.getByRole('tab', { name: /^商机/ }));
    await day.press(panel.getByRole('tabpanel', { name: /^商机/ }).getByRole('button', { name: '新增' }));
    // The customer comes along.
    await expect(dialog.getByRole('combobox', { name: '客户' })).toHaveText(/六棱/);
    await dialog.getByLabel('商机名称').fill('二期扩容');
    await dialog.getByLabel('预计金额').fill('120000');
    await picture(page, 'day-sales-deal.zh.390');
    await day.press(dialog.getByRole('button', { name: '保存' }));
    await expect(dialog).toBeHidden();
  });
  await day.act('推进商机阶段', 3, async () => {
    await day.press(panel.getByRole('button', { name: '二期扩容' }).first());
    const stages = page.getByRole('group', { name: '阶段', exact: true });
    await day.press(stages.getByRole('button', { name: '需求挖掘' }));
    const save = page.getByRole('button', { name: '保存', exact: true });
    await day.press(save);
    await expect(save).toBeHidden();
    await picture(page, 'day-sales-stage.zh.390');
  });
  await day.act('做报价单', 7, async () => {
    await day.press(page.getByRole('tab', { name: /^报价/ }));
    await day.press(page.getByRole('tabpanel', { name: /^报价/ }).getByRole('button', { name: '新增' }));
    await day.press(dialog.getByRole('button', { name: '添加一行' }));
    await day.press(dialog.getByRole('combobox', { name: /^产品/ }));
    await day.press(page.getByRole('option').first());
    await picture(page, 'day-sales-quotation.zh.390');
    await day.press(page.getByRole('button', { name: '完成', exact: true }));
    await day.press(dialog.getByRole('button', { name: '保存' }));
    await expect(dialog).toBeHidden();
  });
  await day.act('停滞的商机记跟进', 3, async () => {
    await page.goto(`${app.path}/today`);
    await day.press(page.getByRole('region', { name: '停滞的商机' }).getByRole('button', { name: '记跟进' }).first());
    await day.press(dialog.getByRole('radio', { name: '有意向' }));
    await dialog.getByLabel('说了什么').fill('重新约了演示');
    await day.press(dialog.getByRole('button', { name: '记跟进' }));
    await expect(dialog).toBeHidden();
  });
  await day.act('办一件待办', 3, async () => {
    await day.press(page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: /待办/ }));
    await day.press(page.getByRole('link', { name: /^跟进 / }).first());
    await picture(page, 'day-sales-task.zh.390');
    await day.press(dialog.getByRole('button', { name: '已跟进' }));
    await expect(page.getByText(/：已跟进$/)).toBeVisible();
  });
  day.end('销售（手机）');
});

test('a sales manager at the desk', async ({ page }) => {
  const day = new Day(false);
  const dialog = page.getByRole('dialog');
  const panel = page.getByRole('complementary', { name: '记录详情' });
  const board = (name: string | RegExp) => page.getByRole('region', { name });
  const views = page.getByRole('navigation', { name: '视图' });
  const menu = (entry: string) =>
    page.getByRole('navigation', { name: '应用菜单' }).getByRole('link', { name: entry, exact: true });
  await start(page, people.manager);

  await expect(board(/潜客发现/)).toContainText('较上期');
  await expect(board('客户在八阶段的分布').getByRole('listitem')).toHaveCount(8);
  await expect(board('逾期跟进（按人）').getByRole('img').first()).toHaveAccessibleName(/陆南乔 \d+/);
  await expect(board('本月成交排行').getByRole('listitem').first()).toContainText('¥');
  await picture(page, 'day-manager-stages.zh.1440');

  await day.act('从八阶段钻取并批量转移客户', 7, async () => {
    await day.press(board('客户在八阶段的分布').getByRole('button', { name: /^方案制定/ }));
    await pickRows(page, day, 2);
    await picture(page, 'day-manager-drill.zh.1440');
    await day.press(page.getByRole('toolbar', { name: /已选/ }).getByRole('button', { name: '转移' }));
    await day.press(dialog.getByRole('combobox', { name: '转给' }));
    await day.press(page.getByRole('option', { name: /陆南乔/ }));
    await day.press(dialog.getByRole('button', { name: '转移' }));
    await expect(dialog).toBeHidden();
  });
  await day.act('按人筛选看板，从逾期的钻取并改期', 7, async () => {
    await page.goto(`${app.path}/stages`);
    await day.press(page.getByRole('combobox', { name: '负责人' }));
    await day.press(page.getByRole('option', { name: /陆南乔/ }));
    await expect(board('本月成交排行').getByRole('listitem')).toHaveCount(1);
    await page.keyboard.press('Escape');
    await picture(page, 'day-manager-filtered.zh.1440');
    await day.press(board('逾期跟进（按人）').getByRole('button', { name: '查看明细' }));
    await pickRows(page, day, 1);
    await day.press(page.getByRole('toolbar', { name: /已选/ }).getByRole('button', { name: '改期' }));
    await day.press(dialog.getByRole('button', { name: '后天' }));
    await day.press(dialog.getByRole('button', { name: '改期' }));
    await expect(dialog).toBeHidden();
  });
  await day.act('分配一条线索', 4, async () => {
    await page.goto(`${app.path}/stages`);
    await day.press(board('待分配线索').getByRole('button', { name: '分配' }).first());
    await day.press(dialog.getByRole('combobox', { name: '分给' }));
    await day.press(page.getByRole('option', { name: /陆南乔/ }));
    await day.press(dialog.getByRole('button', { name: '分配' }));
    await expect(dialog).toBeHidden();
  });
  await day.act('批量分配线索', 7, async () => {
    await day.press(menu('线索'));
    await day.press(views.getByRole('button', { name: '待分配', exact: true }));
    await day.press(page.getByRole('checkbox', { name: '选择全部记录' }));
    await day.press(page.getByRole('button', { name: '分配', exact: true }));
    await day.press(dialog.getByRole('combobox', { name: '分给' }));
    await day.press(page.getByRole('option', { name: /陆南乔/ }));
    await picture(page, 'day-manager-assign.zh.1440');
    await day.press(dialog.getByRole('button', { name: '分配' }));
    await expect(page.getByText('共 0 条')).toBeVisible();
  });
  await day.act('转移将回收的客户', 4, async () => {
    await page.goto(`${app.path}/stages`);
    await day.press(board('七天内将回收').getByRole('button', { name: '转移' }).first());
    await day.press(dialog.getByRole('combobox').first());
    await day.press(page.getByRole('option', { name: /陆南乔/ }));
    await day.press(dialog.getByRole('button', { name: '转移' }));
    await expect(dialog).toBeHidden();
  });
  await day.act('在看板里推进商机', 3, async () => {
    await day.press(menu('商机'));
    await day.press(views.getByRole('button', { name: /看板/ }).first());
    const stage = (name: string) =>
      page
        .getByRole('list', { name: /商机看板/ })
        .locator('> *')
        .filter({ hasText: name });
    const card = stage('潜客发现')
      .getByRole('button', { name: /预计金额/ })
      .first();
    await expect(card).toBeVisible();
    await picture(page, 'day-manager-kanban.zh.1440');
    const name = ((await card.getAttribute('aria-label')) ?? (await card.innerText())).split('\n')[0] ?? '';
    await day.drag(card, stage('需求挖掘'));
    await expect(stage('需求挖掘')).toContainText(name);
  });
  await day.act('打开商机，评论并提醒同事', 4, async () => {
    await day.press(views.getByRole('button').first());
    await day.openFirst(page);
    await expect(panel).toBeVisible();
    await panel.getByRole('textbox', { name: /写评论/ }).pressSequentially('@陆');
    await day.press(page.getByRole('option', { name: /陆南乔/ }));
    await page.keyboard.type('这单本周要有报价');
    await picture(page, 'day-manager-comment.zh.1440');
    await day.press(panel.getByRole('button', { name: /^发送|^评论/ }));
    await expect(panel.getByText('这单本周要有报价')).toBeVisible();
    await page.keyboard.press('Escape');
  });
  await day.act('同意一笔转介绍奖励', 3, async () => {
    await day.press(page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: /待办/ }));
    await day.press(page.getByRole('link', { name: /^审批奖励 / }).first());
    await picture(page, 'day-manager-approval.zh.1440');
    await day.press(dialog.getByRole('button', { name: '同意' }));
    await expect(page.getByText(/：同意$/)).toBeVisible();
  });
  await day.act('筛选出重点客户并存成自己的视图', 10, async () => {
    await page.goto(`${app.path}/customer`);
    await day.press(page.getByRole('button', { name: /^筛选 \d/ }));
    await day.press(page.getByRole('button', { name: '添加条件', exact: true }));
    await day.press(page.getByRole('combobox', { name: '字段' }).last());
    await day.press(page.getByRole('option', { name: '客户分层', exact: true }));
    await day.press(page.getByRole('combobox', { name: /客户分层.*值/ }));
    await day.press(page.getByRole('option', { name: 'VIP', exact: true }));
    await picture(page, 'day-manager-filter.zh.1440');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await day.press(page.getByRole('button', { name: '另存为' }));
    await dialog.getByLabel('视图名称').fill('我的重点客户');
    await day.press(dialog.getByRole('button', { name: '保存' }));
    const own = views.getByRole('button', { name: /^我的重点客户 个人视图/ });
    await expect(own).toBeVisible();
    await page.reload();
    await day.press(own);
    await expect(page.getByText('客户分层 是 VIP')).toBeVisible();
  });
  await day.act('锁定客户分层', 6, async () => {
    await day.openFirst(page);
    await chooseAction(page, day, '锁定分层');
    await day.press(dialog.getByRole('combobox', { name: '分层' }));
    await day.press(page.getByRole('option', { name: 'A 核心' }));
    await dialog.getByLabel('理由').fill('集团大客户');
    await day.press(dialog.getByRole('button', { name: '锁定分层' }));
    await expect(dialog).toBeHidden();
  });
  await day.act('不回收这个客户', 3, async () => {
    await chooseAction(page, day, '不回收');
    await day.press(dialog.getByRole('button', { name: '不回收' }));
    await expect(dialog).toBeHidden();
  });
  await day.act('指定客服', 5, async () => {
    await chooseAction(page, day, '指定客服');
    await day.press(dialog.getByRole('combobox', { name: '客服' }));
    await day.press(page.getByRole('option', { name: /程怀瑾/ }));
    await day.press(dialog.getByRole('button', { name: '指定客服' }));
    await expect(dialog).toBeHidden();
  });
  day.end('销售主管（桌面）');
});

test('a service agent at the desk', async ({ page }) => {
  const day = new Day(false);
  const dialog = page.getByRole('dialog');
  const panel = page.getByRole('complementary', { name: '记录详情' });
  const board = (name: string) => page.getByRole('region', { name });
  const menu = (entry: string) =>
    page.getByRole('navigation', { name: '应用菜单' }).getByRole('link', { name: entry, exact: true });
  const views = page.getByRole('navigation', { name: '视图' });
  await start(page, people.agent);
  const queue = board('处理队列');

  await expect(queue.getByText(/[剩超] \d+/).first()).toBeVisible();
  await picture(page, 'day-service-board.zh.1440');

  await day.act('开始处理工单', 1, async () => {
    const before = await queue.getByRole('button', { name: '开始处理' }).count();
    await day.press(queue.getByRole('button', { name: '开始处理' }).first());
    await expect(queue.getByRole('button', { name: '开始处理' })).toHaveCount(before - 1);
  });
  await day.act('解决工单', 2, async () => {
    await day.press(queue.getByRole('button', { name: '解决' }).first());
    await dialog.getByLabel('解决方案').fill('已指导客户按门店筛选看板');
    await picture(page, 'day-service-resolve.zh.1440');
    await day.press(dialog.getByRole('button', { name: '解决' }));
    await expect(dialog).toBeHidden();
  });
  await day.act('登记满意度', 2, async () => {
    await day.press(board('待回访').getByRole('button', { name: '登记结果' }).first());
    await dialog.getByLabel('得分（0–100）').fill('92');
    await dialog.getByLabel('意见').fill('响应快');
    await day.press(dialog.getByRole('button', { name: '登记结果' }));
    await expect(dialog).toBeHidden();
  });
  await day.act('登记低分，规则建出工单', 2, async () => {
    await day.press(board('待回访').getByRole('button', { name: '登记结果' }).first());
    await dialog.getByLabel('得分（0–100）').fill('35');
    await dialog.getByLabel('意见').fill('等了三天才有人回复');
    await day.press(dialog.getByRole('button', { name: '登记结果' }));
    await expect(dialog).toBeHidden();
    await expect(queue.getByText(/低分|满意度/).first()).toBeVisible();
  });
  await day.act('打开我的工单并回复同事', 5, async () => {
    await day.press(menu('工单'));
    await day.press(views.getByRole('button', { name: '我的工单', exact: true }));
    await day.openFirst(page);
    await expect(panel).toBeVisible();
    await picture(page, 'day-service-ticket.zh.1440');
    await panel.getByRole('textbox', { name: /写评论/ }).pressSequentially('@陆');
    await day.press(page.getByRole('option', { name: /陆南乔/ }));
    await page.keyboard.type('客户问新版价格');
    await day.press(panel.getByRole('button', { name: /^发送|^评论/ }));
    await expect(panel.getByText('客户问新版价格')).toBeVisible();
  });
  await day.act('从工单到客户，记一次回访', 4, async () => {
    await day.press(panel.getByText('客户', { exact: true }).locator('xpath=following::button[1]'));
    await expect(page.getByRole('group', { name: '销售阶段' })).toBeVisible();
    await day.press(page.getByRole('button', { name: '记跟进' }).first());
    await day.press(dialog.getByRole('radio', { name: '有意向' }));
    await dialog.getByLabel('说了什么').fill('问题已解决，想了解数据分析模块');
    await day.press(dialog.getByRole('button', { name: '记跟进' }));
    await expect(dialog).toBeHidden();
    await page.keyboard.press('Escape');
  });
  await day.act('办一件工单待办', 3, async () => {
    await day.press(page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: /待办/ }));
    await day.press(page.getByRole('link', { name: /^处理工单 / }).first());
    await picture(page, 'day-service-task.zh.1440');
    await day.press(dialog.getByRole('button', { name: '等客户' }));
    await expect(page.getByText(/：等客户$/)).toBeVisible();
    await page.keyboard.press('Escape');
  });
  await day.act('登记新工单', 4, async () => {
    await page.goto(`${app.path}/ticket`);
    await day.press(page.getByRole('button', { name: '新增工单' }).first());
    const form = page.getByRole('complementary', { name: '新增工单' });
    await form.getByLabel('主题').fill('导出报表缺列');
    await day.press(form.getByRole('combobox', { name: '客户' }));
    await page.keyboard.type('五谷');
    await day.press(page.getByRole('option', { name: /五谷/ }).first());
    await day.press(form.getByRole('button', { name: '保存' }));
    await expect(page.getByRole('gridcell', { name: '导出报表缺列' })).toBeVisible();
    await picture(page, 'day-service-new.zh.1440');
  });
  await day.act('重开一张已解决的工单', 4, async () => {
    await day.press(views.getByRole('button', { name: '全部工单', exact: true }));
    await page.getByRole('searchbox').fill('');
    const solved = page.getByRole('row').filter({ hasText: '已解决' }).first();
    await solved.getByRole('gridcell').first().hover();
    await day.press(page.getByRole('button', { name: '打开记录' }).first());
    await day.press(panel.getByRole('button', { name: '重开', exact: true }).last());
    await dialog.getByLabel('原因').fill('客户说问题又出现了');
    await picture(page, 'day-service-reopen.zh.1440');
    await day.press(dialog.getByRole('button', { name: '重开' }));
    await expect(dialog).toBeHidden();
    await page.keyboard.press('Escape');
  });
  await day.act('开始挽回一个客户', 7, async () => {
    await day.press(page.getByRole('button', { name: '显示全部功能' }));
    await day.press(menu('流失预警'));
    await day.openFirst(page);
    await day.press(panel.getByRole('button', { name: '开始挽回' }));
    await picture(page, 'day-service-winback.zh.1440');
    await day.press(dialog.getByRole('combobox', { name: '原因' }));
    await day.press(page.getByRole('option', { name: '服务不到位' }));
    await day.press(dialog.getByRole('button', { name: '开始挽回' }));
    await expect(dialog).toBeHidden();
    await expect(panel.getByRole('button', { name: '开始挽回' })).toBeHidden();
  });
  await day.act('标记已挽回', 2, async () => {
    await day.press(panel.getByRole('button', { name: '已挽回' }));
    await dialog.getByLabel('挽回金额').fill('20000');
    await day.press(dialog.getByRole('button', { name: '已挽回' }));
    await expect(dialog).toBeHidden();
    await expect(panel.getByRole('button', { name: '已挽回' })).toBeHidden();
    await page.keyboard.press('Escape');
  });
  await day.act('另一条预警是误报', 3, async () => {
    await page.reload();
    await day.openFirst(page);
    await chooseAction(page, day, '误报');
    await expect(panel.getByRole('button', { name: '已挽回' })).toBeHidden();
    await picture(page, 'day-service-alert.zh.1440');
  });
  day.end('客服（桌面）');
});
