import { defineConfig, mergeConfig } from 'vitest/config';
import base from './vitest.config.mjs';

/** Events against Sentry's own schema, which is another project's and is not kept here: SENTRY_EVENT_SCHEMA names its file. */
export default mergeConfig(base, defineConfig({ test: { include: ['test/conformance/*.schema.ts'] } }));
