import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router';
import { onUnauthorized, Problem } from '@/api/client';
import { keys } from '@/api/keys';
import type { Bootstrap } from '@/api/types';
import { KitProvider } from '@/kit/KitProvider';
import { preferredLocale, setLocale, useLocale } from '@/locales';
import { warmFormats } from '@/locales/format';
import { reloadOnce } from '@/pages/reload';
import { makeRouter } from '@/pages/routes';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // Answers of a refusing server do not change by asking again.
      retry: (count, error) => count < 1 && (!(error instanceof Problem) || error.offline || error.status >= 500),
      staleTime: 10_000,
      refetchOnWindowFocus: true,
    },
  },
});

// The language first: routes load their texts in it.
const ready = setLocale(preferredLocale());
const router = makeRouter(client);

onUnauthorized(() => {
  const before = client.getQueryData<Bootstrap>(keys.bootstrap);
  if (!before?.me) return;
  client.setQueryData<Bootstrap>(keys.bootstrap, { ...before, me: null, workspaces: [] });
  const { pathname, search } = router.state.location;
  router.navigate(`/sign-in?next=${encodeURIComponent(pathname + search)}`);
});

// A chunk that is gone after an upgrade: load the new version, once.
window.addEventListener('vite:preloadError', (event) => {
  if (reloadOnce()) event.preventDefault();
});

function App() {
  // A new language redraws everything: texts are plain function calls.
  const language = useLocale();
  return (
    <QueryClientProvider client={client}>
      <KitProvider key={language}>
        <RouterProvider router={router} />
      </KitProvider>
    </QueryClientProvider>
  );
}

const root = document.getElementById('root');
if (root) {
  ready.then(() => {
    createRoot(root).render(
      <StrictMode>
        <App />
      </StrictMode>,
    );
    warmFormats();
  });
}
