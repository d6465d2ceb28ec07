// Light or dark, density and sidebar are of this browser: they are remembered
// here, and the theme also in the member's profile.
import { useSyncExternalStore } from 'react';

export type ThemeChoice = 'light' | 'dark' | 'auto';
export type Density = 'compact' | 'default' | 'comfortable';

const listeners = new Set<() => void>();
const dark = typeof matchMedia === 'undefined' ? undefined : matchMedia('(prefers-color-scheme: dark)');

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // A browser that stores nothing keeps the choice for this page only.
  }
}

function stored(): ThemeChoice {
  const value = read('tenon.theme');
  return value === 'light' || value === 'dark' ? value : 'auto';
}

let choice: ThemeChoice = stored();
let density: Density = (read('tenon.density') as Density | null) ?? 'default';

function resolved(): 'light' | 'dark' {
  return choice === 'auto' ? (dark?.matches ? 'dark' : 'light') : choice;
}

function apply(): void {
  document.documentElement.setAttribute('data-mantine-color-scheme', resolved());
  if (density === 'default') document.documentElement.removeAttribute('data-density');
  else document.documentElement.setAttribute('data-density', density);
  for (const listener of listeners) listener();
}

dark?.addEventListener('change', apply);
if (typeof document !== 'undefined') apply();

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Chooses the theme of this browser. */
export function setTheme(next: ThemeChoice): void {
  choice = next;
  write('tenon.theme', next);
  apply();
}

/** The chosen theme and what it comes to now. */
export function useTheme(): { choice: ThemeChoice; scheme: 'light' | 'dark' } {
  const scheme = useSyncExternalStore(subscribe, resolved);
  const current = useSyncExternalStore(subscribe, () => choice);
  return { choice: current, scheme };
}

/** Chooses how tall rows and controls are. */
export function setDensity(next: Density): void {
  density = next;
  write('tenon.density', next);
  apply();
}

export function useDensity(): Density {
  return useSyncExternalStore(subscribe, () => density);
}
