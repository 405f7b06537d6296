import { afterEach, describe, expect, it } from 'vitest';
import { SpotlightTransport } from '../../lib/transport/spotlight.transport';
import { eventEnvelope, idOf } from './support/envelopes';
import { FakeTime } from './support/fake-time';
import { RecordingLogger } from './support/recording-logger';
import { receiverFor } from './support/setup';

const open: SpotlightTransport[] = [];
afterEach(async () => {
  for (const transport of open.splice(0)) await transport.close(100);
});

function spotlightFor(
  url: string,
  now?: () => number,
): { spotlight: SpotlightTransport; logger: RecordingLogger } {
  const logger = new RecordingLogger();
  const spotlight = new SpotlightTransport({ url, logger, now });
  open.push(spotlight);
  return { spotlight, logger };
}

describe('copies for Spotlight', () => {
  it('arrive without any key', async () => {
    const receiver = await receiverFor();
    const { spotlight } = spotlightFor(`${receiver.url}/stream`);
    spotlight.send(eventEnvelope(1));
    expect(await spotlight.flush(5000)).toBe(true);
    const [request] = receiver.requests;
    expect([request.method, request.path]).toEqual(['POST', '/stream']);
    expect(request.headers['content-type']).toBe('application/x-sentry-envelope');
    expect(request.headers).not.toHaveProperty('x-sentry-auth');
    expect(receiver.events[0].event_id).toBe(idOf(1));
  });

  it('are dropped for a second, then two, then four, at most a minute, with one line in the log', async () => {
    const time = new FakeTime();
    const receiver = await receiverFor({ respond: () => ({ status: 500 }) });
    const { spotlight, logger } = spotlightFor(`${receiver.url}/stream`, time.now);
    for (const pauseS of [1, 2, 4, 8, 16, 32, 60, 60]) {
      const before = receiver.requests.length;
      spotlight.send(eventEnvelope(1));
      await spotlight.flush(5000);
      expect(receiver.requests).toHaveLength(before + 1);
      time.advance(pauseS * 1000 - 1);
      spotlight.send(eventEnvelope(1));
      await spotlight.flush(5000);
      expect(receiver.requests).toHaveLength(before + 1);
      time.advance(1);
    }
    expect(logger.loud).toHaveLength(1);
    expect(logger.loud[0]).toContain('it answered 500');
  });

  it('begin again with a second after a copy arrived', async () => {
    const time = new FakeTime();
    const receiver = await receiverFor({ respond: () => ({ status: 500 }) });
    const { spotlight } = spotlightFor(`${receiver.url}/stream`, time.now);
    const send = async (): Promise<void> => {
      spotlight.send(eventEnvelope(1));
      await spotlight.flush(5000);
    };
    await send();
    time.advance(1000);
    await send();
    receiver.respondWith();
    time.advance(2000);
    await send();
    receiver.respondWith(() => ({ status: 500 }));
    await send();
    time.advance(1000);
    await send();
    expect(receiver.requests).toHaveLength(5);
  });

  it('cost nothing where nobody listens', async () => {
    const receiver = await receiverFor();
    await receiver.close();
    const { spotlight, logger } = spotlightFor(`${receiver.url}/stream`);
    for (let n = 0; n < 100; n++) spotlight.send(eventEnvelope(n));
    expect(await spotlight.flush(5000)).toBe(true);
    expect(logger.loud).toHaveLength(1);
    expect(logger.loud[0]).toContain('ECONNREFUSED');
  });

  it('do not hold up a shutdown where Spotlight hangs', async () => {
    const receiver = await receiverFor({ respond: () => 'hang' });
    const { spotlight } = spotlightFor(`${receiver.url}/stream`);
    spotlight.send(eventEnvelope(1));
    expect(await spotlight.close(20)).toBe(false);
    spotlight.send(eventEnvelope(2));
    expect(receiver.requests.length).toBeLessThanOrEqual(1);
  });

  it('are skipped for what is no plain data', async () => {
    const receiver = await receiverFor();
    const { spotlight } = spotlightFor(`${receiver.url}/stream`);
    spotlight.send({ headers: {}, items: [null as never] });
    expect(await spotlight.flush(5000)).toBe(true);
    expect(receiver.requests).toHaveLength(0);
  });
});
