import { defineConfig } from 'vitest/config';
import { shared } from './vitest.config.mjs';

/** Events through the servers of others, which are Python programs: see CONTRIBUTING. */
export default defineConfig({
  ...shared,
  test: {
    ...shared.test,
    include: ['test/receivers/**/*.spec.ts'],
    exclude: ['node_modules/**'],
    globalSetup: './test/receivers/support/python-packages.ts',
    hookTimeout: 90_000,
  },
});
