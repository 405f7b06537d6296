import { createRequire } from 'node:module';

// Installed there by run.mjs, and never with this package.
const require = createRequire(new URL('../peers/package.json', import.meta.url));

/** @sentry/node as its README sets it up, errors only; events are serialized and go nowhere. */
export function contender(_root, { hasSourceLines }) {
  const Sentry = require('@sentry/node');
  let events = 0;
  Sentry.init({
    dsn: 'http://public@localhost/1',
    transport: (options) =>
      Sentry.createTransport({ ...options, bufferSize: 10_000 }, () => {
        events += 1;
        return Promise.resolve({ statusCode: 200 });
      }),
    sendClientReports: false,
    integrations: (defaults) => defaults.filter(({ name }) => hasSourceLines || name !== 'ContextLines'),
  });
  return {
    work: (fn) => Sentry.withIsolationScope(fn),
    describe: () => {
      Sentry.setUser({ id: '17' });
      Sentry.setTags({ tenant: 'acme', area: 'orders', plan: 'pro', region: 'eu', flow: 'checkout' });
      for (const message of ['look for the order', 'found the order', 'look for its customer'])
        Sentry.addBreadcrumb({ category: 'orders', message, data: { order: 17 } });
    },
    capture: (error) => Sentry.captureException(error),
    flush: () => Sentry.flush(20_000),
    events: () => events,
  };
}
