import type { ConnectionOptions } from 'bullmq';
import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { THIS_FILE } from '../this-file';
import { InvalidOptionsError } from '../validate-options';
import { hasMethods } from '../value-kinds';
import type { Queueing } from './queue.options';

/** What is used of an ioredis client. */
export interface RedisClient extends EventEmitter {
  /** `wait` before it was told to connect; `ready`; `end` after the last connection. */
  readonly status: string;
  /** The connection, once there is one. */
  readonly stream?: Socket;
  connect(): Promise<void>;
  disconnect(): void;
  ping(): Promise<unknown>;
  eval(script: string, keyCount: number, ...keysAndArguments: (string | number)[]): Promise<unknown>;
}

type RedisClass = new (...given: unknown[]) => RedisClient;

/** A client as BullMQ takes it: it looks for methods, and its own copy of ioredis may be another than types say. */
export function asConnection(client: RedisClient): ConnectionOptions {
  return client as unknown as ConnectionOptions;
}

/** The app's own client, where it gave one. */
export function givenClient(connection: Queueing['connection']): RedisClient | undefined {
  return hasMethods(connection, ['connect', 'disconnect', 'duplicate'])
    ? (connection as unknown as RedisClient)
    : undefined;
}

/**
 * Makes a client of our own.
 *
 * @param overrides - options of ioredis that win over the app's
 */
export function makeClient(
  connection: Queueing['connection'],
  overrides: Record<string, unknown>,
): RedisClient {
  const Redis = loadIoredis();
  if (typeof connection === 'string') return new Redis(connection, overrides);
  const { url, ...options } = connection as { url?: string };
  return url === undefined
    ? new Redis({ ...options, ...overrides })
    : new Redis(url, { ...options, ...overrides });
}

/** What must not get into any log. */
export function secretsOf(connection: Queueing['connection']): string[] {
  if (givenClient(connection)) return secretsOf((connection as { options?: object }).options ?? {});
  const options = typeof connection === 'string' ? { url: connection } : (connection as object);
  const { url, password, sentinelPassword } = options as Record<string, unknown>;
  const inUrl = typeof url === 'string' && URL.canParse(url) ? new URL(url).password : '';
  return [password, sentinelPassword, inUrl, unescaped(inUrl)].filter(
    (secret): secret is string => typeof secret === 'string' && secret !== '',
  );
}

/** Where the queue is, for a log: no password, no user. */
export function describeQueue({ connection, queueName }: Queueing): string {
  const options = typeof connection === 'string' ? { url: connection } : (connection as object);
  const { url, host = 'localhost', port = 6379, path, sentinels } = options as Record<string, unknown>;
  const queue = `the queue ${queueName}`;
  if (givenClient(connection)) return queue;
  if (typeof url === 'string') return `${queue} at ${new URL(url).host}`;
  if (typeof path === 'string') return `${queue} at ${path}`;
  return sentinels === undefined ? `${queue} at ${String(host)}:${String(port)}` : queue;
}

/** BullMQ's own copy of ioredis; BullMQ 6 leaves it to the app to have one. */
function loadIoredis(): RedisClass {
  try {
    const bullmq = createRequire(THIS_FILE).resolve('bullmq');
    const ioredis = createRequire(bullmq)('ioredis') as { Redis?: RedisClass; default?: RedisClass };
    return ioredis.Redis ?? ioredis.default ?? (ioredis as RedisClass);
  } catch {
    throw new InvalidOptionsError(
      'nestjs-raven/bullmq: ioredis, which BullMQ reaches Redis with, is not installed; expected `npm install ioredis`, or a client of yours as the option "connection"',
    );
  }
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
