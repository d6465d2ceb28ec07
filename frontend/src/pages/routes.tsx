// Every address of the product. Pages are lazy: a route file loads with its
// texts when it is first visited.
import type { QueryClient } from '@tanstack/react-query';
import { createBrowserRouter, type LoaderFunctionArgs, type RouteObject, redirect } from 'react-router';
import { isPhone } from '@/kit/use-phone';
import { loadMessages } from '@/locales';
import { RouteError } from './errors/RouteError';
import { Starting } from './errors/Starting';
import { homePath, loadBootstrap, requireMember } from './session';

// Most addresses of a kind show this first: it comes along with the page's own code
// instead of after its data. Phones show something else.
function early(part: string, load: () => Promise<unknown>): void {
  if (location.pathname.includes(part) && !isPhone()) load().catch(() => {});
}

export function makeRoutes(client: QueryClient): RouteObject[] {
  const member = ({ request }: LoaderFunctionArgs) => requireMember(client, request);
  return [
    {
      ErrorBoundary: RouteError,
      HydrateFallback: Starting,
      children: [
        {
          path: '/',
          loader: async ({ request }) => redirect(homePath(await requireMember(client, request))),
        },
        {
          path: '/sign-in',
          loader: async () => {
            const boot = await loadBootstrap(client);
            if (boot.setup_required) return redirect('/setup');
            return boot.me ? redirect(homePath(boot)) : null;
          },
          lazy: async () => ({ Component: (await import('./auth/SignIn')).SignIn }),
        },
        {
          path: '/setup',
          loader: async () => ((await loadBootstrap(client)).setup_required ? null : redirect('/')),
          lazy: async () => ({ Component: (await import('./auth/Setup')).Setup }),
        },
        {
          path: '/join/:token',
          loader: () => loadBootstrap(client),
          lazy: async () => ({ Component: (await import('./auth/Join')).Join }),
        },
        {
          path: '/new-workspace',
          loader: member,
          lazy: async () => ({ Component: (await import('./auth/NewWorkspace')).NewWorkspace }),
        },
        {
          path: '/w/:ws',
          loader: member,
          lazy: async () => ({ Component: (await import('./shell/WorkspaceLayout')).WorkspaceLayout }),
          children: [
            {
              ErrorBoundary: RouteError,
              children: [
                { index: true, lazy: async () => ({ Component: (await import('./home/Home')).Home }) },
                { path: 'tasks', lazy: async () => ({ Component: (await import('./inbox/Tasks')).Tasks }) },
                { path: 'messages', lazy: async () => ({ Component: (await import('./inbox/Messages')).Messages }) },
                {
                  path: 'templates',
                  lazy: async () => {
                    const [module] = await Promise.all([import('./templates/Templates'), loadMessages('make')]);
                    return { Component: module.Templates };
                  },
                },
                {
                  path: 'templates/:name',
                  lazy: async () => {
                    const [module] = await Promise.all([import('./templates/TemplatePage'), loadMessages('make')]);
                    return { Component: module.TemplatePage };
                  },
                },
                { path: 'admin', loader: ({ params }) => redirect(`/w/${params.ws}/admin/members`) },
                {
                  path: 'admin/:section',
                  lazy: async () => {
                    const [module] = await Promise.all([import('./admin/Admin'), loadMessages('admin')]);
                    return { Component: module.Admin };
                  },
                },
                { path: 'me', lazy: async () => ({ Component: (await import('./inbox/Profile')).Profile }) },
                {
                  path: 'a/:app/edit/*',
                  lazy: async () => {
                    early('/edit/forms/', () => import('@/builder/form/FormDesigner'));
                    const [module] = await Promise.all([
                      import('@/builder/Builder'),
                      loadMessages('record', 'build', 'board'),
                    ]);
                    return { Component: module.Builder };
                  },
                },
                {
                  path: 'a/:app',
                  lazy: async () => {
                    const [module] = await Promise.all([import('./app/AppLayout'), loadMessages('record')]);
                    return { Component: module.AppLayout };
                  },
                  children: [
                    {
                      ErrorBoundary: RouteError,
                      children: [
                        { index: true, lazy: async () => ({ Component: (await import('./app/AppHome')).AppHome }) },
                        {
                          path: ':menu/import',
                          lazy: async () => {
                            const [module] = await Promise.all([import('./app/ImportPage'), loadMessages('board')]);
                            return { Component: module.ImportPage };
                          },
                        },
                        {
                          path: ':menu',
                          lazy: async () => {
                            early('/a/', () => import('@/views/grid/GridView'));
                            return { Component: (await import('./app/MenuPage')).MenuPage };
                          },
                        },
                        {
                          path: ':menu/new',
                          lazy: async () => ({ Component: (await import('./app/RecordNew')).RecordNew }),
                        },
                        {
                          path: ':menu/r/:id',
                          lazy: async () => ({ Component: (await import('./app/RecordPage')).RecordPage }),
                        },
                      ],
                    },
                  ],
                },
                { path: '*', lazy: async () => ({ Component: (await import('./errors/NotFound')).NotFound }) },
              ],
            },
          ],
        },
        { path: '*', lazy: async () => ({ Component: (await import('./errors/NotFound')).NotFound }) },
      ],
    },
  ];
}

export function makeRouter(client: QueryClient) {
  return createBrowserRouter(makeRoutes(client));
}
