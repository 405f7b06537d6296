import { defineConfig } from 'vitest/config';
import { shared } from '../../vitest.config.mjs';

export default defineConfig({
  // The package is this repository; an app of yours has it in node_modules and needs no such line.
  resolve: shared.resolve,
  test: {
    name: 'sample-06',
    include: ['test/**/*.spec.ts'],
    setupFiles: ['./test/setup.ts'],
  },
});
