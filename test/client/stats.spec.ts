import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { RavenClient } from '../../lib/client/raven.client';
import type { RavenStats } from '../../lib/client/raven-stats';
import type { RavenOptions } from '../../lib/raven.options';
import { HttpTransport } from '../../lib/transport/http.transport';
import { parseDsn } from '../../lib/protocol/dsn';
import { RecordingTransport } from '../../lib/transport/recording.transport';
import type { Transport } from '../../lib/transport/transport';
import { startReceiver, type Answer, type Receiver } from '../support/receiver';
import { silentLogger } from '../support/silent-logger';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function receiverFor(): Promise<Receiver> {
  const receiver = await startReceiver();
  cleanups.push(() => receiver.close());
  return receiver;
}

function clientFor(options: RavenOptions, environment = {}): RavenClient {
  const client = new RavenClient(
    { includeVersions: false, installProcessHandlers: false, ...options },
    { logger: silentLogger, env: {}, ...environment },
  );
  cleanups.push(() => client.close(0));
  return client;
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'raven-stats-'));
  cleanups.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const droppedOf = ({ dropped }: RavenStats): number =>
  Object.values(dropped).reduce((sum, quantity) => sum + quantity, 0);

function expectBalance(stats: RavenStats): void {
  expect(stats.sent + droppedOf(stats) + stats.pending + stats.spooled).toBe(stats.captured);
}

describe('what a client says of itself', () => {
  it('begins with nothing', () => {
    const stats = clientFor({ dsn: 'http://public@127.0.0.1:9/1' }).stats();
    expect(stats).toEqual({
      captured: 0,
      sent: 0,
      dropped: {},
      pending: 0,
      spooled: 0,
      retried: 0,
      recovered: 0,
      queueLength: 0,
      queueBytes: 0,
      state: 'online',
    });
  });

  it('tells what waits, how many bytes that is, and what went wrong last, without the secret', async () => {
    const receiver = await receiverFor();
    await receiver.close();
    const client = clientFor({ dsn: receiver.dsn('1', 'verysecret'), shutdownTimeoutMs: 50 });
    const gone = new Promise((resolve) => client.on('offline', resolve));
    client.captureMessage('one');
    client.captureMessage('two');
    expect(client.stats()).toMatchObject({ captured: 2, pending: 2, queueLength: 2 });
    await gone;
    const { lastError, queueBytes, state, retried } = client.stats();
    expect(state).toBe('offline');
    expect(queueBytes).toBeGreaterThan(1000);
    expect(retried).toBeGreaterThan(0);
    expect(lastError?.message).toContain('ECONNREFUSED');
    expect(lastError?.message).not.toContain('verysecret');
    expect(Math.abs(Date.now() - (lastError?.atMs ?? 0))).toBeLessThan(60_000);
    await client.close(0);
    expect(client.stats()).toMatchObject({ captured: 2, pending: 0, dropped: { network_error: 2 } });
  });

  it.each<[string, RavenOptions, Partial<RavenStats>]>([
    ['ignored', { ignoreExceptions: [RangeError] }, { dropped: { event_processor: 1 } }],
    ['sampled out', { sampleRate: 0 }, { dropped: { sample_rate: 1 } }],
    ['dropped by beforeSend', { beforeSend: () => null }, { dropped: { before_send: 1 } }],
    [
      'lost to a processor that throws',
      {
        processors: [
          () => {
            throw new Error('no');
          },
        ],
      },
      { dropped: { event_processor: 1 } },
    ],
    ['handed to a transport of the app', { transport: new RecordingTransport() }, { sent: 1, dropped: {} }],
    [
      'lost to a transport that throws',
      {
        transport: transportThat(() => {
          throw new Error('no');
        }),
      },
      { dropped: { internal_sdk_error: 1 } },
    ],
  ])('counts an event that is %s', async (_, options, expected) => {
    const receiver = await receiverFor();
    const client = clientFor({ dsn: receiver.dsn(), ...options });
    client.captureException(new RangeError('r'));
    await client.flush(5000);
    expect(client.stats()).toMatchObject({ captured: 1, pending: 0, ...expected });
  });

  it('counts an error once, however often it is captured', async () => {
    const receiver = await receiverFor();
    const client = clientFor({ dsn: receiver.dsn() });
    const error = new Error('e');
    client.captureException(error);
    client.captureException(error);
    await client.flush(5000);
    expect(client.stats()).toMatchObject({ captured: 1, sent: 1 });
  });

  it('counts what a transport of its own account has done with it', async () => {
    const receiver = await receiverFor();
    receiver.respondWith(() => ({ status: 400 }));
    const transport = new HttpTransport({ dsn: parseDsn(receiver.dsn()), logger: silentLogger });
    const client = clientFor({ dsn: receiver.dsn(), transport });
    client.captureMessage('m');
    await client.flush(5000);
    expect(client.stats()).toMatchObject({ captured: 1, sent: 0, dropped: { send_error: 1 } });
  });

  it('counts an event whose beforeSend never ends as pending, and as lost once it is closed', async () => {
    const receiver = await receiverFor();
    let finish = (): void => undefined;
    const client = clientFor({
      dsn: receiver.dsn(),
      beforeSend: (event) => new Promise((resolve) => (finish = () => resolve(event))),
    });
    client.captureMessage('m');
    expect(client.stats()).toMatchObject({ captured: 1, pending: 1, queueLength: 0 });
    await client.close(1);
    expect(client.stats()).toMatchObject({ pending: 0, dropped: { before_send: 1 } });
    finish();
    await new Promise(setImmediate);
    expectBalance(client.stats());
    expect(receiver.events).toHaveLength(0);
  });

  it('bounds what waits for a beforeSend that never ends', () => {
    const client = clientFor({
      dsn: 'http://public@127.0.0.1:9/1',
      maxQueueLength: 3,
      stormGuard: false,
      beforeSend: () => new Promise(() => undefined),
    });
    for (let n = 0; n < 10; n++) client.captureMessage(`m ${n}`);
    expect(client.stats()).toMatchObject({ captured: 10, pending: 3, dropped: { queue_overflow: 7 } });
  });

  const step = fc.oneof(
    fc.constantFrom(
      'message',
      'error',
      'ignored',
      'same',
      'hook null',
      'hook throws',
      'hook waits',
      'flush',
      'raw',
    ),
    fc.constantFrom<Answer>(
      { status: 200 },
      { status: 400 },
      { status: 413 },
      { status: 429, headers: { 'Retry-After': '0.01' } },
      { status: 429, headers: { 'X-Sentry-Rate-Limits': '0.01:error:key' } },
      { status: 503, headers: { 'Retry-After': '0.01' } },
      'reset',
    ),
  );

  it('balances at every moment, whatever the server and the hooks do, with a spool and without', async () => {
    const receiver = await receiverFor();
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 30 }),
        fc.constantFrom(1, 0.5),
        fc.constantFrom<'none' | 'shutdown' | 'crash'>('none', 'shutdown', 'crash'),
        async (steps, sampleRate, spool) => {
          let answer: Answer = { status: 200 };
          receiver.respondWith(() => answer);
          const client = clientFor(
            {
              dsn: receiver.dsn(),
              sampleRate,
              maxQueueLength: 6,
              ignoreExceptions: [RangeError],
              ...(spool !== 'none' && { spool: { directory: folder(), durability: spool, pauseMs: 1 } }),
              beforeSend: (event) => {
                if (event.message === 'null') return null;
                if (event.message === 'throws') throw new Error('no');
                if (event.message === 'waits') return new Promise((resolve) => setImmediate(resolve, event));
                return event;
              },
            },
            { random: Math.random },
          );
          const same = new Error('same');
          const act: Record<string, () => unknown> = {
            message: () => client.captureMessage('m'),
            error: () => client.captureException(new Error('e')),
            ignored: () => client.captureException(new RangeError('r')),
            same: () => client.captureException(same),
            'hook null': () => client.captureMessage('null'),
            'hook throws': () => client.captureMessage('throws'),
            'hook waits': () => client.captureMessage('waits'),
            raw: () => client.send({ message: 'raw' }),
            flush: () => client.flush(20),
          };
          for (const what of steps) {
            if (typeof what === 'string' && what in act) await act[what]();
            else answer = what as Answer;
            expectBalance(client.stats());
          }
          await client.close(30);
          expectBalance(client.stats());
          expect(client.stats()).toMatchObject({ pending: 0, queueLength: 0, queueBytes: 0 });
        },
      ),
      { numRuns: 60 },
    );
  });
});

function transportThat(send: () => void): Transport {
  const done = (): Promise<boolean> => Promise.resolve(true);
  return { send, flush: done, close: done };
}
