import { defineConfig } from 'vitest/config';
import { shared } from './vitest.config.mjs';

const test = { ...shared.test, maxConcurrency: 4, testTimeout: 90_000 };
/** They tell how late an event loop is and how fast answers are: they run last, one after the other. */
const MEASURED = ['test/chaos/latency.spec.ts', 'test/chaos/memory.spec.ts'];

/** Real processes against a server that misbehaves: see CONTRIBUTING. */
export default defineConfig({
  test: {
    globalSetup: ['./test/chaos/support/build-programs.ts'],
    reporters: ['verbose', './test/support/count-reporter.ts'],
    projects: [
      {
        ...shared,
        test: {
          ...test,
          name: 'chaos',
          include: ['test/chaos/**/*.spec.ts'],
          exclude: MEASURED,
          maxWorkers: 2,
        },
      },
      { ...shared, test: { ...test, name: 'measured', include: MEASURED, maxWorkers: 1 } },
    ],
  },
});
