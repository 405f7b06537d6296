import { describe, expect, it } from 'vitest';
import { Dsn, parseDsn } from '../../lib/protocol/dsn';
import { busyReceiver } from './support/busy-receiver';
import { eventEnvelope, idOf } from './support/envelopes';
import { receiverFor, transportFor } from './support/setup';

const LONG = { text: 'x'.repeat(40_000) };

describe('an envelope that is sent', () => {
  it('arrives as an envelope with the headers that servers expect', async () => {
    const receiver = await receiverFor();
    const { transport } = transportFor(receiver.dsn('42'));
    transport.send(eventEnvelope(1));
    expect(await transport.flush(5000)).toBe(true);
    const [request] = receiver.requests;
    expect(request.malformed).toBeUndefined();
    expect([request.method, request.path]).toEqual(['POST', '/api/42/envelope/']);
    expect(request.headers).toMatchObject({
      'content-type': 'application/x-sentry-envelope',
      'content-length': String(request.rawBody.byteLength),
      'user-agent': 'nestjs.raven/0.1.0',
      'x-sentry-auth': 'Sentry sentry_version=7, sentry_client=nestjs.raven/0.1.0, sentry_key=public',
    });
    expect(Object.keys(request.headers)).not.toContain('cookie');
    expect(Object.keys(request.headers)).not.toContain('content-encoding');
    expect(receiver.events[0]).toMatchObject({ event_id: idOf(1), message: 'event 1' });
    expect(transport.discards.total()).toBe(0);
  });

  it('carries the moment of sending', async () => {
    const receiver = await receiverFor();
    const { transport } = transportFor(receiver.dsn(), { wallClock: () => Date.UTC(2026, 10, 23) });
    transport.send(eventEnvelope(1));
    await transport.flush(5000);
    expect(receiver.envelopes[0].headers['sent_at']).toBe('2026-11-23T00:00:00.000Z');
  });

  it('is gzipped from 32 KiB on', async () => {
    const receiver = await receiverFor();
    const { transport } = transportFor(receiver.dsn());
    transport.send(eventEnvelope(1, 'error', LONG));
    await transport.flush(5000);
    const [request] = receiver.requests;
    expect(request.headers['content-encoding']).toBe('gzip');
    expect(request.rawBody.byteLength).toBeLessThan(1000);
    expect(receiver.events[0]['extra']).toEqual(LONG);
  });

  it('is not changed by what happens to the event afterwards', async () => {
    const receiver = await receiverFor();
    const { transport } = transportFor(receiver.dsn());
    const envelope = eventEnvelope(1);
    transport.send(envelope);
    Object.assign(envelope.items[0].payload, { message: 'changed' });
    await transport.flush(5000);
    expect(receiver.events[0]['message']).toBe('event 1');
  });

  it('shares one connection with those before it', async () => {
    const receiver = await receiverFor();
    const { transport } = transportFor(receiver.dsn());
    for (let n = 1; n <= 5; n++) {
      transport.send(eventEnvelope(n));
      await transport.flush(5000);
    }
    expect(receiver.events).toHaveLength(5);
    expect(await receiver.connectionCount()).toBe(1);
  });

  it('does not come with more requests at a time than allowed', async () => {
    const { receiver, most } = await busyReceiver();
    const { transport } = transportFor(receiver.dsn(), { maxConcurrency: 3 });
    for (let n = 0; n < 20; n++) transport.send(eventEnvelope(n));
    expect(await transport.flush(5000)).toBe(true);
    expect(receiver.events).toHaveLength(20);
    expect(most()).toBeLessThanOrEqual(3);
    expect(most()).toBeGreaterThan(1);
  });

  it('is lost alone where it is no plain data', async () => {
    const receiver = await receiverFor();
    const { transport } = transportFor(receiver.dsn());
    const hostile = {
      get headers(): never {
        throw new Error('no');
      },
    };
    transport.send({ headers: {}, items: [hostile as never] });
    transport.send({ headers: {}, items: [{ headers: { type: 'event' }, payload: undefined as never }] });
    transport.send(eventEnvelope(2));
    expect(await transport.flush(5000)).toBe(true);
    expect(receiver.events.map((event) => event.event_id)).toEqual([idOf(2)]);
    expect(transport.discards.total()).toBe(2);
  });
});

describe('the key and the secret', () => {
  it('are sent where the DSN has them', async () => {
    const receiver = await receiverFor();
    const { transport } = transportFor(receiver.dsn('1', 'old-secret'));
    transport.send(eventEnvelope(1));
    await transport.flush(5000);
    expect(receiver.requests[0].headers['x-sentry-auth']).toContain(
      'sentry_key=public, sentry_secret=old-secret',
    );
  });

  it('cannot smuggle in a header or a field, whatever they are', async () => {
    const receiver = await receiverFor();
    const parts = parseDsn(receiver.dsn());
    const publicKey = 'a\r\nX-Evil: 1\u0000, sentry_version=3\ud800é';
    const { host, port, scheme, path, projectId, options } = parts;
    const dsn = new Dsn({ host, port, scheme, path, projectId, options, publicKey });
    const { transport } = transportFor(receiver.dsn(), { dsn });
    transport.send(eventEnvelope(1));
    expect(await transport.flush(5000)).toBe(true);
    const { headers } = receiver.requests[0];
    expect(headers).not.toHaveProperty('x-evil');
    expect(String(headers['x-sentry-auth']).split(',')).toHaveLength(3);
    expect(headers['x-sentry-auth']).toContain('sentry_key=a%0D%0AX-Evil:%201%00%2C%20sentry_version%3D3');
  });

  it('never get into the log, not even from the server or the network', async () => {
    const key = '0123456789abcdef0123456789abcdef';
    const secret = 'fedcba98-secret';
    const answers = [
      { status: 400, headers: { 'X-Sentry-Error': `bad key ${key}` } },
      { status: 403, body: JSON.stringify({ detail: `no ${secret}`, causes: [`//${key}@host`] }) },
      { status: 500, headers: { 'X-Sentry-Error': `${key}:${secret}` } },
    ];
    const receiver = await receiverFor({ respond: () => answers.shift() ?? 'reset' });
    const { transport, logger } = transportFor(`http://${key}:${secret}@127.0.0.1:${receiver.port}/1`);
    for (let n = 0; n < 3; n++) {
      transport.send(eventEnvelope(n));
      await receiver.waitForRequests(n + 1);
    }
    await logger.waitFor(/cannot deliver/);
    await expect(transport.deliver(eventEnvelope(4))).rejects.toThrow();
    const text = logger.lines.join('\n');
    expect(text).toContain('bad key ***');
    expect(text).not.toContain(key);
    expect(text).not.toContain(secret);
  });
});

describe('the store protocol', () => {
  it('sends the event as JSON to the store endpoint and counts what has no place there', async () => {
    const receiver = await receiverFor();
    const { transport } = transportFor(receiver.dsn('p'), { protocol: 'store' });
    const envelope = eventEnvelope(1, 'error', LONG);
    envelope.items.push({ headers: { type: 'attachment', filename: 'a' }, payload: Buffer.from('a') });
    transport.send(envelope);
    transport.send({ headers: {}, items: [{ headers: { type: 'sessions' }, payload: {} }] });
    expect(await transport.flush(5000)).toBe(true);
    expect(receiver.requests).toHaveLength(1);
    const [request] = receiver.requests;
    expect(request.path).toBe('/api/p/store/');
    expect(request.headers['content-type']).toBe('application/json');
    expect(request.headers['content-encoding']).toBe('gzip');
    expect(receiver.events[0]).toMatchObject({ event_id: idOf(1), extra: LONG });
    expect(transport.discards.take()?.discarded_events).toEqual([
      { reason: 'send_error', category: 'attachment', quantity: 1 },
      { reason: 'send_error', category: 'session', quantity: 1 },
    ]);
  });
});

describe('deliver', () => {
  it('resolves when the server took it', async () => {
    const receiver = await receiverFor();
    const { transport } = transportFor(receiver.dsn());
    await transport.deliver(eventEnvelope(1));
    expect(receiver.events).toHaveLength(1);
  });

  it('rejects with status and reason, and counts the loss', async () => {
    const receiver = await receiverFor({
      respond: () => ({ status: 400, body: JSON.stringify({ detail: 'bad', causes: ['worse', 'worst'] }) }),
    });
    const { transport } = transportFor(receiver.dsn());
    await expect(transport.deliver(eventEnvelope(1))).rejects.toMatchObject({
      name: 'SendError',
      status: 400,
      reason: 'bad: worse: worst',
      message: 'the server answered 400: bad: worse: worst',
    });
    expect(transport.discards.take()?.discarded_events).toEqual([
      { reason: 'send_error', category: 'error', quantity: 1 },
    ]);
  });

  it('rejects where no server is, and does so at once during a back-off', async () => {
    const receiver = await receiverFor();
    const dsn = receiver.dsn();
    await receiver.close();
    const { transport, logger } = transportFor(dsn);
    transport.send(eventEnvelope(1));
    await logger.waitFor(/cannot deliver/);
    await expect(transport.deliver(eventEnvelope(2))).rejects.toMatchObject({
      name: 'SendError',
      status: undefined,
      message: expect.stringContaining('ECONNREFUSED') as string,
    });
  });

  it('obeys limits', async () => {
    const receiver = await receiverFor({ respond: () => ({ status: 429 }) });
    const { transport } = transportFor(receiver.dsn());
    await expect(transport.deliver(eventEnvelope(1))).rejects.toMatchObject({ status: 429 });
    await expect(transport.deliver(eventEnvelope(2))).rejects.toThrow('limits');
    expect(receiver.requests).toHaveLength(1);
  });

  it('rejects after close', async () => {
    const receiver = await receiverFor();
    const { transport } = transportFor(receiver.dsn());
    await transport.close(1000);
    await expect(transport.deliver(eventEnvelope(1))).rejects.toThrow('closed');
    expect(receiver.requests).toHaveLength(0);
  });
});
