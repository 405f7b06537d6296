import { defineConfig } from 'vitest/config';
import base from './vitest.config.mjs';

/** Tests against real brokers, which npm cannot install: see CONTRIBUTING. One file at a time: each starts its own. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['test/brokers/**/*.spec.ts'],
    exclude: ['node_modules/**'],
    fileParallelism: false,
    hookTimeout: 90_000,
  },
});
