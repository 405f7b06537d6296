import { describe, expect, it } from 'vitest';
import {
  HttpTransport,
  InvalidOptionsError,
  RecordingTransport,
  type RavenOptions,
  type Transport,
} from 'nestjs-raven';
import { newClient } from './support/new-client';

const fail = (): never => {
  throw new Error('no way out');
};
const reject = (): Promise<never> => Promise.reject(new Error('no way out'));
const hang = (): Promise<never> => new Promise(() => undefined);
const resolved = { flush: () => Promise.resolve(true), close: () => Promise.resolve(true) };

describe('a transport', () => {
  it('that throws or rejects while sending does not reach the app, and the log says so', async () => {
    for (const send of [fail, reject as () => void]) {
      const { client, lines } = newClient({ transport: { send, ...resolved } });
      const id = client.captureMessage('m');
      expect(id).not.toBeNull();
      expect(client.lastEventId).toBe(id);
      await client.send({ message: 'm' });
      expect(await client.flush(100)).toBe(true);
      const line = 'error: the transport failed: Error: no way out';
      expect(lines).toEqual([line, line]);
    }
  });

  it('that hangs while sending holds nothing up', async () => {
    const { client } = newClient({ transport: { send: hang as () => void, ...resolved } });
    client.captureMessage('m');
    await client.send({ message: 'm' });
    expect(await client.flush(100)).toBe(true);
  });

  it('that hangs holds no more events than may be in memory; one that ends makes room', async () => {
    const ends: (() => void)[] = [];
    const send = (): Promise<void> => new Promise((resolve) => ends.push(resolve));
    const { client, lines } = newClient({
      transport: { send: send as () => void, ...resolved },
      maxQueueLength: 2,
      stormGuard: { limit: 1 },
    });
    for (let n = 0; n < 4; n++) client.captureMessage(`${'m'.repeat(n + 1)}`);
    expect(client.stats()).toMatchObject({ captured: 4, pending: 2, dropped: { queue_overflow: 2 } });
    expect(lines).toEqual([expect.stringMatching(/^error: the transport failed: .*2 of its sends/)]);
    ends[0]();
    await client.flush(100);
    client.captureMessage('again');
    expect(client.stats()).toMatchObject({
      captured: 5,
      sent: 1,
      pending: 2,
      dropped: { queue_overflow: 2 },
    });
  });

  it.each<[string, Transport['flush']]>([
    ['throws', fail],
    ['rejects', reject],
    ['hangs', hang],
  ])('that %s while it is flushed or closed is left after the time', async (_, end) => {
    const { client } = newClient({ transport: { send: () => undefined, flush: end, close: end } });
    client.captureMessage('m');
    expect(await client.flush(20)).toBe(false);
    expect(await client.close(20)).toBe(false);
    expect(client.isEnabled()).toBe(false);
  });

  it('that was beaten by beforeSend is not blamed on it', () => {
    const { client, lines } = newClient({
      beforeSend: () => undefined,
      transport: { send: fail, ...resolved },
    });
    client.captureMessage('m');
    expect(lines).toEqual(['error: the transport failed: Error: no way out']);
  });

  it("is made of the app's class with what it needs to know", async () => {
    let given: ConstructorParameters<typeof HttpTransport>[0] | undefined;
    class Custom extends RecordingTransport {
      constructor(options: ConstructorParameters<typeof HttpTransport>[0]) {
        super();
        given = options;
      }
    }
    const { client } = newClient({
      transport: Custom,
      dsn: 'https://key@sentry.example.com/7',
      maxQueueLength: 5,
    });
    expect(given).toMatchObject({ dsn: { projectId: '7' }, protocol: 'envelope', maxQueueLength: 5 });
    client.captureMessage('m');
    expect(await client.flush(10)).toBe(true);
  });

  it.each<[string, RavenOptions['transport'], RegExp]>([
    [
      'a class of something else',
      class Mailer {} as never,
      /class Mailer, whose instances have no send, flush/,
    ],
    ['a name', 'threaded' as never, /"transport" is "threaded"; expected a transport/],
    ['an object without close', { send: fail, flush: reject } as never, /"transport" is an object/],
  ])('is refused at start-up where it is %s', (_, transport, message) => {
    expect(() => newClient({ transport })).toThrow(InvalidOptionsError);
    expect(() => newClient({ transport })).toThrow(message);
  });
});

describe('raiseSendErrors', () => {
  const failing = (): Transport => ({ send: reject as () => void, ...resolved });

  it('rejects send, once', async () => {
    const { client, lines } = newClient({ transport: failing(), raiseSendErrors: true });
    await expect(client.send({ message: 'm' })).rejects.toThrow('no way out');
    expect(await client.flush(100)).toBe(true);
    expect(lines).toEqual([]);
  });

  it('rejects the next flush or close after a capture that failed, once', async () => {
    const { client, lines } = newClient({ transport: failing(), raiseSendErrors: true });
    expect(client.captureMessage('m')).not.toBeNull();
    await expect(client.flush(100)).rejects.toThrow('no way out');
    expect(await client.flush(100)).toBe(true);
    client.captureMessage('m');
    await expect(client.close(100)).rejects.toThrow('no way out');
    expect(lines).toEqual([]);
  });

  it('waits no longer for a delivery than the time', async () => {
    const transport = { send: hang as () => void, ...resolved };
    const { client } = newClient({ transport, raiseSendErrors: true });
    client.captureMessage('m');
    expect(await client.flush(20)).toBe(false);
    expect(await client.close(20)).toBe(false);
  });
});
