// Every address of the product has a screen in the gallery, which the
// accessibility tests visit too, and every page that waits for data has one of
// its waiting and one of its failing.
import { QueryClient } from '@tanstack/react-query';
import { matchRoutes, type RouteObject } from 'react-router';
import { expect, test } from 'vitest';
import { appPages, formTabs } from '@/builder/frame/tabs';
import { sections } from '@/pages/admin/sections';
import { makeRoutes } from '@/pages/routes';
import { screens } from '../../e2e/fixtures/screens';
import { broken, pending } from '../../e2e/fixtures/states';

const routes = makeRoutes(new QueryClient());

/** The pattern of every address that shows a page. */
function patterns(of: RouteObject[], base = ''): string[] {
  return of.flatMap((route) => {
    const path = `${base}/${route.path ?? ''}`.replaceAll(/\/+/g, '/');
    if (route.children) return patterns(route.children, path);
    return route.lazy || route.Component ? [path.replace(/(.)\/$/, '$1')] : [];
  });
}

const patternOf = (address: string) =>
  (matchRoutes(routes, address.split('?')[0] ?? '') ?? [])
    .flatMap((m) => (m.route.path ? ['/', m.route.path] : []))
    .join('')
    .replaceAll(/\/+/g, '/');

const shown = new Map<string, typeof screens>();
for (const screen of screens) {
  const pattern = patternOf(screen.path);
  shown.set(pattern, [...(shown.get(pattern) ?? []), screen]);
}

// Pages that ask nothing of the server when they open, so that they neither wait nor fail.
const still = new Set(['/sign-in', '/setup', '/new-workspace', '/w/:ws/me', '/w/:ws/*', '/*']);
// Pages whose data is that of the app around them.
const within = new Map([
  ['/w/:ws/a/:app', '/w/:ws/a/:app/:menu'],
  ['/w/:ws/a/:app/:menu/import', '/w/:ws/a/:app/:menu'],
  ['/w/:ws/a/:app/:menu/new', '/w/:ws/a/:app/:menu'],
]);

const has = (list: typeof screens | undefined, answer: unknown) =>
  list?.some((s) => Object.values(s.api ?? {}).includes(answer)) ?? false;

test.each(patterns(routes))('%s has a screen of every state', (pattern) => {
  expect(shown.get(pattern), 'a screen in e2e/fixtures').toBeDefined();
  if (still.has(pattern)) return;
  const list = shown.get(within.get(pattern) ?? pattern);
  expect(has(list, pending), 'a screen that waits').toBe(true);
  expect(has(list, broken), 'a screen that fails').toBe(true);
});

test('every page of administration has a screen of every state', () => {
  for (const { path } of sections) {
    const list = screens.filter((s) => s.path === `/w/chenguang/admin/${path}`);
    expect(has(list, pending), `${path} waits`).toBe(true);
    expect(has(list, broken), `${path} fails`).toBe(true);
  }
});

test('every page of the builder has a screen', () => {
  const paths = screens.map((s) => s.path.replace(/\?.*/, ''));
  for (const tab of formTabs) expect(paths).toContain(`/w/chenguang/a/crm/edit/forms/ent_order/${tab}`);
  for (const page of appPages) expect(paths).toContain(`/w/chenguang/a/crm/edit/app/${page.value}`);
});

test('names of screens are unique', () => {
  expect(new Set(screens.map((s) => s.name)).size).toBe(screens.length);
});
