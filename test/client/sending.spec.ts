import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpTransport, type RavenOptions } from 'nestjs-raven';
import { startReceiver, type Receiver } from '../support/receiver';
import { newClient, type TestClient } from './support/new-client';

describe('a client with a server', () => {
  let server: Receiver;
  beforeEach(async () => {
    server = await startReceiver();
  });
  afterEach(() => server.close());

  function clientOf(options: RavenOptions = {}): TestClient {
    return newClient({ dsn: server.dsn(), transport: undefined, ...options });
  }

  it('sends an event as it stands: without processors, hooks and context', async () => {
    const { client } = clientOf({
      tags: { client: 'yes' },
      release: 'client',
      beforeSend: () => null,
    });
    client.tagsContext({ context: 'yes' });
    await client.send({ message: 'm', extra: { password: 'p' }, tags: { own: 1 }, level: 'info' });
    const [event] = await server.waitForEvents(1);
    expect(event).toMatchObject({
      event_id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      timestamp: expect.any(Number) as number,
      platform: 'node',
      level: 'info',
      logentry: { message: 'm' },
      extra: { password: 'p' },
      tags: { own: '1' },
    });
    expect(event).not.toHaveProperty('release');
  });

  it('sends the id and time that the event has', async () => {
    const { client } = clientOf();
    await client.send({ event_id: 'a'.repeat(32), timestamp: 12.5, platform: 'other' });
    const [envelope] = await server.waitForEnvelopes(1);
    expect(envelope.headers.event_id).toBe('a'.repeat(32));
    expect(envelope.items[0].payload).toMatchObject({
      event_id: 'a'.repeat(32),
      timestamp: 12.5,
      platform: 'other',
    });
  });

  it('puts the trace of an event into the envelope, and the public DSN', async () => {
    const { client } = clientOf({ dsn: server.dsn('1', 's3cret'), release: 'shop@1', environment: 'test' });
    client.captureMessage('m');
    const [{ headers, items }] = await server.waitForEnvelopes(1);
    const { contexts } = items[0].payload as { contexts: { trace: { trace_id: string } } };
    expect(headers.trace).toMatchObject({
      trace_id: contexts.trace.trace_id,
      public_key: 'public',
      release: 'shop@1',
      environment: 'test',
    });
    expect(headers.dsn).toBe(server.dsn());
    expect(JSON.stringify(headers)).not.toContain('s3cret');
  });

  it('gives the events of one piece of work one trace', async () => {
    const { client } = clientOf();
    client.captureMessage('a');
    client.captureMessage('b');
    const [a, b] = await server.waitForEvents(2);
    expect(a.contexts.trace.trace_id).toBe(b.contexts.trace.trace_id);
  });

  it('speaks the old protocol where it is told to', async () => {
    const { client } = clientOf({ protocol: 'store' });
    const id = client.captureMessage('m');
    const [request] = await server.waitForRequests(1);
    expect(request.path).toBe('/api/1/store/');
    expect(request.event).toMatchObject({ event_id: id, logentry: { message: 'm' } });
  });

  it('names the versions of the packages of the app', async () => {
    const { client } = clientOf({ includeVersions: true });
    client.captureMessage('m');
    expect(await client.flush(2000)).toBe(true);
    expect(server.events[0].modules).toMatchObject({
      axios: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
    });
    expect(server.events[0].modules).not.toHaveProperty('vitest');
  });

  it('sends nothing any more once it is closed, and what was captured before arrives', async () => {
    const { client } = clientOf();
    const before = client.captureMessage('before');
    expect(await client.close(2000)).toBe(true);
    expect(client.isEnabled()).toBe(false);
    expect(client.captureMessage('after')).toBeNull();
    expect(client.captureException(new Error('after'))).toBeNull();
    await client.send({ message: 'after' });
    client.captureBreadcrumb({ message: 'after' });
    expect(await client.flush(100)).toBe(true);
    expect(await client.close(100)).toBe(true);
    expect(server.requests.map(({ event }) => event?.event_id)).toEqual([before]);
    expect(client.lastEventId).toBe(before);
  });

  it('rejects send with what the server says where send errors are raised', async () => {
    server.respondWith(() => ({ status: 403, headers: { 'X-Sentry-Error': 'unknown project' } }));
    const { client } = clientOf({ raiseSendErrors: true });
    await expect(client.send({ message: 'm' })).rejects.toThrow('the server answered 403: unknown project');
    expect(client.captureMessage('m')).not.toBeNull();
    await expect(client.flush(2000)).rejects.toThrow('403');
    server.respondWith();
    await client.send({ message: 'm' });
    expect(server.events).toHaveLength(1);
  });

  it('resolves send at once where send errors are not raised, and the log has them', async () => {
    server.respondWith(() => ({ status: 403, headers: { 'X-Sentry-Error': 'unknown project' } }));
    const { client, lines } = clientOf();
    await client.send({ message: 'm' });
    expect(server.requests).toEqual([]);
    expect(await client.flush(2000)).toBe(true);
    expect(lines.join()).toContain('unknown project');
  });

  it('counts in one place what the client and what its transport lose', async () => {
    const transports: HttpTransport[] = [];
    class Known extends HttpTransport {
      constructor(options: ConstructorParameters<typeof HttpTransport>[0]) {
        super(options);
        transports.push(this);
      }
    }
    server.respondWith(() => ({ status: 400 }));
    const { client } = clientOf({ transport: Known });
    client.captureMessage('sampled', { sampleRate: 0 });
    client.captureMessage('refused');
    await client.flush(2000);
    expect(transports[0].discards.take()?.discarded_events).toEqual([
      { reason: 'sample_rate', category: 'error', quantity: 1 },
      { reason: 'send_error', category: 'error', quantity: 1 },
    ]);
  });

  describe('and Spotlight', () => {
    let spotlight: Receiver;
    beforeEach(async () => {
      spotlight = await startReceiver();
    });
    afterEach(() => spotlight.close());

    it('copies every event to it, also those that sampling keeps from the server', async () => {
      const { client } = clientOf({ spotlight: `${spotlight.url}/stream` });
      const sent = client.captureMessage('sent');
      const sampledOut = client.captureMessage('sampled out', { sampleRate: 0 });
      const ids = (events: { event_id: string }[]): string[] => events.map((event) => event.event_id);
      expect(ids(await spotlight.waitForEvents(2)).sort()).toEqual([sent, sampledOut].sort());
      await client.flush(2000);
      expect(ids(server.events)).toEqual([sent]);
      expect(spotlight.requests[0]).toMatchObject({ path: '/stream' });
      expect(spotlight.requests[0].headers).not.toHaveProperty('x-sentry-auth');
    });

    it('works with it alone, without a DSN', async () => {
      const { client } = clientOf({ dsn: undefined, spotlight: `${spotlight.url}/stream` });
      expect(client.isEnabled()).toBe(true);
      expect(client.getPublicDsn()).toBeNull();
      const id = client.captureMessage('m');
      const [event] = await spotlight.waitForEvents(1);
      expect(event.event_id).toBe(id);
      expect(await client.flush(1000)).toBe(true);
    });

    it('delivers all the same where it is dead or broken', async () => {
      await spotlight.close();
      const { client, lines } = clientOf({ spotlight: `${spotlight.url}/stream` });
      client.captureMessage('first');
      expect(await client.flush(2000)).toBe(true);
      client.captureMessage('second');
      expect(await client.flush(2000)).toBe(true);
      expect(server.events.map(({ logentry }) => logentry.message)).toEqual(['first', 'second']);
      expect(lines.filter((line) => line.includes('Spotlight'))).toHaveLength(1);
    });

    it('does not wait for one that hangs longer than the time', async () => {
      spotlight.respondWith(() => 'hang');
      const { client } = clientOf({ spotlight: `${spotlight.url}/stream` });
      client.captureMessage('m');
      await server.waitForEvents(1);
      expect(await client.close(50)).toBe(true);
    });
  });
});

describe('a client that is switched off', () => {
  it.each<[string, RavenOptions]>([
    ['has no DSN', { dsn: undefined }],
    ['has an empty DSN', { dsn: ' ' }],
    ['is not enabled', { enabled: false }],
    ['is not enabled, though there is Spotlight', { enabled: false, spotlight: true }],
  ])('where it %s says so once, and everything can be called', async (_, options) => {
    const { client, transport, lines } = newClient(options);
    expect(client.isEnabled()).toBe(false);
    expect(client.capture('Message', { message: 'm' })).toBeNull();
    expect(client.captureMessage('m')).toBeNull();
    expect(client.captureException(new Error('e'))).toBeNull();
    expect(client.captureQuery('q')).toBeNull();
    client.captureBreadcrumb({ message: 'm' });
    await client.send({ message: 'm' });
    client.transaction.push('t');
    client.userContext({ id: 1 });
    expect(client.context.get()).toEqual({ user: { id: 1 } });
    expect(client.context.run(() => 7)).toBe(7);
    expect(client.getPublicDsn()).toBeNull();
    expect(client.lastEventId).toBeNull();
    expect(await client.flush(10)).toBe(true);
    expect(await client.close(10)).toBe(true);
    expect(transport.envelopes).toEqual([]);
    expect(lines).toEqual([expect.stringMatching(/^log: .*nothing is reported$/) as string]);
  });
});

describe('the public DSN', () => {
  it('has no secret, and the scheme that is asked for', () => {
    const { client } = newClient({ dsn: 'https://public:s3cret@sentry.example.com:9000/base/7' });
    expect(client.getPublicDsn()).toBe('//public@sentry.example.com:9000/base/7');
    expect(client.getPublicDsn('https')).toBe('https://public@sentry.example.com:9000/base/7');
  });
});

describe('two clients in one process', () => {
  it('do not see each other', async () => {
    const first = newClient({ tags: { client: 'first' }, ignoreExceptions: [TypeError] });
    const second = newClient({ tags: { client: 'second' } });
    first.client.userContext({ id: 1 });
    first.client.transaction.push('first');
    first.client.captureBreadcrumb({ message: 'first' });
    const error = new TypeError('e');
    expect(first.client.captureException(error)).toBeNull();
    expect(second.client.captureException(error)).not.toBeNull();
    expect(second.event()).toMatchObject({ tags: { client: 'second' } });
    for (const part of ['user', 'breadcrumbs', 'transaction']) {
      expect(second.event()).not.toHaveProperty(part);
    }
    expect(first.transport.events).toEqual([]);
    expect(first.client.lastEventId).toBeNull();
    const shared = new Error('shared');
    expect(first.client.captureException(shared)).not.toBeNull();
    expect(second.client.captureException(shared)).not.toBeNull();
    await first.client.close(0);
    expect(second.client.captureMessage('still here')).not.toBeNull();
  });

  it('have scopes of their own inside each other', () => {
    const first = newClient();
    const second = newClient();
    first.client.context.run(() => {
      first.client.tagsContext({ inside: 1 });
      second.client.context.run(() => {
        second.client.tagsContext({ deeper: 1 });
        first.client.captureMessage('m');
        second.client.captureMessage('m');
      });
    });
    expect(first.event().tags).toEqual({ inside: '1' });
    expect(second.event().tags).toEqual({ deeper: '1' });
  });
});
