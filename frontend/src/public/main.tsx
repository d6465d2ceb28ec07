// The entry of public links: its own small page, without the product's shell.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { KitProvider } from '@/kit/KitProvider';
import { loadMessages, preferredLocale, setLocale, useLocale } from '@/locales';
import { PublicPage } from './PublicPage';

const client = new QueryClient({ defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false } } });

function App() {
  const language = useLocale();
  const token = decodeURIComponent(location.pathname.replace(/^\/f\/?/, '').split('/')[0] ?? '');
  return (
    <QueryClientProvider client={client}>
      <KitProvider key={language}>
        <PublicPage token={token} />
      </KitProvider>
    </QueryClientProvider>
  );
}

const root = document.getElementById('root');
if (root) {
  setLocale(preferredLocale())
    .then(() => loadMessages('record'))
    .then(() =>
      createRoot(root).render(
        <StrictMode>
          <App />
        </StrictMode>,
      ),
    );
}
