import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** This package as it comes; each piece of work is a scope as requests have it, or one of the public API. */
export function contender(kind) {
  const { RavenClient, RecordingTransport } = require('nestjs-raven');
  const client = new RavenClient({
    dsn: 'http://public@localhost/1',
    transport: new RecordingTransport(),
    installProcessHandlers: false,
  });
  const { WorkScope, runInScope } = require('../../dist/context/scope');
  return {
    work: kind === 'request' ? (fn) => runInScope(new WorkScope(), fn) : (fn) => client.context.run(fn),
    record: (crumb) => client.captureBreadcrumb(crumb),
    recorded: () => client.context.breadcrumbs.length,
  };
}
