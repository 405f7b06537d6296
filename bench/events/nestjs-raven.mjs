import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** This package as it comes, but for the storm guard, which would hold back what a benchmark repeats; events are serialized and go nowhere. */
export function contender(root, { hasSourceLines }) {
  const { RavenClient, QueuedTransport } = require('nestjs-raven');
  let events = 0;
  const sender = {
    send: ({ items }) => {
      events += items.filter(({ type }) => type === 'event').length;
      return Promise.resolve({ status: 200 });
    },
    close: () => undefined,
  };
  const quiet = { debug() {}, log() {}, warn: console.warn, error: console.error };
  const transport = new QueuedTransport(sender, { logger: quiet, server: 'nowhere', maxQueueBytes: 2 ** 30 });
  const client = new RavenClient(
    {
      dsn: 'http://public@localhost/1',
      transport,
      stormGuard: false,
      installProcessHandlers: false,
      ...(hasSourceLines ? {} : { frameContextLines: 0, sourceMaps: false }),
    },
    { root, logger: quiet },
  );
  return {
    work: (fn) => client.context.run(fn),
    describe: () => {
      client.userContext({ id: '17' });
      client.tagsContext({ tenant: 'acme', area: 'orders', plan: 'pro', region: 'eu', flow: 'checkout' });
      for (const message of ['look for the order', 'found the order', 'look for its customer'])
        client.captureBreadcrumb({ category: 'orders', message, data: { order: 17 } });
    },
    capture: (error) => client.captureException(error),
    flush: () => client.flush(20_000),
    events: () => events,
  };
}
