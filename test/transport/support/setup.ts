import { afterEach } from 'vitest';
import { parseDsn } from '../../../lib/protocol/dsn';
import { HttpTransport } from '../../../lib/transport/http.transport';
import { NodeHttpTransport } from '../../../lib/transport/node-http.transport';
import type { HttpTransportOptions } from '../../../lib/transport/http-transport.options';
import type { ServerTransport } from '../../../lib/transport/server.transport';
import { WorkerHttpTransport } from '../../../lib/transport/worker-http.transport';
import { startReceiver, type Receiver, type ReceiverOptions } from '../../support/receiver';
import type { FakeTime } from './fake-time';
import { RecordingLogger } from './recording-logger';

/** Transports to a server, by the file that a script of its own process loads them from. */
const CLASSES = {
  'http.transport': HttpTransport,
  'node-http.transport': NodeHttpTransport,
  'worker-http.transport': WorkerHttpTransport,
};
let file: keyof typeof CLASSES = 'http.transport';

/** From here on the tests of this file are about that transport; those about an `axios` option are not. */
export function useTransport(name: keyof typeof CLASSES): void {
  file = name;
}

/** A line of a script that makes `HttpTransport` the transport that the tests are about. */
export function requiredTransport(): string {
  return `const { ${CLASSES[file].name}: HttpTransport } = require('./transport/${file}.js');`;
}

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A receiver that ends with the test. */
export async function receiverFor(options?: ReceiverOptions): Promise<Receiver> {
  const receiver = await startReceiver(options);
  cleanups.push(() => receiver.close());
  return receiver;
}

/**
 * A transport that ends with the test, and what it logs.
 *
 * @param time - stands for clock and timers, where given
 */
export function transportFor(
  dsn: string,
  options: Partial<HttpTransportOptions> = {},
  time?: FakeTime,
): { transport: ServerTransport; logger: RecordingLogger } {
  const logger = new RecordingLogger();
  // A pause is as long as it may be.
  const clock = time && { now: time.now, setTimer: time.setTimer, random: () => 1 };
  const Transport = options.axios === undefined ? CLASSES[file] : HttpTransport;
  const transport = new Transport({ dsn: parseDsn(dsn), logger, ...clock, ...options });
  cleanups.push(async () => {
    const closing = transport.close(0);
    time?.advance(0);
    await closing;
  });
  return { transport, logger };
}
