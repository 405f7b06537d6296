import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RavenClient, RecordingTransport, type RavenOptions } from 'nestjs-raven';
import { silentLogger } from '../support/silent-logger';

const rejecting = (): Promise<never> => Promise.reject(new Error('nobody waits for this'));

describe('what the app gives and nobody can wait for', () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  beforeEach(() => {
    unhandled.length = 0;
    process.on('unhandledRejection', note);
  });
  afterEach(() => {
    process.off('unhandledRejection', note);
  });

  it.each<[string, RavenOptions, (client: RavenClient) => void]>([
    [
      'a breadcrumb',
      {},
      (client) => client.captureBreadcrumb({ message: 'm', processor: rejecting as never }),
    ],
    ['toJSON', {}, (client) => client.extraContext({ value: { toJSON: rejecting } })],
    ['an event type', {}, (client) => client.capture((() => rejecting()) as never)],
  ])(
    '%s that gives a promise which rejects does not end the process, and the event goes out',
    async (_, options, act) => {
      const transport = new RecordingTransport();
      const client = new RavenClient(
        {
          dsn: 'http://public@localhost/1',
          installProcessHandlers: false,
          includeVersions: false,
          ...options,
          transport,
        },
        { logger: silentLogger, env: {} },
      );
      act(client);
      client.captureMessage('m');
      await client.close();
      // Node tells of unhandled rejections once the microtasks are done.
      await new Promise((resolve) => setImmediate(resolve));
      expect(unhandled).toEqual([]);
      expect(transport.events.at(-1)?.logentry?.message).toBe('m');
    },
  );
});
