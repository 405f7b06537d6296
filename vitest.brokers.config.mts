import { defineConfig } from 'vitest/config';
import { shared } from './vitest.config.mjs';

/** Tests against real brokers, which npm cannot install: see CONTRIBUTING. Each file starts its own; two at a time, which mostly wait. */
export default defineConfig({
  ...shared,
  test: {
    ...shared.test,
    include: ['test/brokers/**/*.spec.ts'],
    exclude: ['node_modules/**'],
    maxWorkers: 2,
    hookTimeout: 90_000,
  },
});
