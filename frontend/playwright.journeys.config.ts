import { defineConfig } from '@playwright/test';
import base from './playwright.config';

/**
 * Journeys of people through the real binary on a clean data folder. The binary
 * carries `dist/`, so build the UI first; TENON_E2E_BINARY names one that is built.
 */
export default defineConfig({
  ...base,
  workers: 1,
  testDir: './e2e/journeys',
  testIgnore: [],
  globalSetup: './e2e/journeys/build.ts',
  // A whole journey is one test: many screens, each with its own patience.
  timeout: 480_000,
  expect: { timeout: 30_000 },
  use: { ...base.use, baseURL: undefined, actionTimeout: 30_000, screenshot: 'only-on-failure' },
  webServer: undefined,
});
