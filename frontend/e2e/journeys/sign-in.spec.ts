// The way in: the first screen of a new installation, a wrong password, the home page.
import { expect, test } from './product';

test('the administrator of a new installation comes in', async ({ page, product }) => {
  await page.goto('/');
  await expect(page).toHaveURL(/\/sign-in/);
  await page.getByLabel('邮箱').fill(product.admin.email);
  await page.getByLabel('密码', { exact: true }).fill('not the password');
  await page.getByRole('button', { name: '登录' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByLabel('密码', { exact: true }).fill(product.admin.password);
  await page.getByRole('button', { name: '登录' }).click();
  await expect(page).toHaveURL(new RegExp(`/w/${product.workspace}$`));
  await expect(page.getByRole('heading', { name: '工作台' })).toBeVisible();
});
