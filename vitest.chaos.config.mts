import { defineConfig } from 'vitest/config';
import base from './vitest.config.mjs';

/** Real processes against a server that misbehaves: see CONTRIBUTING. One file at a time: some measure. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['test/chaos/**/*.spec.ts'],
    exclude: ['node_modules/**'],
    globalSetup: ['./test/chaos/support/build-programs.ts'],
    reporters: ['verbose', './test/support/count-reporter.ts'],
    fileParallelism: false,
    maxConcurrency: 4,
    testTimeout: 90_000,
  },
});
