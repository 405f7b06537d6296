import { describe, expect, it, vi } from 'vitest';
import { RavenClient, type Feedback, type RavenEvent } from 'nestjs-raven';
import { startReceiver } from '../support/receiver';
import { recordingLogger } from '../support/silent-logger';
import { newClient, type TestClient } from './support/new-client';

/** The only feedback that was sent. */
function feedbackOf({ transport }: TestClient): RavenEvent {
  const items = transport.envelopes
    .flatMap(({ items }) => items)
    .filter(({ headers }) => headers.type === 'feedback');
  expect(items).toHaveLength(1);
  return items[0].payload as RavenEvent;
}

describe('captureFeedback', () => {
  it('sends what a user says, of the newest event, with what is known of the user', () => {
    const test = newClient({ tags: { shop: 'main' } });
    test.client.userContext({ id: 17 });
    const eventId = test.client.captureException(new Error('e'));
    const id = test.client.captureFeedback({
      message: ' it broke ',
      email: 'ada@example.com',
      name: 'Ada',
      url: 'https://shop.example.com/cart',
    });
    const feedback = feedbackOf(test);
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(feedback).toMatchObject({
      event_id: id,
      level: 'info',
      tags: { shop: 'main' },
      user: { id: '17' },
    });
    expect(feedback.contexts?.feedback).toEqual({
      message: 'it broke',
      contact_email: 'ada@example.com',
      name: 'Ada',
      url: 'https://shop.example.com/cart',
      associated_event_id: eventId,
    });
    expect(feedback.contexts?.trace).toBeDefined();
    expect(test.transport.envelopes[1].headers.event_id).toBe(id);
    expect(test.client.lastEventId).toBe(eventId);
  });

  it('may be of another event, also with a UUID as its id, or of none', () => {
    const test = newClient();
    test.client.captureFeedback({ message: 'm', eventId: '2F1C8B54-0D7A-4C0E-9C5C-0A3F3B1D2E4F' });
    expect(feedbackOf(test).contexts?.feedback.associated_event_id).toBe('2f1c8b540d7a4c0e9c5c0a3f3b1d2e4f');
    const other = newClient();
    other.client.captureFeedback({ message: 'm', eventId: 'nonsense' });
    expect(feedbackOf(other).contexts?.feedback).toEqual({ message: 'm' });
  });

  it('is neither sampled nor shown to beforeSend, but what is secret in it is masked', () => {
    const beforeSend = vi.fn();
    const test = newClient({ sampleRate: 0, beforeSend });
    test.client.captureFeedback({ message: 'my login: https://ada:hunter2@shop.example.com' });
    expect(feedbackOf(test).contexts?.feedback.message).not.toContain('hunter2');
    expect(beforeSend).not.toHaveBeenCalled();
  });

  it('has attachments, and at most 4096 characters', async () => {
    const test = newClient();
    test.client.captureFeedback({
      message: 'ü'.repeat(5000),
      attachments: [{ filename: 'screen.png', data: () => Promise.resolve(Buffer.from([137, 80])) }],
    });
    await test.client.flush();
    expect(feedbackOf(test).contexts?.feedback.message).toHaveLength(4096);
    expect(test.transport.envelopes[0].items[1].payload).toEqual(Buffer.from([137, 80]));
  });

  it.each([[{}], [{ message: '' }], [{ message: '  ' }], [{ message: 17 }], [null], ['text']])(
    'refuses what has no message: %j',
    (given) => {
      const { client, transport, lines } = newClient();
      expect(client.captureFeedback(given as unknown as Feedback)).toBeNull();
      expect(transport.envelopes).toEqual([]);
      expect(lines).toEqual(['warn: feedback is not sent: it has no message']);
      expect(client.stats().captured).toBe(0);
    },
  );

  it("says that '/store/' has no place for it, and where a client is disabled says nothing", () => {
    const { client, lines } = newClient({ protocol: 'store' });
    expect(client.captureFeedback({ message: 'm' })).toBeNull();
    expect(lines).toEqual(["warn: feedback is not sent: the protocol 'store' has no place for it"]);
    const disabled = newClient({ enabled: false });
    expect(disabled.client.captureFeedback({ message: 'm' })).toBeNull();
  });

  it('arrives, counted like an event; a server that limits feedback gets none', async () => {
    const receiver = await startReceiver();
    const client = new RavenClient(
      {
        dsn: receiver.dsn(),
        installProcessHandlers: false,
        sendClientReports: false,
        shutdownTimeoutMs: 15_000,
      },
      { logger: recordingLogger(), env: {} },
    );
    receiver.respondWith(() => ({ headers: { 'X-Sentry-Rate-Limits': '60:feedback:key' } }));
    client.captureFeedback({ message: 'first' });
    await client.flush();
    client.captureFeedback({ message: 'second' });
    client.captureMessage('an event');
    await client.flush();
    expect(receiver.envelopes.map(({ items }) => items[0].headers.type)).toEqual(['feedback', 'event']);
    expect(client.stats()).toMatchObject({ captured: 3, sent: 2, dropped: { ratelimit_backoff: 1 } });
    await client.close();
    await receiver.close();
  });
});
