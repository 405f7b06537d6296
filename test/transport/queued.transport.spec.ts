import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, expect, it, onTestFinished } from 'vitest';
import type { QueuedTransportOptions } from '../../lib/transport/queued-transport.options';
import { QueuedTransport } from '../../lib/transport/queued.transport';
import type { Sender } from '../../lib/transport/sender';
import type { SendResult } from '../../lib/transport/send-result';
import { eventEnvelope } from './support/envelopes';
import { FakeTime } from './support/fake-time';
import { RecordingLogger } from './support/recording-logger';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** A transport with a sender of the app's own, which ends with the test. */
function transportOf(
  send: Sender['send'],
  options: Partial<QueuedTransportOptions> = {},
  sender: Partial<Sender> = {},
): { transport: QueuedTransport; logger: RecordingLogger } {
  const logger = new RecordingLogger();
  const transport = new QueuedTransport(
    { send, close: () => undefined, ...sender },
    { server: 'the gateway', logger, ...options },
  );
  cleanups.push(() => transport.close(0));
  return { transport, logger };
}

/** Collects what nobody has caught, while the test runs. */
function unhandled(): unknown[] {
  const reasons: unknown[] = [];
  const listener = (reason: unknown): void => void reasons.push(reason);
  process.on('unhandledRejection', listener);
  onTestFinished(() => void process.off('unhandledRejection', listener));
  return reasons;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate);
}

it.each<[string, Sender['send']]>([
  [
    'throws',
    () => {
      throw new Error('no token');
    },
  ],
  ['rejects', () => Promise.reject(new Error('no token'))],
  ['rejects with something hostile', () => Promise.reject(Object.create(null))],
  ['answers nothing', () => Promise.resolve(undefined as unknown as SendResult)],
  ['answers with something else', () => Promise.resolve('200' as unknown as SendResult)],
])(
  'a sender that %s is a server without an answer: the event waits, and is sent again',
  async (_, broken) => {
    const reasons = unhandled();
    let attempts = 0;
    const { transport, logger } = transportOf(
      (delivery) => {
        attempts += 1;
        return attempts === 1 ? broken(delivery) : Promise.resolve({ status: 200 });
      },
      { random: () => 0.01 },
    );
    transport.send(eventEnvelope(1));
    await logger.waitFor(/cannot deliver to the gateway/);
    await until(() => transport.account.counts().sent === 1);
    expect(attempts).toBe(2);
    expect(transport.status).toMatchObject({ pending: 0, state: 'online' });
    await new Promise(setImmediate);
    expect(reasons).toEqual([]);
  },
);

it('a sender that cannot be closed does not hold up the end', async () => {
  const { transport } = transportOf(
    () => Promise.resolve({ status: 200 }),
    {},
    {
      close: () => {
        throw new Error('closed before');
      },
    },
  );
  transport.send(eventEnvelope(1));
  expect(await transport.close(5000)).toBe(true);
  expect(() => transport.endNow()).not.toThrow();
});

it('wakes up for what waits, also where the wait ends while it looks', async () => {
  for (let earlyMs = 0; earlyMs < 1.5; earlyMs += 0.02) {
    // Each look at the clock is a little later than the last.
    let nowMs = 1000;
    let due: { callback: () => void; atMs: number } | undefined;
    let attempts = 0;
    const { transport } = transportOf(
      () => {
        attempts += 1;
        const lost = { networkError: 'nobody there', isUnsent: true, isStaleSocket: false };
        return Promise.resolve(attempts === 1 ? lost : { status: 200 });
      },
      {
        now: () => (nowMs += 0.02),
        setTimer: (callback, delayMs) => {
          const timer = { callback, atMs: nowMs + delayMs };
          due = timer;
          return () => {
            if (due === timer) due = undefined;
          };
        },
        random: () => 0.01,
      },
    );
    transport.send(eventEnvelope(1));
    await until(() => due !== undefined);
    // Timers may come a little early.
    nowMs = (due?.atMs ?? 0) - earlyMs;
    for (let wake = due; wake && attempts === 1; wake = due) {
      due = undefined;
      wake.callback();
      nowMs = Math.max(nowMs, due === undefined ? 0 : (due as typeof wake).atMs);
    }
    expect(attempts, `${earlyMs} ms before`).toBe(2);
  }
});

it('a policy that says nothing loses its delivery, and the others go on', async () => {
  const reasons = unhandled();
  let judged = 0;
  const { transport } = transportOf(() => Promise.resolve({ status: 200 }), {
    retryPolicy: {
      judge: () => {
        judged += 1;
        return judged === 1 ? (undefined as never) : { kind: 'delivered' };
      },
    },
  });
  transport.send(eventEnvelope(1));
  await until(() => judged === 1);
  transport.send(eventEnvelope(2));
  await until(() => transport.account.counts().sent === 1);
  expect(transport.account.counts().dropped).toEqual({ internal_sdk_error: 1 });
  expect(transport.status.pending).toBe(0);
  expect(reasons).toEqual([]);
});

it('what waits for its turn to be delivered at once is not sent any more when the transport is closed', async () => {
  let attempts = 0;
  let goOn = (): void => undefined;
  const isAnswered = new Promise<void>((resolve) => (goOn = resolve));
  const { transport } = transportOf(
    async () => {
      attempts += 1;
      await isAnswered;
      return { status: 200 };
    },
    { maxConcurrency: 1 },
  );
  const first = transport.deliver(eventEnvelope(1)).catch(String);
  await until(() => attempts === 1);
  const second = transport.deliver(eventEnvelope(2)).catch(String);
  await transport.close(0);
  goOn();
  expect(await second).toMatch(/the transport was closed/);
  expect(await first).toMatch(/the transport was closed/);
  expect(attempts).toBe(1);
  expect(transport.account.counts().dropped).toEqual({ network_error: 2 });
});

it('a report that is sent alone is sent in no context of a request', async () => {
  const request = new AsyncLocalStorage<string>();
  const time = new FakeTime();
  const seen: (string | undefined)[] = [];
  const { transport } = transportOf(
    ({ items }) => {
      if (items[0].type === 'client_report') seen.push(request.getStore());
      return Promise.resolve({ status: 200 });
    },
    { protocol: 'envelope', now: time.now, setTimer: setTimerIn(time) },
  );
  request.run('of the request', () => transport.account.dropped('queue_overflow', eventEnvelope(1).items));
  time.advance(60_000);
  await until(() => seen.length > 0);
  expect(seen).toEqual([undefined]);
});

/** Timers that keep the context in which they are set, as Node's do. */
function setTimerIn(time: FakeTime): FakeTime['setTimer'] {
  return (callback, delayMs) => time.setTimer(AsyncLocalStorage.bind(callback), delayMs);
}
