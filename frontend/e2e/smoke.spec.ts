// The way from sign-in to a list, by mouse, keyboard and phone, on fixture data.
import { expect } from '@playwright/test';
import type { RecycleItem } from '../src/api/types';
import { adminApi } from './fixtures/admin';
import { builderApi } from './fixtures/builder';
import { apps, bootstrap, customers, proposal, runtime, tasks } from './fixtures/data';
import { type Asked, freezeClock, mockApi } from './fixtures/server';
import { broken, denied, pending } from './fixtures/states';
import { test } from './fixtures/windows';

const signedOut = { ...bootstrap, me: null, workspaces: [], unread: 0, tasks: 0 };

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    if (!localStorage.getItem('tenon.locale')) localStorage.setItem('tenon.locale', 'zh-CN');
  });
  await freezeClock(page);
});

test('signing in leads to the page that was asked for', async ({ page }) => {
  let signedIn = false;
  const guards: (string | null)[] = [];
  await mockApi(page, {
    'GET /bootstrap': () => (signedIn ? bootstrap : signedOut),
    'POST /session': (asked: Asked) => {
      guards.push(asked.headers['x-tenon'] ?? null);
      signedIn = true;
      return null;
    },
  });
  await page.goto('/w/chenguang/tasks');
  await expect(page).toHaveURL(/sign-in\?next=/);
  await page.getByLabel('邮箱').fill('linxiao@chenguang.example');
  await page.getByLabel('密码', { exact: true }).fill('correct horse');
  await page.getByRole('button', { name: '登录' }).click();
  await expect(page).toHaveURL(/\/w\/chenguang\/tasks$/);
  await expect(page.getByRole('link', { name: /审批年度框架合同折扣/ })).toBeVisible();
  expect(guards).toEqual(['1']);
});

test('a foreign address after sign-in is refused', async ({ page }) => {
  let signedIn = false;
  await mockApi(page, {
    'GET /bootstrap': () => (signedIn ? bootstrap : signedOut),
    'POST /session': () => {
      signedIn = true;
      return null;
    },
  });
  await page.goto('/sign-in?next=//evil.example/');
  await page.getByLabel('邮箱').fill('a@b.cn');
  await page.getByLabel('密码', { exact: true }).fill('correct horse');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/w\/chenguang$/);
});

test('several to-dos are decided at once; one that is refused stays with its reason', async ({ page }) => {
  const sent: unknown[] = [];
  const closed = { problem: { status: 409, code: 'task.closed', title: '待办已经处理过了' } };
  let left = tasks;
  await mockApi(page, {
    'GET /tasks': () => left,
    'POST /tasks/*/complete': (asked: Asked) => {
      sent.push(asked.json());
      if (asked.url.pathname.includes('tsk_3')) return closed;
      left = left.filter((task) => !asked.url.pathname.includes(`${task.id}/`));
      return null;
    },
  });
  await page.goto('/w/chenguang/tasks');
  for (const title of ['审批年度框架合同折扣', '确认报价单 BJ20261118'])
    await page.getByRole('checkbox', { name: `选择「${title}」` }).check();
  const bar = page.getByRole('region', { name: '已选 2 项' });
  await bar.getByRole('button', { name: '驳回' }).click();
  const dialog = page.getByRole('dialog', { name: '驳回：2 项待办' });
  await dialog.getByRole('button', { name: '驳回' }).click();
  await expect(dialog.getByText('选择「驳回」需要写明意见')).toBeVisible();
  expect(sent).toEqual([]);
  await dialog.getByLabel('意见').fill('折扣太高');
  await dialog.getByRole('button', { name: '驳回' }).click();
  await expect(page.getByText('已处理 1 项：驳回')).toBeVisible();
  const again = page.getByRole('dialog', { name: '驳回：1 项待办' });
  await expect(again.getByRole('listitem')).toHaveText(['确认报价单 BJ20261118待办已经处理过了']);
  expect(sent).toEqual(Array(2).fill({ outcome: 'reject', comment: '折扣太高' }));
  await again.getByRole('button', { name: '关闭' }).last().click();
  await expect(page.getByRole('region', { name: '已选 1 项' })).toBeVisible();
  await expect(page.getByRole('link', { name: /审批年度框架合同折扣/ })).toHaveCount(0);
});

// Every frame drawn while a page is on its way takes time from the page: a first view
// of the form designer took half as long again while its placeholders moved.
test('placeholders stand still until a wait is felt', async ({ page }) => {
  await mockApi(page, { 'POST /apps/*/entities/*/records/query': pending });
  await page.goto('/w/chenguang/a/crm/customer');
  await expect(page.getByRole('status', { name: '加载中' }).locator('> *').first()).toBeAttached();
  const delays = await page.evaluate(() =>
    document
      .getAnimations()
      .map((a) => a.effect?.getComputedTiming())
      .filter((timing) => timing?.iterations === Number.POSITIVE_INFINITY)
      .map((timing) => timing?.delay ?? 0),
  );
  expect(delays.length).toBeGreaterThan(0);
  for (const delay of delays) expect(delay).toBeGreaterThanOrEqual(1000);
});

test('an ended session asks to sign in again and comes back', async ({ page }) => {
  await mockApi(page, { 'GET /tasks': { problem: { status: 401, code: 'session', title: '请重新登录' } } });
  await page.goto('/w/chenguang/tasks');
  await expect(page).toHaveURL(/sign-in\?next=%2Fw%2Fchenguang%2Ftasks$/);
});

test('the palette goes places by keyboard', async ({ page }) => {
  await mockApi(page);
  await page.goto('/w/chenguang');
  await expect(page.getByRole('heading', { name: '工作台' })).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('客户生命');
  await page.keyboard.press('Enter');
  // The app opens at its first page.
  await expect(page).toHaveURL(/\/a\/crm\/overview$/);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('商机');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/a\/crm\/deal$/);
});

test('the palette finds records', async ({ page }) => {
  const searches: string[] = [];
  await mockApi(page, {
    'POST /apps/*/entities/*/records/query': (asked: Asked) => {
      const body = asked.json<{ search?: string }>();
      if (!body.search) return customers();
      searches.push(body.search);
      const lead = asked.url.pathname.includes('/customer/');
      return { records: lead ? [{ id: '0190x', rev: 1, _title: '青岛海川冷链' }] : [] };
    },
  });
  await page.goto('/w/chenguang/a/crm/customer');
  await expect(page.getByRole('heading', { name: '客户' })).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').pressSequentially('海川', { delay: 20 });
  await page.getByRole('option', { name: /青岛海川冷链/ }).click();
  await expect(page).toHaveURL(/\/a\/crm\/customer\/r\/0190x$/);
  // One round of requests for the whole word.
  expect(new Set(searches)).toEqual(new Set(['海川']));
  // Outside an app it looks into those that were opened last.
  await page.goto('/w/chenguang');
  await expect(page.getByRole('heading', { name: '工作台' })).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('冷链');
  await page
    .getByRole('option', { name: /青岛海川冷链.*客户生命周期/ })
    .first()
    .click();
  await expect(page).toHaveURL(/\/a\/crm\/customer\/r\/0190x$/);
});

test('Enter that belongs to an input method chooses nothing', async ({ page }) => {
  await mockApi(page);
  await page.goto('/w/chenguang');
  await expect(page.getByRole('heading', { name: '工作台' })).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').waitFor();
  const client = await page.context().newCDPSession(page);
  await client.send('Input.imeSetComposition', { text: 'dai', selectionStart: 3, selectionEnd: 3 });
  await client.send('Input.dispatchKeyEvent', {
    type: 'keyDown',
    key: 'Enter',
    code: 'Enter',
    windowsVirtualKeyCode: 229,
  });
  await expect(page.getByRole('combobox')).toBeVisible();
  await client.send('Input.insertText', { text: '打开待办' });
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/tasks$/);
});

test('language and theme change at once and are stored in the profile', async ({ page }) => {
  const changes: unknown[] = [];
  await mockApi(page, {
    'PATCH /me': (asked: Asked) => {
      changes.push(asked.json());
      return bootstrap.me;
    },
  });
  await page.goto('/w/chenguang/me');
  await page.getByRole('radio', { name: '深色' }).check();
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await page.getByRole('radio', { name: 'English' }).click();
  await expect(page.getByRole('heading', { name: 'Profile' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en-US');
  expect(changes).toEqual([{ theme: 'dark' }, { locale: 'en-US' }]);
});

test('deleting an app asks first', async ({ page }) => {
  let deleted = '';
  await mockApi(page, {
    'DELETE /apps/*': (asked: Asked) => {
      deleted = asked.url.pathname;
      return null;
    },
  });
  await page.goto('/w/chenguang');
  await page
    .getByRole('link', { name: /费用报销/ })
    .last()
    .hover();
  await page.getByRole('button', { name: '「费用报销」的更多操作' }).click();
  await page.getByRole('menuitem', { name: '删除应用' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '取消' }).click();
  expect(deleted).toBe('');
  await page.getByRole('button', { name: '「费用报销」的更多操作' }).click();
  await page.getByRole('menuitem', { name: '删除应用' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '删除' }).click();
  await expect(page.getByText('已删除应用「费用报销」')).toBeVisible();
  expect(deleted).toBe('/api/v1/apps/app_expense');
});

test('the audit log is asked for a person and some days, and all filters go at once', async ({ page }) => {
  let asked: Record<string, string> = {};
  await mockApi(page, {
    ...adminApi,
    'GET /workspaces/*/audit': ({ url }: Asked) => {
      asked = Object.fromEntries(url.searchParams);
      return asked.actor ? { items: [], next_cursor: null } : adminApi['GET /workspaces/*/audit'];
    },
  });
  await page.goto('/w/chenguang/admin/audit');
  await expect(page.getByRole('row')).toHaveCount(25);
  await page.getByLabel('开始日期').fill('2026-11-21');
  await page.getByLabel('开始日期').press('Enter');
  await page.getByLabel('结束日期').fill('2026-11-22');
  await page.getByLabel('结束日期').press('Enter');
  await page.keyboard.press('Escape');
  await expect.poll(() => asked).toEqual({ since: '2026-11-20T16:00:00Z', until: '2026-11-22T16:00:00Z' });
  await page.getByLabel('谁', { exact: true }).click();
  await page.getByRole('option', { name: '周然' }).click();
  await expect(page.getByText('没有符合筛选条件的日志')).toBeVisible();
  expect(asked).toEqual({ actor: 'mem_2', since: '2026-11-20T16:00:00Z', until: '2026-11-22T16:00:00Z' });
  await page.getByRole('button', { name: '清除筛选' }).click();
  await expect(page.getByRole('row')).toHaveCount(25);
  await expect(page.getByLabel('开始日期')).toHaveValue('');
});

test('a record in the recycle bin is deleted for good once that is confirmed; a refusal stands at its row', async ({
  page,
}) => {
  const asked: string[] = [];
  const bin = adminApi['GET /workspaces/*/recycle-bin'] as RecycleItem[];
  const many = Array.from({ length: 97 }, (_, i) => ({ ...bin[1], id: `more_${i}`, name: `旧客户 ${i}` }));
  await mockApi(page, {
    ...adminApi,
    'GET /workspaces/*/recycle-bin': () =>
      asked.some((one) => one.includes('rec_0')) ? bin.filter((i) => i.id !== 'rec_0') : [...bin, ...many],
    'DELETE /apps/*/entities/*/records/*': ({ url }: Asked) => {
      asked.push(`${url.pathname}${url.search}`);
      return url.pathname.endsWith('rec_1')
        ? { problem: { status: 409, code: 'record.in_use', title: '其他记录关联着这条记录，不能彻底删除' } }
        : null;
    },
  });
  await page.goto('/w/chenguang/admin/recycle-bin');
  await expect(page.getByText('每个表单只显示最近删除的 100 条记录。')).toBeVisible();
  const row = (name: string) => page.getByRole('row', { name });
  const purge = { name: '彻底删除', exact: true };
  await expect(row('车辆预约（旧）').getByRole('button', purge)).toHaveCount(0);
  await row('天津北辰机械').getByRole('button', purge).click();
  const dialog = page.getByRole('dialog', { name: '彻底删除「天津北辰机械」？' });
  await expect(dialog).toContainText('无法撤销');
  await dialog.getByRole('button', { name: '取消' }).click();
  expect(asked).toEqual([]);
  await row('天津北辰机械').getByRole('button', purge).click();
  await dialog.getByRole('button', purge).click();
  await expect(row('天津北辰机械').getByRole('alert')).toHaveText('其他记录关联着这条记录，不能彻底删除');
  await row('武汉光谷软件').getByRole('button', purge).click();
  await page.getByRole('dialog').getByRole('button', purge).click();
  await expect(row('武汉光谷软件')).toHaveCount(0);
  await expect(page.getByText('每个表单只显示最近删除的')).toHaveCount(0);
  const records = '/api/v1/apps/app_crm/entities/customer/records';
  expect(asked).toEqual([`${records}/rec_1?purge=true`, `${records}/rec_0?purge=true`]);
});

test('several records in the recycle bin are deleted for good with one question; what is refused stays with its reason', async ({
  page,
}) => {
  const asked: string[] = [];
  const bin = adminApi['GET /workspaces/*/recycle-bin'] as RecycleItem[];
  await mockApi(page, {
    ...adminApi,
    'GET /workspaces/*/recycle-bin': () =>
      asked.length > 0 ? bin.filter((i) => i.kind === 'app' || i.id === 'rec_1') : bin,
    'DELETE /apps/*/entities/*/records/*': ({ url }: Asked) => {
      asked.push(url.pathname.split('/').at(-1) ?? '');
      return url.pathname.endsWith('rec_1')
        ? { problem: { status: 409, code: 'record.in_use', title: '其他记录关联着这条记录，不能彻底删除' } }
        : null;
    },
  });
  await page.goto('/w/chenguang/admin/recycle-bin');
  const records = bin.filter((i) => i.kind === 'record');
  await page.getByRole('checkbox', { name: '全选' }).check();
  const bar = page.getByRole('region', { name: `已选 ${bin.length} 项` });
  await expect(bar.getByRole('button', { name: '彻底删除' })).toHaveCount(0);
  for (const item of bin)
    if (item.kind === 'app') await page.getByRole('checkbox', { name: `选择「${item.name}」` }).uncheck();
  await page
    .getByRole('region', { name: `已选 ${records.length} 项` })
    .getByRole('button', { name: '彻底删除' })
    .click();
  const dialog = page.getByRole('dialog', { name: `彻底删除 ${records.length} 条记录？` });
  await expect(dialog).toContainText('无法撤销');
  expect(asked).toEqual([]);
  await dialog.getByRole('button', { name: '彻底删除' }).click();
  const rest = page.getByRole('dialog', { name: '彻底删除 1 条记录？' });
  await expect(rest.getByRole('listitem')).toHaveText('天津北辰机械其他记录关联着这条记录，不能彻底删除');
  expect(asked).toEqual(records.map((i) => i.id));
  await rest.getByRole('button', { name: '关闭', exact: true }).last().click();
  await expect(page.getByRole('row', { name: '武汉光谷软件' })).toHaveCount(0);
});

test('a sheet becomes an app', async ({ page }) => {
  const sent: unknown[] = [];
  await mockApi(page, {
    'POST /workspaces/*/apps': (asked: Asked) => {
      sent.push(asked.json<{ name: string }>().name);
      return { id: 'app_crm', key: 'crm', name: '客户名单', version: 0, draft_changes: 0, role: { admin: true } };
    },
    'POST /apps/*/from-file/upload': (asked: Asked) => {
      sent.push(/filename="([^"]+)"/.exec(asked.text)?.[1] ?? '');
      return proposal;
    },
    'POST /apps/*/from-file/*/run': (asked: Asked) => {
      sent.push(asked.json<{ form: { columns: unknown[] } }>().form.columns.length);
      return { job: 'job_1' };
    },
    'GET /jobs/job_1': {
      id: 'job_1',
      state: 'done',
      progress: 120,
      total: 120,
      result: { entity: 'ent_customer', key: 'customer', operation: 'op_1', import: { created: 120, bad: 0 } },
    },
  });
  await page.goto('/w/chenguang');
  await page.getByRole('button', { name: '新建应用' }).click();
  await page.getByRole('menuitem', { name: /从 Excel 创建/ }).click();
  const input = page.locator('input[type=file]');
  await input.setInputFiles({ name: 'notes.pdf', mimeType: 'application/pdf', buffer: Buffer.from('x') });
  await expect(page.getByText('请选择 .xlsx 或 .csv 文件')).toBeVisible();
  await input.setInputFiles({ name: '客户名单.csv', mimeType: 'text/csv', buffer: Buffer.from('名称\nA') });
  await page.getByRole('dialog').getByRole('button', { name: '创建并导入 120 行' }).click();
  await expect(page).toHaveURL(/\/a\/.+\/customer/);
  expect(sent[0]).toBe('客户名单');
  expect(sent[1]).toMatch(/csv$/);
  expect(sent[2]).toBe(proposal.form.columns.length);
});

test('an invitation that could not be looked up is looked up again', async ({ page }) => {
  let works = false;
  await mockApi(page, {
    'GET /bootstrap': signedOut,
    'GET /invitations/*': () => (works ? { workspace: '晨光科技', name: '王磊' } : broken),
  });
  await page.goto('/join/inv_1');
  const again = page.getByRole('button', { name: '重试' });
  await expect(again).toBeVisible();
  await expect(page.getByText('01JD6Z')).toBeVisible();
  works = true;
  await again.click();
  await expect(page.getByRole('heading', { name: '加入「晨光科技」' })).toBeVisible();
});

test('an app that may not be seen says so under its name and leads home', async ({ page }) => {
  await mockApi(page, { 'GET /apps/*/runtime': denied });
  await page.goto('/w/chenguang/a/crm/customer');
  await expect(page.getByRole('heading', { name: '客户生命周期管理', level: 1 })).toBeVisible();
  await expect(page.getByRole('button', { name: '编辑应用' })).toHaveCount(0);
  await page.getByRole('link', { name: '回到工作台' }).click();
  await expect(page).toHaveURL(/\/w\/chenguang$/);
});

test('an app without content begins with a new form, also beside forms that are not published', async ({ page }) => {
  const empty = { ...runtime, version: 0, entities: [], dashboards: [], app: { ...runtime.app, menu: [] } };
  await mockApi(page, { ...builderApi, 'GET /apps/*/runtime': empty });
  await page.goto('/w/chenguang/a/crm');
  await page.getByRole('link', { name: '新建表单' }).click();
  const dialog = page.getByRole('dialog', { name: '新建表单' });
  await dialog.getByRole('button', { name: '取消' }).click();
  await expect(page).toHaveURL(/\/edit\/forms\/[^/]+\/design$/);
  const first = page.url();
  await page.goto('/w/chenguang/a/crm/edit?new');
  await dialog.getByRole('textbox').first().fill('巡检单');
  await dialog.getByRole('button', { name: '创建' }).click();
  await expect(page).toHaveURL(/\/edit\/forms\/[^/]+\/design$/);
  await expect(page).not.toHaveURL(first);
  await expect(page).toHaveTitle(/巡检单/);
});

test('versions are brought back, all but the current one', async ({ page }) => {
  await mockApi(page, builderApi);
  await page.goto('/w/chenguang/a/crm/edit/app/versions');
  const versions = page.getByRole('listitem').filter({ hasText: /^第 \d+ 版/ });
  await expect(versions).toHaveCount(3);
  await expect(versions.nth(0)).toContainText('当前');
  await expect(versions.nth(0).getByRole('button', { name: '恢复' })).toHaveCount(0);
  await expect(versions.nth(1).getByRole('button', { name: '恢复' })).toBeVisible();
});

test('a link that does not open says whose product it is, and no workspace', async ({ page }) => {
  await mockApi(page, {});
  await page.goto('/f/token');
  const sheet = page.getByRole('main');
  await expect(sheet).toContainText('这个链接已停用');
  await expect(sheet.getByText('Tenon', { exact: true })).toBeVisible();
  await expect(sheet).not.toContainText('晨光科技');
});

test('home says once that nothing could be loaded, and asks for all of it again', async ({ page }) => {
  let works = false;
  const answer = (good: unknown) => () => (works ? good : broken);
  await mockApi(page, { 'GET /workspaces/*/apps': answer(apps), 'GET /tasks': answer([]) });
  await page.goto('/w/chenguang');
  await expect(page.getByRole('alert')).toHaveCount(1);
  works = true;
  await page.getByRole('button', { name: '重试' }).click();
  await expect(page.getByRole('heading', { name: '应用7' })).toBeVisible();
  await expect(page.getByText('分派给你的审批和任务会出现在这里。')).toBeVisible();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('tabs, menu and create lead everywhere', async ({ page }) => {
    await mockApi(page);
    await page.goto('/w/chenguang');
    await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: /待办/ }).tap();
    await expect(page).toHaveURL(/\/tasks$/);
    await page.goto('/w/chenguang/a/crm/customer');
    await page.getByRole('button', { name: '打开菜单' }).tap();
    await page.getByRole('dialog').getByRole('link', { name: '线索' }).tap();
    await expect(page).toHaveURL(/\/a\/crm\/lead$/);
    // On a list the plus adds to it, elsewhere it asks to what.
    await expect(page.getByRole('button', { name: '新增线索' })).toHaveCount(1);
    await page.getByRole('button', { name: '新增线索' }).tap();
    await expect(page).toHaveURL(/\/a\/crm\/lead\?new=1$/);
    await page.goto('/w/chenguang/a/crm/overview');
    await page.getByRole('button', { name: '新建', exact: true }).tap();
    await page.getByRole('button', { name: '新增客户' }).tap();
    await expect(page).toHaveURL(/\/a\/crm\/customer\?new=1$/);
  });

  test('search, workspaces and their settings are in reach', async ({ page }) => {
    await mockApi(page);
    await page.goto('/w/chenguang');
    await page.getByRole('button', { name: '搜索或跳转' }).tap();
    await page.getByRole('dialog', { name: '命令面板' }).getByRole('button', { name: '关闭' }).tap();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await page.getByRole('link', { name: '我', exact: true }).tap();
    await page.getByRole('button', { name: '晨光科技' }).tap();
    await expect(page.getByRole('menuitem', { name: '新建工作区' })).toBeVisible();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: '工作区管理' }).tap();
    await expect(page).toHaveURL(/\/admin/);
    await page.goto('/w/chenguang/a/crm/customer');
    await page.getByRole('button', { name: '打开菜单' }).tap();
    await page.getByRole('dialog').getByRole('button', { name: '搜索或跳转' }).tap();
    await expect(page.getByRole('combobox', { name: /搜索/ })).toBeFocused();
  });

  test('a page below another has a way back, an entry of an app has the menu', async ({ page }) => {
    await mockApi(page);
    await page.goto('/w/chenguang/templates/crm_lifecycle');
    const crumbs = page.getByRole('navigation', { name: '所在位置' });
    await crumbs.getByRole('link', { name: '模板中心' }).tap();
    await expect(page).toHaveURL(/\/templates$/);
    await crumbs.getByRole('link', { name: '工作台' }).tap();
    await expect(page).toHaveURL(/\/w\/chenguang$/);
    await page.goto('/w/chenguang/a/crm/customer');
    await expect(crumbs.getByRole('heading', { name: '客户' })).toBeVisible();
    await expect(crumbs.getByRole('link')).toHaveCount(0);
  });
});
