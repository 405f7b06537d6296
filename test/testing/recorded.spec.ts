import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RavenClient, RavenOptions } from 'nestjs-raven';
import { FakeClock, RavenTesting } from 'nestjs-raven/testing';

let raven: RavenTesting;
const clients: RavenClient[] = [];
beforeEach(() => {
  raven = new RavenTesting();
});
afterEach(async () => {
  vi.useRealTimers();
  for (const client of clients.splice(0)) await client.close();
});

function newClient(options: RavenOptions = {}): RavenClient {
  const client = raven.makeClient(options);
  clients.push(client);
  return client;
}

describe('what was recorded', () => {
  it('is there when the capture returns, and in order', () => {
    const client = newClient();
    client.captureMessage('first');
    client.captureException(new Error('second'));
    expect(
      raven.events.map(({ logentry, exception }) => logentry?.message ?? exception?.values[0].value),
    ).toEqual(['first', 'second']);
    expect(raven.last().exception?.values[0].value).toBe('second');
  });

  it('has attachments, also such as have to be waited for', async () => {
    const client = newClient();
    client.captureException(new Error('with a cart'), {
      attachments: [{ filename: 'cart.json', data: () => Promise.resolve('{}') }],
    });
    await raven.waitFor({ message: 'with a cart' });
    expect(raven.envelopes[0].items.map(({ headers }) => headers.type)).toEqual(['event', 'attachment']);
  });

  it('has feedback, which is no event', () => {
    newClient().captureFeedback({ message: 'it is empty' });
    expect(raven.events).toEqual([]);
    expect(raven.envelopes[0].items[0].headers.type).toBe('feedback');
  });

  it('is still there when the client is closed', async () => {
    const client = newClient();
    client.captureMessage('the last one');
    await client.close();
    expect(raven.events).toHaveLength(1);
  });

  it('has no last one where there is none, and says what became of it', () => {
    const client = newClient({ beforeSend: () => null });
    client.captureMessage('dropped');
    expect(() => raven.last()).toThrow(
      'RavenTesting.last: a report was expected, and nothing was reported\nDropped: 1 by before_send.',
    );
  });

  it('is forgotten by clear, and so are the errors that were reported', () => {
    const client = newClient();
    const error = new Error('the mock throws it each time');
    client.captureException(error);
    client.captureException(error);
    expect(raven.events).toHaveLength(1);
    raven.clear();
    expect(raven.events).toEqual([]);
    expect(raven.envelopes).toEqual([]);
    client.captureException(error);
    expect(raven.events).toHaveLength(1);
  });

  it('is found by what is expected of it, and by a function', () => {
    newClient().captureMessage('Imported %s rows', {
      params: [17],
      formatted: 'Imported 17 rows',
      level: 'info',
    });
    expect(raven.find({ message: 'Imported %s rows', level: 'info' })).toBe(raven.last());
    expect(raven.find({ message: /17 rows$/ })).toBe(raven.last());
    expect(raven.find(({ level }) => level === 'info')).toBe(raven.last());
    expect(raven.find({ level: 'error' })).toBeUndefined();
  });
});

describe('waitFor', () => {
  it('has what is there, and what comes later', async () => {
    const client = newClient();
    client.captureMessage('first');
    const later = raven.waitFor({ message: 'second' });
    expect(await raven.waitFor({ message: 'first' })).toBe(raven.events[0]);
    client.captureMessage('second');
    expect(await later).toBe(raven.events[1]);
  });

  it('waits for a beforeSend that takes its time', async () => {
    let send = (): void => undefined;
    const asked = new Promise<void>((resolve) => (send = resolve));
    const client = newClient({ beforeSend: (event) => asked.then(() => event) });
    client.captureMessage('slow');
    expect(raven.events).toEqual([]);
    expect(raven.explain()).toContain('On its way: 1. "await raven.waitFor(…)" waits for it.');
    send();
    expect((await raven.waitFor(() => true)).logentry?.message).toBe('slow');
  });

  it('tells what was reported instead when the time is over', async () => {
    const client = newClient();
    client.tagsContext({ area: 'stock', password: 'hunter2' });
    client.captureException(new RangeError('nothing left'));
    const waiting = raven.waitFor({ type: 'OrderLost', tags: { area: 'orders' } }, 1);
    await expect(waiting).rejects.toThrow(
      "RavenTesting.waitFor: within 1 ms a report of { type: 'OrderLost', tags: { area: 'orders' } } was expected, and these were:\n" +
        "  - RangeError 'nothing left', level error, tags { area: 'stock', password: '********' }\n" +
        "      type is 'RangeError', expected 'OrderLost'\n" +
        "      tags.area is 'stock', expected 'orders'",
    );
  });

  it('names the test that waits in the stack of its error', async () => {
    newClient();
    async function theTestThatWaits(): Promise<void> {
      await raven.waitFor(() => false, 1);
    }
    const error = await theTestThatWaits().catch((thrown: unknown) => thrown as Error);
    expect(error?.stack).toContain('theTestThatWaits');
  });

  it('goes by the real time where the test’s own is a fake', async () => {
    vi.useFakeTimers();
    newClient();
    await expect(raven.waitFor({ type: 'OrderLost' }, 1)).rejects.toThrow('nothing was reported');
  });

  it('fails at once with what the function throws, or where it answers later', async () => {
    const client = newClient();
    client.captureMessage('hello');
    await expect(raven.waitFor((event) => event.user!.id === '1')).rejects.toThrow(TypeError);
    await expect(raven.waitFor((() => Promise.resolve(true)) as never)).rejects.toThrow(
      'the function returned a promise; expected whether it is the event, at once',
    );
  });

  it.each([[Number.NaN], [-1], [2 ** 31]])('refuses to wait for %s ms', async (timeoutMs) => {
    newClient();
    await expect(raven.waitFor(() => true, timeoutMs)).rejects.toThrow('expected a number from 0');
  });
});

describe('the clock', () => {
  it('is the real one until it is set', () => {
    const before = Date.now();
    newClient().captureMessage('now');
    expect(raven.last().timestamp * 1000).toBeGreaterThanOrEqual(before);
    expect(raven.last().timestamp * 1000).toBeLessThanOrEqual(Date.now());
  });

  it('is the time of events and breadcrumbs', () => {
    const client = newClient();
    raven.clock.set('2026-01-31T12:00:00Z');
    client.captureBreadcrumb({ message: 'a minute before' });
    raven.clock.advance(60_000);
    client.captureMessage('now');
    const event = raven.last();
    expect(event.timestamp).toBe(Date.parse('2026-01-31T12:01:00Z') / 1000);
    expect(event.breadcrumbs?.values[0].timestamp).toBe(Date.parse('2026-01-31T12:00:00Z') / 1000);
  });

  it('ends what holds for a time: a storm of errors', () => {
    const client = newClient({ stormGuard: { limit: 1, windowMs: 1000 } });
    raven.clock.set('2026-01-31T12:00:00Z');
    for (let count = 0; count < 3; count++) client.captureMessage('again');
    expect(raven.events).toHaveLength(1);
    raven.clock.advance(1001);
    client.captureMessage('again');
    expect(raven.events).toHaveLength(2);
    expect(raven.last().contexts?.storm_guard).toMatchObject({ guarded: 2 });
  });

  it('follows the timers of the test runner', () => {
    vi.useFakeTimers({ now: Date.parse('2026-01-31T12:00:00Z') });
    newClient().captureMessage('now');
    expect(raven.last().timestamp).toBe(Date.parse('2026-01-31T12:00:00Z') / 1000);
  });

  it('can be set, go on, and be real again', () => {
    const clock = new FakeClock('2026-01-31T12:00:00Z');
    expect(clock.advance(1).now()).toBe(Date.parse('2026-01-31T12:00:00.001Z'));
    const before = Date.now();
    expect(clock.reset().now()).toBeGreaterThanOrEqual(before);
  });

  it('refuses what is no time', () => {
    expect(() => new FakeClock('soon')).toThrow(
      'FakeClock: \'soon\' is no time; expected a date, a text such as "2026-01-31T12:00:00Z", or milliseconds since the epoch',
    );
    expect(() => new FakeClock().advance(Number.NaN)).toThrow('cannot go on by NaN; expected milliseconds');
  });
});

describe('chance', () => {
  it('takes every event whatever the rate, until a test says otherwise', () => {
    const client = newClient({ sampleRate: 0.1 });
    client.captureMessage('sampled');
    raven.random = () => 0.1;
    client.captureMessage('sampled out');
    raven.random = () => 0.09;
    client.captureMessage('sampled again');
    expect(raven.events.map(({ logentry }) => logentry?.message)).toEqual(['sampled', 'sampled again']);
  });
});
