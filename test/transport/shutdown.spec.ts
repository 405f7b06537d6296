import { Agent } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { SOON } from '../support/soon';
import { eventEnvelope, idOf } from './support/envelopes';
import { FakeTime } from './support/fake-time';
import { receiverFor, transportFor } from './support/setup';

describe('flush', () => {
  it('is true at once where nothing waits', async () => {
    const { transport } = transportFor('http://key@127.0.0.1:9/1', {}, new FakeTime());
    expect(await transport.flush(1000)).toBe(true);
  });

  it('gives up on a server that hangs when its time is over', async () => {
    const receiver = await receiverFor({ respond: () => 'hang' });
    const { transport } = transportFor(receiver.dsn());
    transport.send(eventEnvelope(1));
    const startMs = performance.now();
    expect(await transport.flush(50)).toBe(false);
    expect(performance.now() - startMs).toBeLessThan(4000);
  });

  it('does not shorten a pause: false while a server is down', async () => {
    const time = new FakeTime();
    const receiver = await receiverFor({ respond: () => ({ status: 503 }) });
    const { transport, logger } = transportFor(receiver.dsn(), {}, time);
    transport.send(eventEnvelope(1));
    await logger.waitFor(/cannot deliver/);
    const flushed = transport.flush(500);
    time.advance(500);
    expect(await flushed).toBe(false);
    expect(receiver.requests).toHaveLength(1);
  });

  it('waits for what was sent before it and not for what comes later', async () => {
    const receiver = await receiverFor({
      respond: (request) => (request.event?.event_id === idOf(2) ? 'hang' : {}),
    });
    const { transport } = transportFor(receiver.dsn());
    transport.send(eventEnvelope(1));
    const flushed = transport.flush(5000);
    transport.send(eventEnvelope(2));
    expect(await flushed).toBe(true);
    expect(receiver.events).toHaveLength(1);
  });
});

describe('close', () => {
  it('delivers what waits, then sends nothing more', async () => {
    const receiver = await receiverFor();
    const { transport } = transportFor(receiver.dsn());
    for (let n = 0; n < 30; n++) transport.send(eventEnvelope(n));
    expect(await transport.close(5000)).toBe(true);
    expect(receiver.events).toHaveLength(30);
    transport.send(eventEnvelope(99));
    expect(await transport.flush(100)).toBe(true);
    expect(receiver.requests).toHaveLength(30);
    expect(transport.discards.take()?.discarded_events).toEqual([
      { reason: 'queue_overflow', category: 'error', quantity: 1 },
    ]);
  });

  it('breaks off and counts what is left, and says how many', async () => {
    const receiver = await receiverFor({ respond: () => 'hang' });
    const { transport, logger } = transportFor(receiver.dsn(), { maxConcurrency: 2 });
    for (let n = 0; n < 5; n++) transport.send(eventEnvelope(n));
    await receiver.waitForRequests(2);
    expect(await transport.close(20)).toBe(false);
    expect(transport.discards.take()?.discarded_events).toEqual([
      { reason: 'network_error', category: 'error', quantity: 5 },
    ]);
    expect(logger.loud.join()).toContain('5 undelivered');
  });

  it('gives every caller the same answer', async () => {
    const receiver = await receiverFor();
    const { transport } = transportFor(receiver.dsn());
    transport.send(eventEnvelope(1));
    expect(await Promise.all([transport.close(5000), transport.close(5000)])).toEqual([true, true]);
    expect(receiver.events).toHaveLength(1);
  });

  it('ends its own connections and leaves those of an agent it was given', async () => {
    const receiver = await receiverFor();
    const httpAgent = new Agent({ keepAlive: true });
    const own = transportFor(receiver.dsn()).transport;
    const given = transportFor(receiver.dsn(), { axios: { httpAgent } }).transport;
    for (const transport of [own, given]) {
      transport.send(eventEnvelope(1));
      await transport.close(5000);
    }
    await vi.waitFor(async () => expect(await receiver.connectionCount()).toBe(1), SOON);
    expect(Object.values(httpAgent.freeSockets).flat().length).toBe(1);
    expect(Object.values(httpAgent.freeSockets).flat()[0]?.destroyed).toBe(false);
    httpAgent.destroy();
  });
});
