import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const lib = fileURLToPath(new URL('./lib/', import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^nestjs-raven$/, replacement: `${lib}index.ts` },
      { find: /^nestjs-raven\/(\w+)$/, replacement: `${lib}$1/index.ts` },
    ],
  },
  test: {
    include: ['test/**/*.spec.ts'],
    exclude: ['test/brokers/**', 'test/receivers/**', 'test/chaos/**', 'test/apps/**', 'node_modules/**'],
    reporters: ['default', './test/support/count-reporter.ts'],
    testTimeout: 20_000,
  },
});
