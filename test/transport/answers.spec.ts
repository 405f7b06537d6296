import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { eventEnvelope, idOf, sessionEnvelope } from './support/envelopes';
import { FakeTime } from './support/fake-time';
import { receiverFor, transportFor } from './support/setup';

describe('limits of the server', () => {
  it.each([
    ['nothing else', {}, 60],
    ['Retry-After in seconds', { 'Retry-After': '120' }, 120],
    ['Retry-After as a date', { 'Retry-After': 'Thu, 01 Jan 1970 00:02:00 GMT' }, 120],
    [
      'X-Sentry-Rate-Limits',
      { 'X-Sentry-Rate-Limits': '90:error:key, 5:session:key', 'Retry-After': '1' },
      90,
    ],
  ])('of a 429 with %s hold for their time', async (_what, headers, seconds) => {
    const time = new FakeTime();
    const receiver = await receiverFor({ respond: () => ({ status: 429, headers }) });
    const { transport, logger } = transportFor(receiver.dsn(), { wallClock: () => 0 }, time);
    transport.send(eventEnvelope(1));
    await transport.flush(1000);
    expect(transport.discards.total()).toBe(0);
    receiver.respondWith();
    time.advance(seconds * 1000 - 1);
    transport.send(eventEnvelope(2));
    transport.send(eventEnvelope(3));
    expect(await transport.flush(0)).toBe(true);
    expect(receiver.requests).toHaveLength(1);
    expect(transport.discards.take()?.discarded_events).toEqual([
      { reason: 'ratelimit_backoff', category: 'error', quantity: 2 },
    ]);
    time.advance(2);
    transport.send(eventEnvelope(4));
    await receiver.waitForEvents(1);
    expect(receiver.events[0].event_id).toBe(idOf(4));
    expect(logger.loud).toHaveLength(2 + (_what.startsWith('X-') ? 1 : 0));
    expect(logger.loud.at(-1)).toMatch(/3 were dropped as .* did not take them/);
  });

  it('of what is never sent are no news for the log', async () => {
    const receiver = await receiverFor({
      respond: () => ({ headers: { 'X-Sentry-Rate-Limits': '60:transaction;span:key' } }),
    });
    const { transport, logger } = transportFor(receiver.dsn());
    transport.send(eventEnvelope(1));
    await transport.flush(5000);
    expect(logger.loud).toEqual([]);
    expect(logger.lines.join()).toContain('does not take transaction, span for 60 s');
  });

  it('are obeyed on a 200 too, for their category only', async () => {
    const receiver = await receiverFor({
      respond: () => ({ headers: { 'X-Sentry-Rate-Limits': '60:error:key' } }),
    });
    const { transport } = transportFor(receiver.dsn());
    transport.send(eventEnvelope(1));
    await transport.flush(5000);
    transport.send(eventEnvelope(2));
    transport.send(sessionEnvelope());
    await transport.flush(5000);
    expect(receiver.envelopes.map((envelope) => envelope.items[0].headers.type)).toEqual([
      'event',
      'sessions',
    ]);
  });

  it('take the attachments of an event with it', async () => {
    const receiver = await receiverFor({
      respond: () => ({ headers: { 'X-Sentry-Rate-Limits': '60:error:key' } }),
    });
    const { transport } = transportFor(receiver.dsn());
    transport.send(eventEnvelope(1));
    await transport.flush(5000);
    const envelope = eventEnvelope(2);
    envelope.items.push({ headers: { type: 'attachment', filename: 'a' }, payload: Buffer.from('a') });
    transport.send(envelope);
    await transport.flush(5000);
    expect(receiver.requests).toHaveLength(1);
    expect(transport.discards.take()?.discarded_events).toEqual([
      { reason: 'ratelimit_backoff', category: 'error', quantity: 1 },
      { reason: 'ratelimit_backoff', category: 'attachment', quantity: 1 },
    ]);
  });

  it('also stop what was waiting already', async () => {
    const receiver = await receiverFor({ respond: () => ({ status: 429 }) });
    const { transport } = transportFor(receiver.dsn(), { maxConcurrency: 1 });
    for (let n = 0; n < 4; n++) transport.send(eventEnvelope(n));
    expect(await transport.flush(5000)).toBe(true);
    expect(receiver.requests).toHaveLength(1);
    expect(transport.discards.take()?.discarded_events).toEqual([
      { reason: 'ratelimit_backoff', category: 'error', quantity: 3 },
    ]);
  });
});

describe('a refusal', () => {
  it.each([
    [400, ''],
    [401, 'key'],
    [403, 'key'],
    [404, "protocol 'store'"],
    [413, 'too large'],
    [302, ''],
  ])('%i is final, counted, and told once with the reason and a hint', async (status, hint) => {
    const receiver = await receiverFor({
      respond: () => ({ status, headers: { 'X-Sentry-Error': 'the reason', Location: '/elsewhere' } }),
    });
    const { transport, logger } = transportFor(receiver.dsn());
    for (let n = 0; n < 3; n++) transport.send(eventEnvelope(n));
    expect(await transport.flush(5000)).toBe(true);
    expect(receiver.requests.map((request) => request.path)).toEqual(Array(3).fill('/api/1/envelope/'));
    expect(transport.discards.take()?.discarded_events).toEqual([
      { reason: 'send_error', category: 'error', quantity: 3 },
    ]);
    expect(logger.loud).toHaveLength(1);
    expect(logger.loud[0]).toMatch(/^error: /);
    expect(logger.loud[0]).toContain(`answered ${status} (the reason)`);
    expect(logger.loud[0]).toContain(hint);
  });

  it('cannot write lines of its own into the log', async () => {
    const receiver = await receiverFor({
      respond: () => ({
        status: 400,
        body: JSON.stringify({ detail: `a\n[ERROR] b\u001b[31m ${'x'.repeat(5000)}` }),
      }),
    });
    const { transport, logger } = transportFor(receiver.dsn());
    transport.send(eventEnvelope(1));
    await transport.flush(5000);
    expect(logger.loud[0]).toContain('(a [ERROR] b [31m xxx');
    expect(logger.loud[0].length).toBeLessThan(500);
  });
});

describe('the body of an answer', () => {
  it('may be megabytes without harm', async () => {
    const receiver = await receiverFor({
      respond: () => ({ status: 400, body: Buffer.alloc(8_000_000, 'x') }),
    });
    const { transport } = transportFor(receiver.dsn());
    transport.send(eventEnvelope(1));
    expect(await transport.flush(5000)).toBe(true);
    expect(transport.discards.total()).toBe(1);
  });

  it('may be endless', async () => {
    const server = createServer((_request, response) => {
      const write = (): void => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
      };
      response.writeHead(200);
      response.on('drain', write);
      write();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { transport, logger } = transportFor(`http://key@127.0.0.1:${port}/1`);
    transport.send(eventEnvelope(1));
    expect(await transport.flush(5000)).toBe(true);
    expect(logger.loud).toEqual([]);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('does not matter for success', async () => {
    const receiver = await receiverFor({ respond: () => ({ status: 201, body: '{"broken' }) });
    const { transport, logger } = transportFor(receiver.dsn());
    transport.send(eventEnvelope(1));
    expect(await transport.flush(5000)).toBe(true);
    expect([transport.discards.total(), logger.loud]).toEqual([0, []]);
  });
});

it('a logger that throws harms nothing', async () => {
  const fail = (): never => {
    throw new Error('no log');
  };
  const receiver = await receiverFor({ respond: () => ({ status: 400 }) });
  const { transport } = transportFor(receiver.dsn(), { logger: { debug: fail, warn: fail, error: fail } });
  transport.send(eventEnvelope(1));
  expect(await transport.flush(5000)).toBe(true);
});

it('a retry policy that throws loses its envelope and holds up nobody', async () => {
  const receiver = await receiverFor();
  const retryPolicy = {
    judge: () => {
      throw new Error('broken policy');
    },
  };
  const { transport } = transportFor(receiver.dsn(), { retryPolicy });
  transport.send(eventEnvelope(1));
  expect(await transport.flush(5000)).toBe(true);
  expect(transport.discards.take()?.discarded_events).toEqual([
    { reason: 'internal_sdk_error', category: 'error', quantity: 1 },
  ]);
});
