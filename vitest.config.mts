import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    alias: { 'nestjs-raven': fileURLToPath(new URL('./lib/index.ts', import.meta.url)) },
  },
  test: {
    include: ['test/**/*.spec.ts'],
    exclude: ['test/brokers/**', 'test/chaos/**', 'test/apps/**', 'node_modules/**'],
    reporters: ['default', './test/support/count-reporter.ts'],
    testTimeout: 20_000,
  },
});
