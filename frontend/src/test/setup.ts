import { cleanup } from '@testing-library/react';
import { afterEach } from 'vitest';

// happy-dom lacks what layout code asks for.
if (typeof window !== 'undefined') {
  window.matchMedia ??= ((query: string) => ({
    matches: false,
    media: query,
    addEventListener() {},
    removeEventListener() {},
    addListener() {},
    removeListener() {},
    dispatchEvent: () => false,
    onchange: null,
  })) as unknown as typeof window.matchMedia;
  afterEach(() => {
    cleanup();
    document.body.innerHTML = '';
    localStorage.clear();
  });
}
