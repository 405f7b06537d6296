import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const lib = fileURLToPath(new URL('./lib/', import.meta.url));

/** What every suite has in common. */
export const shared = {
  resolve: {
    alias: [
      { find: /^nestjs-raven$/, replacement: `${lib}index.ts` },
      { find: /^nestjs-raven\/([\w/-]+)$/, replacement: `${lib}$1/index.ts` },
    ],
  },
  test: {
    reporters: ['default', './test/support/count-reporter.ts'],
    // They only end what hangs: on a busy machine all takes ten times as long.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
  },
} satisfies ViteUserConfig;

const OTHER_SUITES = [
  'test/brokers/**',
  'test/receivers/**',
  'test/chaos/**',
  'test/apps/**',
  'node_modules/**',
];
/** They leave nothing behind in their process: many of them share one, which saves what a process takes to start. */
const UNITS = [
  'client',
  'conformance',
  'context',
  'deployment',
  'event',
  'processors',
  'protocol',
  'stacks',
].map((folder) => `test/${folder}/**/*.spec.ts`);
/** They start processes with the package as it is built. */
const PROCESSES = [
  'test/cli/doctor.spec.ts',
  'test/cli/test-event.spec.ts',
  'test/e2e/ending-processes.spec.ts',
  'test/e2e/error-storms.spec.ts',
  'test/e2e/websockets-hooks.spec.ts',
  'test/integrations/last-words.spec.ts',
  'test/integrations/process-handlers.spec.ts',
  'test/locals/locals-scripts.spec.ts',
  'test/pino/raven-pino-transport.spec.ts',
];
/** Each is a time by itself, so they run last, one after another and alone. */
const MEASURED = ['test/processors/speed.spec.ts', 'test/client/storm-cost.spec.ts'];
/** Tests wait as much as they work, so that no core is kept for the runner. */
const maxWorkers = availableParallelism();

export default defineConfig({
  test: {
    reporters: shared.test.reporters,
    projects: [
      {
        ...shared,
        test: {
          ...shared.test,
          name: 'units',
          include: UNITS,
          exclude: MEASURED,
          isolate: false,
          maxWorkers,
        },
      },
      {
        ...shared,
        test: {
          ...shared.test,
          name: 'apps',
          include: ['test/**/*.spec.ts'],
          exclude: [...OTHER_SUITES, ...UNITS, ...PROCESSES],
          maxWorkers,
        },
      },
      {
        ...shared,
        test: {
          ...shared.test,
          name: 'processes',
          include: PROCESSES,
          globalSetup: ['./test/integrations/support/built-package.ts'],
          maxWorkers,
        },
      },
      {
        extends: './sample/06-testing/vitest.config.mts',
        root: './sample/06-testing',
        test: { maxWorkers, testTimeout: shared.test.testTimeout, hookTimeout: shared.test.hookTimeout },
      },
      { ...shared, test: { ...shared.test, name: 'measured', include: MEASURED, maxWorkers: 1 } },
    ],
  },
});
