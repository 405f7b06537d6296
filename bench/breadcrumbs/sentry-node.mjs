import { createRequire } from 'node:module';

// Installed there by run.mjs, and never with this package.
const require = createRequire(new URL('../peers/package.json', import.meta.url));

/** @sentry/node as its README sets it up, errors only. */
export function contender() {
  const Sentry = require('@sentry/node');
  Sentry.init({
    dsn: 'http://public@localhost/1',
    transport: (options) => Sentry.createTransport(options, () => Promise.resolve({ statusCode: 200 })),
    sendClientReports: false,
  });
  return {
    work: (fn) => Sentry.withIsolationScope(fn),
    record: (crumb) => Sentry.addBreadcrumb(crumb),
    recorded: () => Sentry.getIsolationScope().getScopeData().breadcrumbs.length,
  };
}
