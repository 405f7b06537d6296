import { afterEach } from 'vitest';
import { parseDsn } from '../../../lib/protocol/dsn';
import { HttpTransport } from '../../../lib/transport/http.transport';
import type { HttpTransportOptions } from '../../../lib/transport/http-transport.options';
import { startReceiver, type Receiver, type ReceiverOptions } from '../../support/receiver';
import type { FakeTime } from './fake-time';
import { RecordingLogger } from './recording-logger';

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
): { transport: HttpTransport; logger: RecordingLogger } {
  const logger = new RecordingLogger();
  // A pause is as long as it may be.
  const clock = time && { now: time.now, setTimer: time.setTimer, random: () => 1 };
  const transport = new HttpTransport({ dsn: parseDsn(dsn), logger, ...clock, ...options });
  cleanups.push(async () => {
    const closing = transport.close(0);
    time?.advance(0);
    await closing;
  });
  return { transport, logger };
}
