import { describe, expect, it } from 'vitest';
import { RavenClient } from '../../lib/client/raven.client';
import { freePort } from '../support/free-port';
import { startReceiver, type Answer, type Receiver } from '../support/receiver';
import { silentLogger } from '../support/silent-logger';

const COUNT = 200;
const PER_SECOND = 50;
const TROUBLE_MS = 2000;

/** Captures so many errors at that rate, by the clock of the load itself. */
async function capture(client: RavenClient): Promise<void> {
  const startMs = performance.now();
  for (let n = 0; n < COUNT; n++) {
    const dueMs = startMs + (n * 1000) / PER_SECOND;
    while (performance.now() < dueMs) {
      await new Promise((resolve) => setTimeout(resolve, dueMs - performance.now()));
    }
    client.captureException(new Error('the same error again and again'));
  }
}

async function clientFor(dsn: string): Promise<RavenClient> {
  const client = new RavenClient({ dsn, installProcessHandlers: false }, { logger: silentLogger, env: {} });
  await capture(client);
  return client;
}

/** A server that answers so for the first two seconds. */
async function troubled(answer: Answer, andThen?: () => Promise<Answer>): Promise<Receiver> {
  const startMs = performance.now();
  const receiver = await startReceiver();
  receiver.respondWith(({ event }) =>
    performance.now() - startMs < TROUBLE_MS
      ? answer
      : (andThen?.() ?? { body: JSON.stringify(event?.event_id) }),
  );
  return receiver;
}

/** Ids of what the server has taken, once each. */
function taken(receiver: Receiver): number {
  return new Set(receiver.events.map(({ event_id }) => event_id)).size;
}

describe.concurrent('of 200 errors at 50 a second, with no option but the DSN', () => {
  it('all arrive though the server is down for the first 2 s', async () => {
    const port = await freePort();
    const capturing = clientFor(`http://public@127.0.0.1:${port}/1`);
    await new Promise((resolve) => setTimeout(resolve, TROUBLE_MS));
    const receiver = await startReceiver({ port });
    const client = await capturing;
    await receiver.waitForEvents(COUNT, 30_000);
    expect(await client.close(30_000)).toBe(true);
    expect([taken(receiver), client.stats().sent, client.stats().dropped]).toEqual([COUNT, COUNT, {}]);
    await receiver.close();
  });

  it.each<[string, Answer]>([
    ['it answers 500', { status: 500 }],
    ['it resets connections', 'reset'],
  ])('all arrive though for the first 2 s %s', async (_, answer) => {
    const receiver = await troubled(answer);
    const client = await clientFor(receiver.dsn());
    await receiver.waitForEvents(COUNT, 30_000);
    expect(await client.close(30_000)).toBe(true);
    expect([taken(receiver), client.stats().sent, client.stats().dropped]).toEqual([COUNT, COUNT, {}]);
    await receiver.close();
  });

  it('all arrive though each answer takes 3 s', async () => {
    const receiver = await startReceiver();
    receiver.respondWith(() => new Promise((resolve) => setTimeout(resolve, 3000, {})));
    const client = await clientFor(receiver.dsn());
    await receiver.waitForEvents(COUNT, 60_000);
    expect(await client.close(30_000)).toBe(true);
    expect([taken(receiver), client.stats().sent, client.stats().dropped]).toEqual([COUNT, COUNT, {}]);
    await receiver.close();
  });

  it('only those are lost that a limit of 2 s demands, and that is said', async () => {
    const receiver = await troubled({ status: 429, headers: { 'Retry-After': '2' } });
    const client = await clientFor(receiver.dsn());
    expect(await client.close(30_000)).toBe(true);
    const { sent, dropped } = client.stats();
    const { rate_limited: refused = 0, ratelimit_backoff: kept = 0 } = dropped;
    expect([sent + refused + kept, sent]).toEqual([COUNT, taken(receiver)]);
    // The limit holds from its first answer on: nothing was asked meanwhile, and all after it arrived.
    expect(refused).toBeLessThanOrEqual(32);
    expect(refused + kept).toBeLessThanOrEqual((2 * TROUBLE_MS * PER_SECOND) / 1000 + 10);
    const reported = receiver.envelopes
      .flatMap(({ items }) => items)
      .filter(({ headers }) => headers.type === 'client_report')
      .flatMap(({ payload }) => (payload as { discarded_events: { quantity: number }[] }).discarded_events)
      .reduce((sum, { quantity }) => sum + quantity, 0);
    expect(reported).toBe(kept);
    await receiver.close();
  });
});

it('of 2000 errors as fast as they can be captured, with a healthy server, all arrive', async () => {
  const receiver = await startReceiver();
  const client = new RavenClient(
    { dsn: receiver.dsn(), installProcessHandlers: false, stormGuard: false },
    { logger: silentLogger, env: {} },
  );
  for (let n = 0; n < 2000; n++) {
    client.captureException(new Error(`error ${n}`));
    if (n % 10 === 0) await new Promise(setImmediate);
  }
  await receiver.waitForEvents(2000, 60_000);
  expect(await client.close(30_000)).toBe(true);
  expect([taken(receiver), client.stats().sent, client.stats().dropped]).toEqual([2000, 2000, {}]);
  await receiver.close();
});
