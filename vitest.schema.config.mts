import { defineConfig } from 'vitest/config';
import { shared } from './vitest.config.mjs';

/** Events against Sentry's own schema, which is another project's and is not kept here: SENTRY_EVENT_SCHEMA names its file. */
export default defineConfig({
  ...shared,
  test: { ...shared.test, include: ['test/conformance/*.schema.ts'] },
});
