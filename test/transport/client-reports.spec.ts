import { describe, expect, it } from 'vitest';
import type { ReceivedEnvelope, Receiver } from '../support/receiver';
import { eventEnvelope, sessionEnvelope } from './support/envelopes';
import { FakeTime } from './support/fake-time';
import { receiverFor, transportFor } from './support/setup';

type Discarded = { reason: string; category: string; quantity: number };

function reportsOf(envelopes: ReceivedEnvelope[]): Discarded[][] {
  return envelopes
    .flatMap(({ items }) => items)
    .filter(({ headers }) => headers.type === 'client_report')
    .map(({ payload }) => (payload as { discarded_events: Discarded[] }).discarded_events);
}

const LOST = { reason: 'sample_rate', category: 'error', quantity: 1 };

describe('what was lost', () => {
  it('is reported along with the next event, once', async () => {
    const receiver = await receiverFor();
    const { transport } = transportFor(receiver.dsn());
    transport.account.droppedEvent('sample_rate');
    transport.send(eventEnvelope(1));
    transport.send(eventEnvelope(2));
    await receiver.waitForEvents(2);
    expect(reportsOf(receiver.envelopes)).toEqual([[LOST]]);
    expect(receiver.envelopes[0].items.map(({ headers }) => headers.type)).toEqual([
      'event',
      'client_report',
    ]);
  });

  it('is reported alone after a minute in which nothing else was sent', async () => {
    const receiver = await receiverFor();
    const time = new FakeTime();
    const { transport } = transportFor(receiver.dsn(), {}, time);
    transport.account.droppedEvent('sample_rate');
    time.advance(59_999);
    expect(receiver.requests).toHaveLength(0);
    time.advance(1);
    expect(reportsOf(await receiver.waitForEnvelopes(1))).toEqual([[LOST]]);
    time.advance(120_000);
    await transport.close(0);
    expect(receiver.requests).toHaveLength(1);
  });

  it('is reported when the transport closes', async () => {
    const receiver = await receiverFor();
    const { transport } = transportFor(receiver.dsn());
    transport.account.droppedEvent('sample_rate');
    expect(await transport.close(5000)).toBe(true);
    expect(reportsOf(receiver.envelopes)).toEqual([[LOST]]);
  });

  it('is reported again where the report surely did not arrive', async () => {
    const receiver = await receiverFor({ respond: () => ({ status: 503 }) });
    const { transport, logger } = transportFor(receiver.dsn(), { random: () => 0.01 });
    transport.account.droppedEvent('sample_rate');
    transport.send(eventEnvelope(1));
    await logger.waitFor(/cannot deliver/);
    receiver.respondWith();
    await receiver.waitForEvents(1);
    expect(reportsOf(receiver.envelopes)).toEqual([[LOST]]);
  });

  it('is not reported again where the report may have arrived', async () => {
    const receiver = await receiverFor({ respond: () => 'reset' });
    const { transport, logger } = transportFor(receiver.dsn(), { random: () => 0.01 });
    transport.account.droppedEvent('sample_rate');
    transport.send(eventEnvelope(1));
    await logger.waitFor(/cannot deliver/);
    receiver.respondWith();
    await receiver.waitForEvents(1);
    expect(reportsOf(receiver.envelopes)).toEqual([]);
  });

  it('names each reason and category with its number', async () => {
    const receiver = await receiverFor({ respond: () => ({ status: 413 }) });
    const { transport } = transportFor(receiver.dsn());
    for (let n = 0; n < 3; n++) transport.send(eventEnvelope(n));
    transport.send(sessionEnvelope());
    await transport.flush(5000);
    receiver.respondWith();
    await transport.close(5000);
    expect(reportsOf(receiver.envelopes)).toEqual([
      [
        { reason: 'send_error', category: 'error', quantity: 3 },
        { reason: 'send_error', category: 'session', quantity: 1 },
      ],
    ]);
  });

  it('is not reported where the server counts it by itself', async () => {
    const receiver = await receiverFor({
      respond: () => ({ status: 429, headers: { 'X-Sentry-Rate-Limits': '60:error:key' } }),
    });
    const { transport } = transportFor(receiver.dsn());
    transport.send(eventEnvelope(1));
    await transport.flush(5000);
    receiver.respondWith();
    await transport.close(5000);
    expect(reportsOf(receiver.envelopes)).toEqual([]);
    expect(transport.account.counts().dropped).toEqual({ rate_limited: 1 });
  });

  it('is reported where a limit kept it back, unless the limit is on everything', async () => {
    const answerWith = async (limit: string): Promise<Receiver> => {
      const receiver = await receiverFor({
        respond: () => ({ status: 429, headers: { 'X-Sentry-Rate-Limits': limit } }),
      });
      const { transport } = transportFor(receiver.dsn());
      transport.send(eventEnvelope(1));
      await transport.flush(5000);
      receiver.respondWith();
      transport.send(eventEnvelope(2));
      await transport.close(5000);
      expect(transport.account.counts().dropped).toEqual({ rate_limited: 1, ratelimit_backoff: 1 });
      return receiver;
    };
    const { envelopes } = await answerWith('60:error:key');
    expect(reportsOf(envelopes)).toEqual([[{ reason: 'ratelimit_backoff', category: 'error', quantity: 1 }]]);
    expect((await answerWith('60::key')).requests).toHaveLength(1);
  });

  it.each([{ sendClientReports: false }, { protocol: 'store' } as const])(
    'is not reported with %o',
    async (options) => {
      const receiver = await receiverFor();
      const { transport } = transportFor(receiver.dsn(), options);
      transport.account.droppedEvent('sample_rate');
      transport.send(eventEnvelope(1));
      await transport.close(5000);
      expect(receiver.requests).toHaveLength(1);
      expect(reportsOf(receiver.envelopes)).toEqual([]);
      expect(transport.account.counts().dropped).toEqual({ sample_rate: 1 });
    },
  );
});
