import { defineConfig } from '@playwright/test';
import base from './playwright.config';

/** Writes pictures of every screen for review instead of judging anything. */
export default defineConfig({
  ...base,
  testIgnore: [],
  testMatch: ['**/gallery.spec.ts'],
  timeout: 60_000,
  use: { ...base.use, actionTimeout: 20_000 },
});
