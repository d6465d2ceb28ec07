// The list by mouse, keyboard, input method and clipboard.
import { expect, type Page } from '@playwright/test';
import { customer, listApi, listFields, listRuntime } from './fixtures/lists';
import { type Asked, freezeClock, mockApi } from './fixtures/server';
import { test } from './fixtures/windows';

const base = '/w/chenguang/a/crm/customer';
const cell = (page: Page, row: number, col: number) => page.locator(`[data-row="${row}"] [data-col="${col}"]`);

interface Sent {
  ops: { op: string; id?: string; rev?: number; values: Record<string, unknown> }[];
}

async function open(page: Page, path = base, total = 3284, more: Record<string, unknown> = {}): Promise<Sent[]> {
  const sent: Sent[] = [];
  page.on('request', (r) => {
    if (r.url().endsWith('/records/batch')) sent.push(r.postDataJSON() as Sent);
  });
  await freezeClock(page);
  await mockApi(page, { ...listApi(total), ...more });
  await page.goto(path);
  return sent;
}

test('a typed value is saved, shown at once and taken back', async ({ page }) => {
  const sent = await open(page);
  await cell(page, 0, 0).click();
  await page.keyboard.type('杭州新名');
  await page.keyboard.press('Enter');
  await expect(cell(page, 0, 0)).toHaveText('杭州新名');
  await expect.poll(() => sent.length).toBe(1);
  expect(sent[0]?.ops).toEqual([{ op: 'update', id: customer(0).id, rev: 3, values: { name: '杭州新名' } }]);
  // The selection went down; typing a number replaces it there.
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.type('1,200.5');
  await page.keyboard.press('Tab');
  await expect(cell(page, 1, 3)).toContainText('1,200.50');
  const undone = page.waitForRequest(/operations\/.*\/undo/);
  await page.keyboard.press('Control+z');
  await undone;
});

test('what cannot be read keeps its text and says why', async ({ page }) => {
  const sent = await open(page);
  await cell(page, 0, 3).click();
  await page.keyboard.type('abc');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: '请输入数字' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(cell(page, 0, 3)).toContainText('41,197');
  expect(sent).toEqual([]);
});

test('an input method composes in the cell; its Enter does not commit', async ({ page, context }) => {
  const sent = await open(page);
  await cell(page, 2, 0).click();
  const client = await context.newCDPSession(page);
  await client.send('Input.imeSetComposition', { text: 'sunmao', selectionStart: 6, selectionEnd: 6 });
  await client.send('Input.dispatchKeyEvent', {
    type: 'keyDown',
    key: 'Enter',
    code: 'Enter',
    windowsVirtualKeyCode: 229,
  });
  await expect(page.locator('textarea')).toHaveValue('sunmao');
  expect(sent).toEqual([]);
  await client.send('Input.insertText', { text: '榫卯' });
  await expect(page.locator('textarea')).toHaveValue('榫卯');
  await page.keyboard.press('Enter');
  await expect(cell(page, 2, 0)).toHaveText('榫卯');
  await expect.poll(() => sent.length).toBe(1);
});

test('a choice is picked from its list', async ({ page }) => {
  const sent = await open(page);
  await cell(page, 0, 1).click();
  await page.keyboard.press('Enter');
  await page.getByRole('option', { name: '复购' }).click();
  await expect(cell(page, 0, 1)).toHaveText('复购');
  await expect.poll(() => sent[0]?.ops[0]?.values).toEqual({ stage: 'repeat' });
});

test('cells are copied and pasted, filled and cleared', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const sent = await open(page);
  await cell(page, 0, 3).click();
  await cell(page, 1, 3).click({ modifiers: ['Shift'] });
  await page.keyboard.press('Control+c');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('41197\n114768');
  await cell(page, 4, 3).click();
  await page.keyboard.press('Control+v');
  await expect(cell(page, 5, 3)).toContainText('114,768');
  await expect.poll(() => sent.at(-1)?.ops.map((o) => o.values.total)).toEqual([41197, 114768]);
  await page.keyboard.press('Delete');
  await expect(cell(page, 5, 3)).toHaveText('');
  await cell(page, 0, 3).click();
  await cell(page, 2, 3).click({ modifiers: ['Shift'] });
  await page.keyboard.press('Control+d');
  await expect(cell(page, 2, 3)).toContainText('41,197');
});

test('ten thousand pasted rows are made in batches and undone together', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const sent = await open(page, base, 3);
  await page.evaluate(() =>
    navigator.clipboard.writeText(Array.from({ length: 10_000 }, (_, i) => `客户 ${i}\t意向`).join('\n')),
  );
  await cell(page, 2, 0).click();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Control+v');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('新增 10,000 条客户');
  await dialog.getByRole('button', { name: '粘贴' }).click();
  await expect(dialog).toBeHidden({ timeout: 20_000 });
  expect(sent).toHaveLength(20);
  expect(sent[0]?.ops[0]).toEqual({ op: 'create', values: { name: '客户 0', stage: 'interest' } });
  const undone: string[] = [];
  page.on('request', (r) => {
    if (r.url().endsWith('/undo')) undone.push(r.url());
  });
  await page.getByRole('status').getByRole('button', { name: '撤销' }).click();
  // One operation, however many requests made it.
  await expect.poll(() => undone.length).toBe(1);
});

test('two people change the same value: both are shown', async ({ page }) => {
  let refused = false;
  const query = 'POST /apps/*/entities/*/records/query';
  const listed = listApi(50);
  await open(page, base, 50, {
    'POST /apps/*/entities/*/records/batch': () => {
      if (refused) return { results: [{ id: customer(0).id, rev: 10, op: 'update' }], operation: 'op' };
      refused = true;
      return { problem: { status: 409, code: 'record.stale', title: '记录已被他人修改' } };
    },
    [query]: (asked: Asked) =>
      refused && asked.json<{ filter?: string }>().filter?.startsWith('id in')
        ? {
            records: [{ ...customer(0), rev: 9, name: '别人的名字', updated_by: 'mem_2' }],
            _names: { mem_2: '周然' },
          }
        : listed[query](asked),
  });
  await cell(page, 0, 0).click();
  await page.keyboard.type('我的名字');
  await page.keyboard.press('Enter');
  const bar = page.getByRole('alert').filter({ hasText: '周然' });
  await expect(bar).toContainText('别人的名字');
  await expect(bar).toContainText('我的名字');
  await bar.getByRole('button', { name: '用我的' }).click();
  await expect(bar).toBeHidden();
  await expect(cell(page, 0, 0)).toHaveText('我的名字');
});

test('conditions stand in the address and in chips', async ({ page }) => {
  await open(page);
  await page.getByRole('button', { name: '筛选' }).click();
  await page.getByRole('button', { name: '添加条件', exact: true }).click();
  await page.getByRole('combobox', { name: '字段' }).click();
  await page.getByRole('option', { name: '累计成交' }).click();
  await page.getByRole('combobox', { name: '判断方式' }).click();
  await page.getByRole('option', { name: '大于', exact: true }).click();
  await page.getByRole('textbox', { name: '累计成交 值' }).fill('500000');
  await expect(page).toHaveURL(/filter=total\+%3E\+500000|filter=total%20%3E%20500000/);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /移除筛选条件/ }).click();
  await expect(page).not.toHaveURL(/filter=/);
});

test('ticked rows are changed by the server, with exceptions', async ({ page }) => {
  await open(page);
  await page.getByRole('checkbox', { name: '选择全部记录' }).check();
  await cell(page, 1, 0).hover();
  await page.locator('[data-row="1"] [data-tick]').click();
  await expect(page.getByText('已选 3,283 条')).toBeVisible();
  const request = page.waitForRequest(/records\/bulk/);
  await page.getByRole('button', { name: '删除' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '删除' }).click();
  expect((await request).postDataJSON()).toEqual({ select: { query: {}, except: [customer(1).id] }, delete: true });
});

test('space looks into a record, J and K go through them', async ({ page }) => {
  await open(page);
  await cell(page, 1, 2).click();
  await page.keyboard.press(' ');
  await expect(page).toHaveURL(new RegExp(`record=${customer(1).id}`));
  await page.keyboard.press('j');
  await expect(page).toHaveURL(new RegExp(`record=${customer(2).id}`));
  await page.keyboard.press(' ');
  await expect(page).not.toHaveURL(/record=/);
});

test('a card moves by mouse and by its menu', async ({ page }) => {
  const sent = await open(page, `${base}?view=board`);
  const columns = page.getByRole('listitem').filter({ has: page.locator('header') });
  const card = columns
    .nth(0)
    .getByRole('button', { name: /苏州嘉陵汽配/ })
    .first();
  await expect(card).toBeVisible();
  await card.dragTo(columns.nth(1));
  await expect.poll(() => sent[0]?.ops[0]?.values).toEqual({ stage: 'interest' });
  await expect(
    columns
      .nth(1)
      .getByRole('button', { name: /苏州嘉陵汽配/ })
      .first(),
  ).toBeVisible();
  const other = columns
    .nth(0)
    .getByRole('button', { name: /广州云岩数据/ })
    .first();
  await other.focus();
  await page.keyboard.press('m');
  await page.locator('[role^=menuitem]', { hasText: '复购' }).click();
  await expect.poll(() => sent[1]?.ops[0]?.values).toEqual({ stage: 'repeat' });
});

test('a record is dragged to another day', async ({ page }) => {
  const sent = await open(page, `${base}?view=visits`, 60);
  const item = page.getByRole('button', { name: /苏州嘉陵汽配/ }).first();
  await item.dragTo(page.getByRole('group', { name: /^2026-11-19/ }));
  await expect.poll(() => sent[0]?.ops[0]?.values).toEqual({ next_visit: '2026-11-19' });
});

test('a hundred thousand rows keep the page small', async ({ page }) => {
  await open(page, base, 100_000);
  await expect(cell(page, 0, 0)).toBeVisible();
  const grid = page.getByRole('grid');
  await expect(grid).toHaveAttribute('aria-rowcount', '100002');
  await page.evaluate(() => {
    const scroller = document.querySelector('[role=grid]')?.parentElement?.parentElement as HTMLElement;
    scroller.scrollTop = 1_800_000;
  });
  await expect(page.locator('[data-row="50010"] [data-col="0"]')).not.toHaveText('');
  expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThan(1500);
});

test('the list of a reader offers nothing that would be refused', async ({ page }) => {
  const [entity, ...rest] = listRuntime.entities;
  await open(page, base, 20, {
    'GET /apps/*/runtime': {
      ...listRuntime,
      me: { ...listRuntime.me, admin: false },
      entities: [{ ...entity, ops: ['read'], fields: listFields.map((f) => ({ ...f, writable: false })) }, ...rest],
    },
  });
  await expect(cell(page, 0, 0)).toBeVisible();
  await expect(page.getByRole('button', { name: '新增客户' })).toHaveCount(0);
  await cell(page, 0, 0).click();
  await page.keyboard.type('x');
  await expect(page.getByRole('alert').filter({ hasText: '没有修改' })).toBeVisible();
});

test('Escape closes what lies on top, one layer at a time', async ({ page }) => {
  await open(page, `${base}?new=1`, 10);
  const panel = page.getByRole('complementary', { name: '新增客户' });
  const tags = panel.getByRole('combobox', { name: '标签' });
  await tags.click();
  await page.getByRole('option').first().click();
  await page.keyboard.press('Escape');
  await expect(tags).not.toHaveAttribute('aria-expanded', 'true');
  await panel.getByRole('textbox', { name: '下次回访' }).click();
  const days = page.getByRole('table').filter({ has: page.getByRole('button', { name: /2026/ }) });
  await expect(days).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(days).toBeHidden();
  const asked = page.getByRole('dialog', { name: '放弃未保存的修改' });
  await expect(asked).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(asked).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(asked).toHaveCount(0);
  await expect(panel).toBeVisible();
});

test('a phone shows a week of the calendar and schedules what has no date', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const sent = await open(page, `${base}?view=visits`, 180);
  const days = page.getByRole('button', { name: /^2026-\d\d-\d\d，\d+ 条$/ });
  await expect(days).toHaveCount(42);
  await page.getByRole('radio', { name: '周' }).check({ force: true });
  await expect(days).toHaveCount(7);
  await page.getByRole('button', { name: '未安排' }).click();
  const sheet = page.getByRole('dialog', { name: '未安排' });
  await sheet
    .getByRole('button', { name: /^安排日期/ })
    .first()
    .click();
  await expect(sheet).toHaveCount(0);
  await page.getByRole('dialog').getByRole('button', { name: '保存' }).click();
  await expect.poll(() => sent.length).toBe(1);
});

test('a phone folds groups away and gives up what was changed in a view', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, `${base}?view=vew_saved1`);
  const head = page.getByRole('button', { name: /^潜在 \d/ });
  await expect(head).toHaveAttribute('aria-expanded', 'true');
  const card = page.getByRole('button', { name: /^苏州嘉陵汽配/ });
  await expect(card).toBeVisible();
  await head.click();
  await expect(head).toHaveAttribute('aria-expanded', 'false');
  await expect(card).toBeHidden();

  const views = page.getByRole('button', { name: /^视图 账期长的客户/ });
  await expect(views).not.toHaveAccessibleName(/有未保存的调整/);
  await page.getByRole('button', { name: '分组 1' }).click();
  await page.getByRole('button', { name: '移除按生命周期分组' }).click();
  await page.getByRole('button', { name: '完成' }).click();
  await expect(head).toBeHidden();
  await expect(views).toHaveAccessibleName(/有未保存的调整/);
  await views.click();
  await page.getByRole('menuitem', { name: '放弃调整' }).click();
  await expect(head).toBeVisible();
  await expect(views).not.toHaveAccessibleName(/有未保存的调整/);
});

test('an empty list has one button; the panel of a phone goes to the next record', async ({ page }) => {
  await open(page, base, 0);
  await expect(page.getByText('还没有客户')).toBeVisible();
  await expect(page.getByRole('button', { name: '新增客户' })).toHaveCount(1);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.unrouteAll();
  await open(page, `${base}?record=${customer(1).id}`);
  await page.getByRole('button', { name: /^下一条/ }).click();
  await expect(page).toHaveURL(new RegExp(`record=${customer(2).id}`));
});
