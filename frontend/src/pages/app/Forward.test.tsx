import { act, render, screen } from '@testing-library/react';
import { use, useSyncExternalStore } from 'react';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { expect, test } from 'vitest';
import { Forward } from './Forward';

/** Something that happens when the test says so. */
function signal() {
  let happened = false;
  const listeners = new Set<() => void>();
  return {
    give() {
      happened = true;
      for (const listener of listeners) listener();
    },
    use: () =>
      useSyncExternalStore(
        (listener) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        () => happened,
      ),
  };
}

/** An app whose first page is known late, beside a page whose code comes slowly. */
function open() {
  const known = signal();
  let load = () => {};
  let draw = () => {};
  const drawn = new Promise<void>((resolve) => {
    draw = resolve;
  });
  const Slow = () => {
    use(drawn);
    return <p>drawn</p>;
  };
  const App = () => (known.use() ? <Forward to="/app/first" /> : <p>loading</p>);
  const router = createMemoryRouter(
    [
      { path: '/app', element: <App /> },
      { path: '/app/first', element: <p>first</p> },
      { path: '/app/slow', element: <Slow /> },
      {
        path: '/app/edit',
        lazy: () =>
          new Promise<{ Component: () => React.ReactNode }>((resolve) => {
            load = () => resolve({ Component: () => <p>builder</p> });
          }),
      },
    ],
    { initialEntries: ['/app'] },
  );
  render(<RouterProvider router={router} />);
  return { router, known, load: () => load(), draw: () => draw() };
}

test('the address of an app goes on to its first page', async () => {
  const { known } = open();
  await act(async () => known.give());
  expect(await screen.findByText('first')).toBeTruthy();
});

test('whoever goes elsewhere meanwhile gets there', async () => {
  const { router, known, load } = open();
  let there: Promise<void> | undefined;
  await act(async () => {
    there = router.navigate('/app/edit');
  });
  await act(async () => known.give());
  await act(async () => {
    load();
    await there;
  });
  expect(await screen.findByText('builder')).toBeTruthy();
  expect(router.state.location.pathname).toBe('/app/edit');
});

test('nor is somebody taken back from a page that is there and not drawn yet', async () => {
  const { router, known, draw } = open();
  await act(async () => router.navigate('/app/slow'));
  expect(router.state.navigation.state).toBe('idle');
  await act(async () => known.give());
  expect(router.state.location.pathname).toBe('/app/slow');
  await act(async () => draw());
  expect(await screen.findByText('drawn')).toBeTruthy();
});
