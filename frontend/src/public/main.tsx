// The entry of public links: its own small page, without the product's shell.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { KitLite } from '@/kit/KitLite';
import { loadMessages, preferredLocale, setLocale, useLocale } from '@/locales';
import { PublicPage } from './PublicPage';

function App() {
  const language = useLocale();
  const token = decodeURIComponent(location.pathname.replace(/^\/f\/?/, '').split('/')[0] ?? '');
  return (
    <KitLite key={language}>
      <PublicPage token={token} />
    </KitLite>
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
