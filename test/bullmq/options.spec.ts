import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Redis } from 'ioredis';
import {
  RavenBullTransport,
  RavenForwarder,
  type BullTransportOptions,
  type ForwarderOptions,
} from '../../lib/bullmq';
import { RavenClient } from '../../lib';

const DSN = 'https://public@sentry.example.com/1';
const SECRET = 'open-sesame';

beforeEach(() => {
  vi.stubEnv('REDIS_URL', undefined);
  vi.stubEnv('SENTRY_DSN', undefined);
});
afterEach(() => vi.unstubAllEnvs());

function complaintOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    expect((error as Error).name).toBe('InvalidOptionsError');
    return (error as Error).message;
  }
  return 'none';
}

const QUEUE_COMPLAINTS: [object, string][] = [
  [
    { connection: `http://:${SECRET}@redis:6379` },
    'the option "connection" is a URL of http://; expected one such as redis://:PASSWORD@HOST:6379/0 or rediss://HOST:6380',
  ],
  [
    { connection: `:${SECRET}@redis` },
    'the option "connection" is no URL; expected one such as redis://:PASSWORD@HOST:6379/0 or rediss://HOST:6380',
  ],
  [
    { connection: { url: SECRET } },
    'the option "connection" is no URL; expected one such as redis://:PASSWORD@HOST:6379/0 or rediss://HOST:6380',
  ],
  [
    { connection: 6379 },
    'the option "connection" is 6379; expected a URL such as redis://HOST:6379, options of ioredis or a client of it',
  ],
  [
    { connection: { host: 'redis', keyPrefix: 'app:' } },
    'the option "connection" has a keyPrefix, which BullMQ cannot work with; expected the option "prefix"',
  ],
  [
    { connection: new Redis({ lazyConnect: true, keyPrefix: 'app:' }) },
    'the option "connection" has a keyPrefix, which BullMQ cannot work with; expected the option "prefix"',
  ],
  [
    { connection: { connect() {}, disconnect() {}, duplicate() {}, on() {} } },
    'the option "connection" is a client of another kind; expected one of ioredis',
  ],
  [
    { queueName: 'a:b' },
    'the option "queueName" is "a:b"; expected a name without a colon that is not empty',
  ],
  [{ prefix: '' }, 'the option "prefix" is empty; expected a text that is not empty'],
];

describe('the options of the transport', () => {
  it.each([
    ...QUEUE_COMPLAINTS,
    [{ maxQueuedJobs: 0 }, 'the option "maxQueuedJobs" is 0; expected a whole number from 1'],
    [
      { queue: 'x' },
      'unknown option "queue"; known are connection, maxJobBytes, maxQueuedJobs, prefix, queueName',
    ],
  ])('are refused where they cannot work: %j', (options, complaint) => {
    const given = options as BullTransportOptions;
    expect(complaintOf(() => RavenBullTransport.on(given))).toBe(`RavenBullTransport: ${complaint}`);
    expect(complaint).not.toContain(SECRET);
  });

  it('are refused as a whole where they are none', () => {
    expect(complaintOf(() => RavenBullTransport.on(null as unknown as BullTransportOptions))).toBe(
      'RavenBullTransport: the options are null; expected an object',
    );
  });

  it('stop the app at its start where REDIS_URL is wrong, and say nothing of what it holds', () => {
    vi.stubEnv('REDIS_URL', `redis//:${SECRET}@redis`);
    const complaint = complaintOf(() => new RavenClient({ dsn: DSN, transport: RavenBullTransport }));
    expect(complaint).toBe(
      'RavenBullTransport: the option "connection" is no URL; expected one such as redis://:PASSWORD@HOST:6379/0 or rediss://HOST:6380',
    );
  });

  it('need not be given, and nothing connects before there is something to send', async () => {
    const client = new RavenClient({
      dsn: DSN,
      transport: RavenBullTransport,
      installProcessHandlers: false,
    });
    expect(client.isEnabled()).toBe(true);
    expect(await client.close(0)).toBe(true);
  });
});

describe('the options of the forwarder', () => {
  it.each([
    ...QUEUE_COMPLAINTS,
    [{ dsn: '' }, 'the option "dsn" is empty; expected a DSN such as https://PUBLIC_KEY@HOST/PROJECT_ID'],
    [
      { dsn: `https://${SECRET}@example.com` },
      'the option "dsn" cannot be used: the DSN "https://***@example.com" has no project id; expected https://PUBLIC_KEY@HOST/PROJECT_ID',
    ],
    [{ dsns: [] }, 'the option "dsns" is a list; expected a list of DSNs that is not empty'],
    [
      { dsns: [DSN, 17] },
      'the option "dsns" is 17; expected a DSN such as https://PUBLIC_KEY@HOST/PROJECT_ID',
    ],
    [
      { connection: new Redis({ lazyConnect: true }) },
      'the option "connection" has maxRetriesPerRequest 20; expected null, without which a worker cannot wait for Redis',
    ],
    [{ maxRejections: 1001 }, 'the option "maxRejections" is 1001; expected a whole number from 1 to 1000'],
    [
      { recoverAfterMs: 999 },
      'the option "recoverAfterMs" is 999; expected a whole number from 1000 to 86400000',
    ],
    [{ concurrency: 0 }, 'the option "concurrency" is 0; expected a whole number from 1'],
    [{ protocol: 'udp' }, `the option "protocol" is "udp"; expected 'envelope' or 'store'`],
    [{ logger: {} }, 'the option "logger" is an object; expected a logger with debug, warn and error'],
  ])('are refused where they cannot work: %j', (options, complaint) => {
    const given = { dsn: DSN, ...options } as ForwarderOptions;
    expect(complaintOf(() => new RavenForwarder(given))).toBe(`RavenForwarderModule: ${complaint}`);
    expect(complaint).not.toContain(SECRET);
  });

  it('may have a client that waits for Redis', () => {
    const options = { lazyConnect: true, maxRetriesPerRequest: null };
    const connection = new Redis(options) as unknown as ForwarderOptions['connection'];
    expect(complaintOf(() => new RavenForwarder({ dsn: DSN, connection }))).toBe('none');
  });

  it('need a DSN from somewhere', () => {
    expect(complaintOf(() => new RavenForwarder({}))).toBe(
      'RavenForwarderModule: there is no DSN; expected the option "dsn", "dsns" or the variable SENTRY_DSN',
    );
    vi.stubEnv('SENTRY_DSN', DSN);
    expect(complaintOf(() => new RavenForwarder({}))).toBe('none');
  });
});
