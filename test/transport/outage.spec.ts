import { describe, expect, it } from 'vitest';
import type { Answer } from '../support/receiver';
import { busyReceiver } from './support/busy-receiver';
import { eventEnvelope, idOf, sessionEnvelope } from './support/envelopes';
import { FakeTime } from './support/fake-time';
import { receiverFor, transportFor } from './support/setup';

/** A DSN of a server that is not there. */
async function deadDsn(): Promise<{ dsn: string; port: number }> {
  const receiver = await receiverFor();
  await receiver.close();
  return { dsn: receiver.dsn(), port: receiver.port };
}

describe('a server that is down', () => {
  it('gets everything with the same ids once it is up again', async () => {
    const { dsn, port } = await deadDsn();
    const time = new FakeTime();
    const { transport, logger } = transportFor(dsn, {}, time);
    for (let n = 0; n < 20; n++) transport.send(eventEnvelope(n));
    await logger.waitFor(/cannot deliver/);
    const receiver = await receiverFor({ port });
    time.advance(1001);
    const events = await receiver.waitForEvents(20);
    expect(new Set(events.map((event) => event.event_id))).toEqual(
      new Set(Array.from({ length: 20 }, (_, n) => idOf(n))),
    );
    await logger.waitFor(/again after 1 s/);
    expect(transport.discards.total()).toBe(0);
    expect(logger.loud).toHaveLength(2);
    expect(logger.loud[0]).toContain('ECONNREFUSED');
  });

  it('is not tried during the pause, which grows', async () => {
    const time = new FakeTime();
    const receiver = await receiverFor({ respond: () => ({ status: 503 }) });
    const { transport, logger } = transportFor(receiver.dsn(), { wallClock: () => time.nowMs }, time);
    transport.send(eventEnvelope(1));
    await logger.waitFor(/cannot deliver/);
    time.advance(999);
    transport.send(eventEnvelope(2));
    await new Promise(setImmediate);
    expect(receiver.requests).toHaveLength(1);
    time.advance(2);
    await logger.waitFor(/still no delivery/);
    receiver.respondWith();
    time.advance(1999);
    time.advance(2);
    await receiver.waitForEvents(2);
    const sentAt = receiver.requests.map((request) => request.envelope?.headers['sent_at']);
    expect(sentAt).toEqual(['01.000', '02.001', '04.002', '04.002'].map((at) => `1970-01-01T00:00:${at}Z`));
  });

  it('is tried at once when somebody waits, unless it asked for a pause', async () => {
    const time = new FakeTime();
    const receiver = await receiverFor({ respond: () => ({ status: 503 }) });
    const { transport, logger } = transportFor(receiver.dsn(), { wallClock: () => time.nowMs }, time);
    transport.send(eventEnvelope(1));
    await logger.waitFor(/cannot deliver/);
    receiver.respondWith(() => ({ status: 503, headers: { 'Retry-After': '9' } }));
    void transport.flush(60_000);
    await logger.waitFor(/still no delivery.* in 9 s|still no delivery.* in 10 s/);
    expect(receiver.requests).toHaveLength(2);
    receiver.respondWith();
    const flushed = transport.flush(60_000);
    time.advance(8999);
    await new Promise(setImmediate);
    expect(receiver.requests).toHaveLength(2);
    time.advance(2);
    expect(await flushed).toBe(true);
  });

  it('is asked by one request at a time until it is back', async () => {
    const time = new FakeTime();
    const receiver = await receiverFor({ respond: () => ({ status: 503 }) });
    const { transport, logger } = transportFor(receiver.dsn(), {}, time);
    for (let n = 0; n < 5; n++) transport.send(eventEnvelope(n));
    await logger.waitFor(/still no delivery/, 4);
    expect(receiver.requests).toHaveLength(5);
    time.advance(1001);
    await logger.waitFor(/still no delivery/, 5);
    expect(receiver.requests).toHaveLength(6);
  });

  it('sends a retry with the same id and a new moment of sending', async () => {
    const time = new FakeTime();
    const receiver = await receiverFor({ respond: () => ({ status: 500 }) });
    const { transport, logger } = transportFor(receiver.dsn(), { wallClock: () => time.nowMs }, time);
    transport.send(eventEnvelope(1));
    await logger.waitFor(/cannot deliver/);
    receiver.respondWith();
    time.advance(5000);
    await receiver.waitForEvents(1);
    const [first, second] = receiver.requests.map((request) => request.envelope?.headers ?? {});
    expect(first['event_id']).toBe(second['event_id']);
    expect([first['sent_at'], second['sent_at']]).toEqual([
      '1970-01-01T00:00:01.000Z',
      '1970-01-01T00:00:06.000Z',
    ]);
  });

  it.each([
    ['seconds', '30'],
    ['a date', 'Thu, 01 Jan 1970 00:00:31 GMT'],
  ])('is left alone for as long as its Retry-After in %s says', async (_form, retryAfter) => {
    const time = new FakeTime();
    const receiver = await receiverFor({
      respond: () => ({ status: 503, headers: { 'Retry-After': retryAfter } }),
    });
    const { transport, logger } = transportFor(receiver.dsn(), { wallClock: () => time.nowMs }, time);
    transport.send(eventEnvelope(1));
    await logger.waitFor(/cannot deliver/);
    receiver.respondWith();
    time.advance(30_000);
    time.advance(1);
    await receiver.waitForEvents(1);
    expect(receiver.requests[1].envelope?.headers['sent_at']).toBe('1970-01-01T00:00:31.001Z');
  });

  it.each([408, 425, 500, 502, 504, 'reset'] as const)('keeps events that met %s', async (trouble) => {
    const time = new FakeTime();
    const answer: Answer = trouble === 'reset' ? trouble : { status: trouble };
    const receiver = await receiverFor({ respond: () => answer });
    const { transport, logger } = transportFor(receiver.dsn(), {}, time);
    transport.send(eventEnvelope(7));
    await logger.waitFor(/cannot deliver/);
    receiver.respondWith();
    time.advance(1001);
    expect((await receiver.waitForEvents(1))[0].event_id).toBe(idOf(7));
    expect(transport.discards.total()).toBe(0);
  });

  it('does not get twice what it would count twice', async () => {
    const receiver = await receiverFor({ respond: () => ({ status: 500 }) });
    const { transport } = transportFor(receiver.dsn());
    transport.send(sessionEnvelope());
    expect(await transport.flush(5000)).toBe(true);
    expect(transport.discards.take()?.discarded_events).toEqual([
      { reason: 'send_error', category: 'session', quantity: 1 },
    ]);
  });

  it('gets later what surely never arrived, of whatever kind', async () => {
    const { dsn, port } = await deadDsn();
    const time = new FakeTime();
    const { transport, logger } = transportFor(dsn, {}, time);
    transport.send(sessionEnvelope());
    await logger.waitFor(/cannot deliver/);
    const receiver = await receiverFor({ port });
    time.advance(1001);
    await receiver.waitForEnvelopes(1);
  });
});

describe('what cannot be delivered for long', () => {
  it('is bounded in number; the oldest goes, counted, and told once', async () => {
    const { dsn, port } = await deadDsn();
    const time = new FakeTime();
    const { transport, logger } = transportFor(dsn, { maxQueueLength: 3 }, time);
    transport.send(eventEnvelope(0));
    await logger.waitFor(/cannot deliver/);
    for (let n = 1; n < 10; n++) transport.send(eventEnvelope(n));
    expect(transport.discards.take()?.discarded_events).toEqual([
      { reason: 'queue_overflow', category: 'error', quantity: 7 },
    ]);
    expect(logger.loud.filter((line) => line.includes('full'))).toHaveLength(1);
    const receiver = await receiverFor({ port });
    time.advance(1001);
    const events = await receiver.waitForEvents(3);
    expect(new Set(events.map((event) => event.event_id))).toEqual(new Set([idOf(7), idOf(8), idOf(9)]));
    await logger.waitFor(/7 were lost/);
  });

  it('is bounded in bytes, with room for the copies that sending makes', async () => {
    const { dsn } = await deadDsn();
    const { transport, logger } = transportFor(dsn, { maxQueueBytes: 16_000 });
    transport.send(eventEnvelope(0, 'error', { text: 'x'.repeat(20_000) }));
    expect(transport.discards.total()).toBe(1);
    for (let n = 1; n <= 5; n++) transport.send(eventEnvelope(n, 'error', { text: 'x'.repeat(4000) }));
    expect(transport.discards.total()).toBe(4);
    expect(transport.status.queueBytes).toBeLessThan(0.6 * 16_000);
    await logger.waitFor(/cannot deliver/);
  });

  it('loses debug messages before errors', async () => {
    const { dsn, port } = await deadDsn();
    const time = new FakeTime();
    const { transport, logger } = transportFor(dsn, { maxQueueLength: 2 }, time);
    transport.send(eventEnvelope(1, 'fatal'));
    await logger.waitFor(/cannot deliver/);
    transport.send(eventEnvelope(2, 'debug'));
    transport.send(eventEnvelope(3, 'error'));
    transport.send(eventEnvelope(4, 'info'));
    const receiver = await receiverFor({ port });
    time.advance(1001);
    const events = await receiver.waitForEvents(2);
    expect(new Set(events.map((event) => event.event_id))).toEqual(new Set([idOf(1), idOf(3)]));
  });

  it('is given up when it is too old', async () => {
    const { dsn } = await deadDsn();
    const time = new FakeTime();
    const { transport, logger } = transportFor(dsn, { maxAgeMs: 60_000 }, time);
    transport.send(eventEnvelope(1));
    await logger.waitFor(/cannot deliver/);
    time.advance(60_001);
    expect(transport.discards.take()?.discarded_events).toEqual([
      { reason: 'network_error', category: 'error', quantity: 1 },
    ]);
    expect(await transport.flush(0)).toBe(true);
  });

  it('is given up when it alone breaks the server, and does not hold up the others', async () => {
    const time = new FakeTime();
    const receiver = await receiverFor({
      respond: (request) => ({ status: request.event?.event_id === idOf(1) ? 500 : 200 }),
    });
    const { transport, logger } = transportFor(receiver.dsn(), { maxRejections: 2, maxConcurrency: 1 }, time);
    transport.send(eventEnvelope(1));
    transport.send(eventEnvelope(2));
    await logger.waitFor(/cannot deliver/);
    time.advance(1001);
    await receiver.waitForEvents(1);
    expect(receiver.events[0].event_id).toBe(idOf(2));
    await logger.waitFor(/answered 500/);
    expect(transport.discards.take()?.discarded_events).toEqual([
      { reason: 'send_error', category: 'error', quantity: 1 },
    ]);
  });
});

it('a kept-alive connection that the server closed is replaced without a pause', async () => {
  const answers: Answer[] = [{}, 'reset'];
  const receiver = await receiverFor({ respond: () => answers.shift() ?? {} });
  const { transport, logger } = transportFor(receiver.dsn());
  transport.send(eventEnvelope(1));
  await transport.flush(5000);
  transport.send(eventEnvelope(2));
  expect(await transport.flush(900)).toBe(true);
  expect(receiver.requests.map((request) => request.event?.event_id)).toEqual([idOf(1), idOf(2), idOf(2)]);
  expect(logger.loud).toEqual([]);
});

describe('a server that fails now and then', () => {
  it('is told of once a minute', async () => {
    let asked = 0;
    const receiver = await receiverFor({ respond: () => ({ status: asked++ % 2 === 0 ? 503 : 200 }) });
    const { transport, logger } = transportFor(receiver.dsn(), { random: () => 0, maxConcurrency: 1 });
    for (let n = 0; n < 30; n++) transport.send(eventEnvelope(n));
    await receiver.waitForEvents(30);
    expect(logger.loud).toHaveLength(2);
    expect(receiver.requests.length).toBeGreaterThan(30);
  });
});

describe('an event that somebody waits for', () => {
  it('takes its turn where very many are sent at once', async () => {
    const { receiver, most } = await busyReceiver();
    const { transport } = transportFor(receiver.dsn(), { maxConcurrency: 3 });
    await Promise.all(Array.from({ length: 30 }, (_, n) => transport.deliver(eventEnvelope(n))));
    expect(receiver.events).toHaveLength(30);
    expect(most()).toBeLessThanOrEqual(3);
  });
});
